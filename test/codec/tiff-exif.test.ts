/** EXIF taken out of TIFF files and put into others, in either byte order. */
import { describe, expect, it } from "vitest";
import { exifFor } from "../../src/codec/exif";
import { exifOfTiff, withExifInTiff } from "../../src/codec/tiff-exif";
import { readTiffFile } from "../../src/codec/tiff-file";

type Entry = readonly [tag: number, type: number, count: number, value: number];

/** A TIFF block: its directories one after another, the first at 8, and then `data`. `at(i)` is where directory i begins, `at(n)` the data. */
function block(
  little: boolean,
  directories: (at: (i: number) => number) => readonly (readonly Entry[])[],
  data: number[],
): Uint8Array {
  const lengths = directories(() => 0).map((entries) => 6 + 12 * entries.length);
  const at = (i: number) => 8 + lengths.slice(0, i).reduce((sum, length) => sum + length, 0);
  const bytes = new Uint8Array(at(lengths.length) + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  directories(at).forEach((entries, i) => {
    view.setUint16(at(i), entries.length, little);
    entries.forEach(([tag, type, count, value], k) => {
      const place = at(i) + 2 + 12 * k;
      view.setUint16(place, tag, little);
      view.setUint16(place + 2, type, little);
      view.setUint32(place + 4, count, little);
      if (type === 3 && count === 1) view.setUint16(place + 8, value, little);
      else view.setUint32(place + 8, value, little);
    });
  });
  bytes.set(data, at(lengths.length));
  return bytes;
}

const [ASCII, SHORT, LONG, RATIONAL] = [2, 3, 4, 5];
const MAKE = [..."Acme\0\0"].map((letter) => letter.charCodeAt(0));
const third = (little: boolean) => (little ? [1, 0, 0, 0, 3, 0, 0, 0] : [0, 0, 0, 1, 0, 0, 0, 3]);

/** Make, orientation 6, a time of exposure of 1/3 s, a latitude's reference. */
const photo = (little: boolean) =>
  block(
    little,
    (at) => [
      [
        [0x010f, ASCII, 5, at(3)],
        [0x0112, SHORT, 1, 6],
        [0x8769, LONG, 1, at(1)],
        [0x8825, LONG, 1, at(2)],
      ],
      [
        [0x829a, RATIONAL, 1, at(3) + 6],
        [0xa002, SHORT, 1, 10],
      ],
      [[0x0001, ASCII, 2, little ? 0x4e : 0x4e000000]],
    ],
    [...MAKE, ...third(little)],
  );

/** A grey picture of 2 × 1 pixels, stored at 8. */
const picture = (little: boolean) =>
  block(
    little,
    (at) => [
      [
        [256, LONG, 1, 2],
        [257, LONG, 1, 1],
        [258, SHORT, 1, 8],
        [262, SHORT, 1, 1],
        [273, LONG, 1, at(1)],
        [277, SHORT, 1, 1],
        [279, LONG, 1, 2],
      ],
    ],
    [7, 9],
  );

describe.each([
  ["little", "little"],
  ["little", "big"],
  ["big", "little"],
  ["big", "big"],
])("EXIF in a TIFF of %s ends, of a block of %s ends", (file, given) => {
  const [little, from] = [file === "little", given === "little"];
  const made = withExifInTiff(picture(little), exifFor(photo(from), { width: 2, height: 1 }, "maker")!);

  it("leaves the picture as it is, which stays upright", () => {
    expect(readTiffFile(made, "a.tif")).toMatchObject({ width: 2, height: 1, bits: 8, orientation: 1, little });
    expect([...made.subarray(readTiffFile(made, "a.tif").numbers(273)![0]).subarray(0, 2)]).toEqual([7, 9]);
  });

  it("is the block's again, number by number", () => {
    const found = exifOfTiff(made)!;
    const [make, software, exif, gps] = valuesOf(found, 8 + lengthBefore(found), [0x010f, 0x0131, 0x8769, 0x8825]);
    expect([text(make!), text(software!)]).toEqual(["Acme\0", "maker\0"]);
    const view = new DataView(found.buffer);
    const [time, width] = valuesOf(found, view.getUint32(exif!.at, little), [0x829a, 0xa002]);
    expect([view.getUint32(time!.start, little), view.getUint32(time!.start + 4, little)]).toEqual([1, 3]);
    expect(view.getUint32(width!.at, little)).toBe(2);
    const [latitude] = valuesOf(found, view.getUint32(gps!.at, little), [1]);
    expect(found[latitude!.at]).toBe(0x4e);
  });

  /** The first directory is behind what it points at. */
  function lengthBefore(bytes: Uint8Array): number {
    return new DataView(bytes.buffer).getUint32(4, little) - 8;
  }

  function valuesOf(bytes: Uint8Array, at: number, tags: readonly number[]) {
    const view = new DataView(bytes.buffer);
    return tags.map((tag) => {
      for (let place = at + 2; place < at + 2 + 12 * view.getUint16(at, little); place += 12)
        if (view.getUint16(place, little) === tag) {
          const count = view.getUint32(place + 4, little);
          return { bytes, count, at: place + 8, start: view.getUint32(place + 8, little) };
        }
      return undefined;
    });
  }

  function text({ bytes, count, at, start }: { bytes: Uint8Array; count: number; at: number; start: number }): string {
    const from = count <= 4 ? at : start;
    return String.fromCharCode(...bytes.subarray(from, from + count));
  }
});

it("EXIF of a TIFF is none where it says nothing of its picture, and a file that is no TIFF stays as it is", () => {
  expect(exifOfTiff(picture(true))).toBeUndefined();
  expect(exifOfTiff(Uint8Array.of(1, 2, 3))).toBeUndefined();
  const other = Uint8Array.of(1, 2, 3);
  expect(withExifInTiff(other, photo(true))).toBe(other);
  const plain = picture(false);
  expect(withExifInTiff(plain, plain)).toBe(plain);
});
