import { describe, expect, it } from "vitest";
import { exifOrientation, takeWebpOrientation, upright } from "../../src/codec/orientation";
import { fixture } from "../fixture";

const exif = (order: "II" | "MM", value: number) => {
  const bytes = new Uint8Array(26);
  const view = new DataView(bytes.buffer);
  const little = order === "II";
  bytes.set([order.charCodeAt(0), order.charCodeAt(0)]);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 1, little);
  view.setUint16(10, 0x0112, little);
  view.setUint16(12, 3, little);
  view.setUint32(14, 1, little);
  view.setUint16(18, value, little);
  return bytes;
};

describe("EXIF orientation", () => {
  it("is read in either byte order and is 1 where there is none", () => {
    for (let value = 1; value <= 8; value++)
      for (const order of ["II", "MM"] as const) expect(exifOrientation(exif(order, value))).toBe(value);
    expect(exifOrientation(exif("II", 9))).toBe(1);
    expect(exifOrientation(exif("II", 0))).toBe(1);
    for (let length = 0; length < 22; length++) expect(exifOrientation(exif("MM", 6).slice(0, length))).toBe(1);
  });

  /** Stored 3 × 2 as abc / def. */
  it.each([
    [1, "abc/def"],
    [2, "cba/fed"],
    [3, "fed/cba"],
    [4, "def/abc"],
    [5, "ad/be/cf"],
    [6, "da/eb/fc"],
    [7, "fc/eb/da"],
    [8, "cf/be/ad"],
  ])("%i turns abc/def into %s, opacity with it", (orientation, expected) => {
    const letters = [..."abcdef"].map((letter) => letter.charCodeAt(0));
    const stored = {
      width: 3,
      height: 2,
      bits: 8,
      rgb: Uint8Array.from(letters.flatMap((v) => [v, v, v])),
      alpha: Uint8Array.from(letters),
    } as const;
    const { width, height, rgb, alpha } = upright(stored, orientation);
    const rows = Array.from({ length: height }, (_, y) => String.fromCharCode(...alpha!.subarray(y * width, (y + 1) * width)));
    expect(rows.join("/")).toBe(expected);
    expect([...rgb].filter((_, i) => i % 3 === 2)).toEqual([...alpha!]);
  });

  it("is taken out of a WebP", async () => {
    const file = await fixture("picture-orientation-6.webp");
    const taken = takeWebpOrientation(file);
    expect(taken.orientation).toBe(6);
    expect(taken.webp.length).toBe(file.length);
    expect(takeWebpOrientation(taken.webp).orientation).toBe(1);
  });
});
