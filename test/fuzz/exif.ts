/** EXIF data: a TIFF header and directories, whose offsets, types and counts may lead anywhere. */
import fc from "fast-check";
import { exifFor } from "../../src/codec/exif";
import { exifOrientation } from "../../src/codec/orientation";
import { exifOfTiff, withExifInTiff } from "../../src/codec/tiff-exif";
import { readTiffFile } from "../../src/codec/tiff-file";
import { holds, type Kind } from "./kind";
import { mutated } from "./mutate";

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: number;
}

/** A TIFF file of one directory, at byte `start`. */
export function tiffOf(entries: readonly Entry[], little: boolean, start: number, rest: Uint8Array, next = 0): Uint8Array {
  const bytes = new Uint8Array(Math.max(8, start) + 6 + 12 * entries.length + rest.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, start, little);
  view.setUint16(start, entries.length, little);
  entries.forEach(({ tag, type, count, value }, i) => {
    const at = start + 2 + 12 * i;
    view.setUint16(at, tag, little);
    view.setUint16(at + 2, type, little);
    view.setUint32(at + 4, count, little);
    if (type === 3 && count === 1) view.setUint16(at + 8, value, little);
    else view.setUint32(at + 8, value, little);
  });
  view.setUint32(start + 2 + 12 * entries.length, next, little);
  bytes.set(rest, start + 6 + 12 * entries.length);
  return bytes;
}

const entry: fc.Arbitrary<Entry> = fc.record({
  tag: fc.oneof(fc.constantFrom(0x0112, 0x0112, 0x0100, 0x8769, 0x8825), fc.nat(0xffff)),
  type: fc.oneof(fc.constant(3), fc.nat(13)),
  count: fc.oneof(fc.constant(1), fc.nat(0xffffffff)),
  value: fc.oneof(fc.nat(9), fc.nat(0xffffffff)),
});

const made = fc
  .tuple(fc.array(entry, { maxLength: 6 }), fc.boolean(), fc.integer({ min: 8, max: 40 }), fc.uint8Array({ maxLength: 40 }))
  .map(([entries, little, start, rest]) => tiffOf(entries, little, start, rest));

const upright = { tag: 0x0112, type: 3, count: 1, value: 6 };
const originals = [true, false].map((little) => tiffOf([upright], little, 8, new Uint8Array()));

export const exif: fc.Arbitrary<Uint8Array> = fc.oneof(made, mutated(originals));

export const exifData: Kind<Uint8Array> = {
  name: "exif",
  ending: "exif",
  inputs: exif,
  check(bytes) {
    const orientation = exifOrientation(bytes);
    holds(Number.isInteger(orientation) && orientation >= 1 && orientation <= 8, `the orientation is ${orientation}`);
  },
};

/** Directories that point at each other and describe a picture. */
const described: fc.Arbitrary<Entry> = fc.record({
  tag: fc.constantFrom(
    0x010f,
    0x0131,
    0x8298,
    0x8769,
    0x8825,
    0x0112,
    0x0100,
    0x9286,
    0x927c,
    0xa001,
    0xa002,
    0xa005,
    0x0201,
    0x0202,
  ),
  type: fc.oneof(fc.constantFrom(2, 3, 4, 5, 7), fc.nat(15)),
  count: fc.oneof(fc.nat(20), fc.nat(0xffffffff)),
  value: fc.oneof(fc.nat(200), fc.nat(0xffffffff)),
});
const describing = fc
  .tuple(
    fc.array(described, { maxLength: 8 }),
    fc.array(described, { maxLength: 4 }),
    fc.boolean(),
    fc.oneof(fc.constant(0), fc.nat(300)),
    fc.uint8Array({ maxLength: 100 }),
  )
  .map(([first, inner, little, next, rest]) => {
    const second = tiffOf(inner, little, 8, new Uint8Array()).subarray(8);
    const at = 8 + 6 + 12 * first.length;
    const led = first.map((entry) =>
      entry.tag === 0x8769 && entry.value > 100 ? { ...entry, type: 4, count: 1, value: at } : entry,
    );
    return tiffOf(led, little, 8, Uint8Array.from([...second, ...rest]), next);
  });

const PICTURE = [256, 257, 258, 259, 262, 273, 277, 278, 279].map((tag, i) => ({
  tag,
  type: 4,
  count: 1,
  value: [2, 1, 8, 1, 1, 8, 1, 1, 2][i]!,
}));
const SIZE = { width: 64, height: 48 };
/** More than that no copy grows by: two directories of 65,535 entries, and the software. */
const MOST_ADDED = 2 * 12 * 65_536 + 200;

export const exifCopied: Kind<Uint8Array> = {
  name: "exif copied",
  ending: "exif",
  inputs: fc.oneof(describing, exif, mutated([tiffOf(PICTURE, true, 10, new Uint8Array())])),
  check(bytes) {
    const copied = exifFor(bytes, SIZE, "software");
    holds(!copied || copied.length <= bytes.length + MOST_ADDED, `of ${bytes.length} bytes there are ${copied?.length}`);
    holds(!copied || exifOrientation(copied) === 1, "the copy is turned");
    const block = exifOfTiff(bytes);
    holds(!block || exifFor(block, SIZE) !== undefined, "what a TIFF says is no EXIF");
    for (const little of [true, false])
      for (const said of [copied, block, bytes]) {
        const file = withExifInTiff(tiffOf(PICTURE, little, 10, new Uint8Array()), said ?? new Uint8Array());
        const { width, height, orientation } = readTiffFile(file, "made.tif");
        holds(width === 2 && height === 1 && orientation === 1, "the TIFF is another picture");
        if (block && said === block) holds(exifOfTiff(file) !== undefined, "the TIFF says nothing");
      }
    if (!copied && !block) throw new Error("there is no EXIF in it"); // for the count of what was read
  },
};
