/** ICC profiles: tags that overlap, curves of odd lengths, gammas and matrices of any number. */
import fc from "fast-check";
import { convertToSrgb, isSrgb } from "../../src/codec/colour";
import { readProfile } from "../../src/codec/icc";
import { inflateAtMost } from "../../src/codec/inflate";
import { chunks } from "../../src/codec/png-chunk";
import type { Picture } from "../../src/types";
import { holds, type Kind } from "./kind";
import { mutated } from "./mutate";
import { validPicture } from "./picture";
import { samples } from "./samples";

const originals = samples(".png").flatMap((png) => {
  const found = [...chunks(png)].find(({ type }) => type === "iCCP");
  const icc = found && inflateAtMost(found.data.subarray(found.data.indexOf(0) + 2), 2 ** 20).whole;
  return icc ? [icc] : [];
});

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const curve = fc.oneof(
  fc.tuple(fc.constant("curv"), fc.oneof(fc.nat(8), fc.nat(0xffffffff)), fc.uint8Array({ maxLength: 24 })),
  fc.tuple(
    fc.constant("para"),
    fc.nat(5).map((kind) => kind * 2 ** 16),
    fc.uint8Array({ maxLength: 28 }),
  ),
  fc.tuple(fc.constantFrom("XYZ ", "mft2", "    "), fc.constant(0), fc.uint8Array({ maxLength: 24 })),
);

/** A profile of these tags, one after another. */
const made = fc
  .record({
    space: fc.constantFrom("RGB ", "GRAY", "CMYK"),
    pcs: fc.constantFrom("XYZ ", "Lab "),
    tags: fc.array(
      fc.tuple(fc.constantFrom("rTRC", "gTRC", "bTRC", "kTRC", "rXYZ", "gXYZ", "bXYZ", "wtpt", "A2B0", "D2B0", "chad"), curve),
      { maxLength: 12 },
    ),
    count: fc.option(fc.nat(0xffffffff), { nil: undefined, freq: 6 }),
  })
  .map(({ space, pcs, tags, count }) => {
    const size = 132 + tags.reduce((sum, [, [, , data]]) => sum + 12 + 12 + data.length, 0);
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, size);
    bytes.set(ascii(space), 16);
    bytes.set(ascii(pcs), 20);
    bytes.set(ascii("acsp"), 36);
    view.setUint32(128, count ?? tags.length);
    let at = 132 + 12 * tags.length;
    tags.forEach(([name, [type, number, data]], i) => {
      bytes.set(ascii(name), 132 + 12 * i);
      view.setUint32(136 + 12 * i, at);
      view.setUint32(140 + 12 * i, 12 + data.length);
      bytes.set(ascii(type), at);
      view.setUint32(at + 8, number);
      bytes.set(data, at + 12);
      at += 12 + data.length;
    });
    return bytes;
  });

export const profile: fc.Arbitrary<Uint8Array> = fc.oneof(mutated(originals), made);

export const iccProfile: Kind<Uint8Array> = {
  name: "icc",
  ending: "icc",
  inputs: profile,
  check(bytes) {
    const found = readProfile(bytes);
    if (found === undefined || typeof found === "string") return;
    holds(typeof isSrgb(found) === "boolean", "it neither is sRGB nor is not");
    const picture: Picture = { width: 3, height: 1, bits: 8, rgb: Uint8Array.of(0, 0, 0, 90, 120, 200, 255, 255, 255) };
    convertToSrgb(picture, found);
    validPicture(picture);
  },
};
