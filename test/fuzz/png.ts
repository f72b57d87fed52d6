/** PNG: chunks out of order, damaged and made up, with ICC profiles, EXIF and palettes that lie. */
import fc from "fast-check";
import { zlibSync } from "fflate";
import { chunks, PNG_SIGNATURE, writeChunk } from "../../src/codec/png-chunk";
import { decodePngIndices } from "../../src/codec/png-decode";
import { join, rawPng } from "../codec/raw-png";
import { exif } from "./exif";
import { profile } from "./icc";
import { type Kind, NAME } from "./kind";
import { beginning, mutated, type Piece, rearranged } from "./mutate";
import { checkPicture } from "./picture";
import { samples } from "./samples";

const originals = samples(".png");

export const piecesOf = (png: Uint8Array): Piece[] => [...chunks(png)].map(({ type, data }) => ({ type, data }));
export const pngOf = (pieces: readonly Piece[]): Uint8Array =>
  join(PNG_SIGNATURE, ...pieces.map(({ type, data }) => writeChunk(type, data)));

const packed = (data: Uint8Array) => join(Uint8Array.of(0x70, 0, 0), zlibSync(data));
const chunk: fc.Arbitrary<Piece> = fc.oneof(
  profile.map((icc) => ({ type: "iCCP", data: packed(icc) })),
  exif.map((data) => ({ type: "eXIf", data })),
  fc.uint8Array({ maxLength: 40 }).map((data) => ({ type: "IDAT", data: zlibSync(data) })),
  fc.record({
    type: fc.constantFrom("IHDR", "PLTE", "tRNS", "gAMA", "cHRM", "sRGB", "cICP", "iCCP", "eXIf", "IDAT", "acTL", "fdAT"),
    data: fc.uint8Array({ maxLength: 40 }),
  }),
);

const made: fc.Arbitrary<Uint8Array> = fc
  .record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 20 }),
    kind: fc.constantFrom(
      [0, 1],
      [0, 2],
      [0, 4],
      [0, 8],
      [0, 16],
      [2, 8],
      [2, 16],
      [3, 1],
      [3, 4],
      [3, 8],
      [4, 8],
      [4, 16],
      [6, 8],
    ),
    interlaced: fc.boolean(),
    before: fc.array(chunk, { maxLength: 3 }),
    palette: fc.uint8Array({ minLength: 3, maxLength: 768 }),
    pixels: fc.option(fc.uint8Array({ maxLength: 900 }), { nil: undefined }),
    claimed: fc.option(fc.tuple(fc.nat(0xffffffff), fc.nat(0xffffffff)), { nil: undefined, freq: 8 }),
    seed: fc.nat(255),
  })
  .map(({ kind: [colour, depth], before, palette, seed, pixels, claimed, ...png }) =>
    rawPng({
      ...png,
      colour: colour!,
      depth: depth!,
      sample: (x, y, c) => (x * 7 + y * 31 + c * 3 + seed) % 2 ** depth!,
      before: [
        ...before.map(({ type, data }) => [type, data] as const),
        ...(colour === 3 ? [["PLTE", palette.subarray(0, palette.length - (palette.length % 3))] as const] : []),
      ],
      ...(pixels && { pixels }),
      ...(claimed && { claimed }),
    }),
  );

/** Few bytes that unpack to many, with a header that promises as many, about as many, or as many as there may be. */
const bomb: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 2000 }), fc.constantFrom(-1, 0, 0, 1, 10_000), fc.nat(6))
  .map(([width, height, more, colour]) => {
    const pixels = new Uint8Array(height * (width + 1) + (more < 10 ? more : 0));
    const claimed = [more < 10 ? width : 8192, more < 10 ? height : 8192] as const;
    return rawPng({ width, height, depth: 8, colour: colour === 6 ? 2 : 0, sample: () => 0, pixels, claimed });
  });

export const png: Kind<Uint8Array> = {
  name: "png",
  ending: "png",
  named: NAME,
  inputs: fc.oneof(
    { arbitrary: mutated(originals), weight: 10 },
    { arbitrary: rearranged(originals.map(piecesOf), chunk).map(pngOf), weight: 10 },
    { arbitrary: made, weight: 10 },
    { arbitrary: beginning(...PNG_SIGNATURE), weight: 5 },
    { arbitrary: bomb, weight: 1 },
  ),
  async check(bytes) {
    await decodePngIndices(bytes, NAME).catch(() => undefined);
    await checkPicture(bytes);
  },
};
