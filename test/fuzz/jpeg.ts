/** JPEG: segments out of order, damaged and made up, with EXIF and with ICC profiles in parts that do not fit. */
import fc from "fast-check";
import { exif } from "./exif";
import { profile } from "./icc";
import { type Kind, NAME } from "./kind";
import { beginning, joined, mutated, type Piece, rearranged } from "./mutate";
import { checkPicture } from "./picture";
import { samples } from "./samples";

const originals = samples(".jpg");
const SCAN = 0xda;
const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Segments by their markers; the last is the scan with all that follows it. */
function piecesOf(jpeg: Uint8Array): Piece<number>[] {
  const found: Piece<number>[] = [];
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; ) {
    const type = jpeg[at + 1]!;
    const end = type === SCAN ? jpeg.length : at + 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!;
    found.push({ type, data: jpeg.subarray(at + 4, end) });
    at = end;
  }
  return found;
}

const jpegOf = (pieces: readonly Piece<number>[]): Uint8Array =>
  joined(
    Uint8Array.of(0xff, 0xd8),
    ...pieces.map(({ type, data }) => {
      const length = type === SCAN ? 12 : Math.min(data.length + 2, 0xffff);
      return joined(Uint8Array.of(0xff, type, length >> 8, length & 255), type === SCAN ? data : data.subarray(0, length - 2));
    }),
  );

const segment: fc.Arbitrary<Piece<number>> = fc.oneof(
  exif.map((data) => ({ type: 0xe1, data: joined(ascii("Exif\0\0"), data) })),
  fc.tuple(profile, fc.nat(4), fc.nat(4)).map(([icc, part, parts]) => ({
    type: 0xe2,
    data: joined(ascii("ICC_PROFILE\0"), Uint8Array.of(part, parts), icc.subarray(0, 60_000)),
  })),
  fc.record({
    type: fc.constantFrom(0xc0, 0xc1, 0xc2, 0xc4, 0xc8, 0xd0, 0xd8, 0xd9, 0xda, 0xdb, 0xdd, 0xe0, 0xee, 0xfe, 0xff, 0x00, 0x01),
    data: fc.uint8Array({ maxLength: 40 }),
  }),
);

export const jpeg: Kind<Uint8Array> = {
  name: "jpeg",
  ending: "jpg",
  named: NAME,
  inputs: fc.oneof(
    mutated(originals),
    rearranged(originals.map(piecesOf), segment).map(jpegOf),
    fc.array(segment, { maxLength: 6 }).map(jpegOf),
    beginning(0xff, 0xd8, 0xff),
  ),
  check: checkPicture,
};
