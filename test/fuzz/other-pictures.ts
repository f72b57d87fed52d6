/** Pictures of the other kinds that are read: AVIF, GIF, TIFF, BMP. */
import fc from "fast-check";
import { exif, tiffOf } from "./exif";
import { type Kind, NAME } from "./kind";
import { beginning, mutated } from "./mutate";
import { checkPicture } from "./picture";
import { samples } from "./samples";

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

const picture = (name: string, inputs: fc.Arbitrary<Uint8Array>): Kind<Uint8Array> => ({
  name,
  ending: name,
  named: NAME,
  inputs,
  check: checkPicture,
});

export const avif = picture(
  "avif",
  fc.oneof(
    { arbitrary: mutated(samples(".avif")), weight: 4 },
    { arbitrary: beginning(0, 0, 0, 24, ...ascii("ftypavif")), weight: 1 },
  ),
);

export const gif = picture(
  "gif",
  fc.oneof({ arbitrary: mutated(samples(".gif")), weight: 4 }, { arbitrary: beginning(...ascii("GIF89a")), weight: 1 }),
);

/** An uncompressed picture of 4 × 4 pixels whose samples have this many bits. */
function tiff(little: boolean, channels: number, bits: number): Uint8Array {
  const entry = (tag: number, type: number, value: number) => ({ tag, type, count: 1, value });
  const size = (4 * 4 * channels * bits) / 8;
  const entries = [
    entry(0x100, 3, 4),
    entry(0x101, 3, 4),
    entry(0x102, 3, bits),
    entry(0x103, 3, 1),
    entry(0x106, 3, channels === 3 ? 2 : 1),
    entry(0x111, 4, 8 + 6 + 12 * 10),
    entry(0x112, 3, 1),
    entry(0x115, 3, channels),
    entry(0x116, 3, 4),
    entry(0x117, 4, size),
  ];
  const pixels = Uint8Array.from({ length: size }, (_, i) => (i * 37) & 255);
  return tiffOf(entries, little, 8, pixels);
}
const tiffs = [true, false].flatMap((little) => [tiff(little, 1, 8), tiff(little, 1, 16)]);

export const tiffPicture = picture("tiff", fc.oneof({ arbitrary: mutated(tiffs), weight: 4 }, { arbitrary: exif, weight: 1 }));

/** A BMP of 4 × 4 pixels: its own header, BITMAPINFOHEADER, and rows from the bottom. */
function bmpOf(bits: number, width: number, height: number, compression: number, colours: number, header: number): Uint8Array {
  const palette = bits <= 8 ? 4 * 2 ** bits : 0;
  const start = 14 + header + palette;
  const bytes = new Uint8Array(start + 4 * Math.ceil((bits * 4) / 32) * 4);
  const view = new DataView(bytes.buffer);
  bytes.set(ascii("BM"));
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, header, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  view.setUint32(30, compression, true);
  view.setUint32(46, colours, true);
  for (let i = 14 + header; i < bytes.length; i++) bytes[i] = (i * 29) & 255;
  return bytes;
}
const bmps = [1, 4, 8, 16, 24, 32].map((bits) => bmpOf(bits, 4, bits === 24 ? -4 : 4, 0, 0, 40));
const side = fc.oneof(fc.constant(4), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
const number = fc.oneof(fc.nat(9), fc.nat(0xffffffff));

export const bmp = picture(
  "bmp",
  fc.oneof(
    mutated(bmps),
    fc
      .tuple(fc.constantFrom(1, 4, 8, 16, 24, 32), side, side, number, number, fc.constantFrom(40, 52, 56, 108, 124))
      .map((fields) => bmpOf(...fields)),
  ),
);
