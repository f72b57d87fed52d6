/** WebP: chunks out of order, damaged and made up, with EXIF. */
import fc from "fast-check";
import { takeWebpOrientation } from "../../src/codec/orientation";
import { exif } from "./exif";
import { profile } from "./icc";
import { holds, type Kind, NAME } from "./kind";
import { beginning, joined, mutated, type Piece, rearranged } from "./mutate";
import { checkPicture } from "./picture";
import { samples } from "./samples";

const originals = samples(".webp");
const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const u32 = (value: number) => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
};

function piecesOf(webp: Uint8Array): Piece[] {
  const view = new DataView(webp.buffer, webp.byteOffset, webp.byteLength);
  const found: Piece[] = [];
  for (let at = 12; at + 8 <= webp.length; ) {
    const size = view.getUint32(at + 4, true);
    found.push({ type: String.fromCharCode(...webp.subarray(at, at + 4)), data: webp.subarray(at + 8, at + 8 + size) });
    at += 8 + size + (size % 2);
  }
  return found;
}

function webpOf(pieces: readonly Piece[]): Uint8Array {
  const body = joined(
    ...pieces.map(({ type, data }) => joined(ascii(type), u32(data.length), data, new Uint8Array(data.length % 2))),
  );
  return joined(ascii("RIFF"), u32(4 + body.length), ascii("WEBP"), body);
}

const chunk: fc.Arbitrary<Piece> = fc.oneof(
  fc.tuple(exif, fc.boolean()).map(([data, prefixed]) => ({
    type: "EXIF",
    data: prefixed ? joined(ascii("Exif\0\0"), data) : data,
  })),
  profile.map((data) => ({ type: "ICCP", data })),
  fc.record({
    type: fc.constantFrom("VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "EXIF", "XMP ", "junk"),
    data: fc.uint8Array({ maxLength: 40 }),
  }),
);

export const webp: Kind<Uint8Array> = {
  name: "webp",
  ending: "webp",
  named: NAME,
  inputs: fc.oneof(
    mutated(originals),
    rearranged(originals.map(piecesOf), chunk).map(webpOf),
    fc.array(chunk, { maxLength: 5 }).map(webpOf),
    beginning(...ascii("RIFF"), 60, 0, 0, 0, ...ascii("WEBPVP8")),
  ),
  async check(bytes) {
    const taken = takeWebpOrientation(bytes); // what the page does before it decodes
    holds(taken.webp.length === bytes.length, "its length changed");
    holds(taken.orientation >= 1 && taken.orientation <= 8, `its orientation is ${taken.orientation}`);
    await checkPicture(bytes);
  },
};
