/** EXIF data: a TIFF header and directories, whose offsets, types and counts may lead anywhere. */
import fc from "fast-check";
import { exifOrientation } from "../../src/codec/orientation";
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
