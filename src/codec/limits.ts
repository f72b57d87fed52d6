/** How large a picture may be, to be read and to be written; said in one message where it is larger. */
import type { EncodedFile, Size } from "../types";

/** The kinds of picture that are written. A browser writes those of `EncodedFile` only. */
export type PictureType = EncodedFile["type"] | "image/avif" | "image/tiff";

/** Pixels of a picture that is read: 8192 × 8192. Looked at in the file's header, before any memory is taken. */
export const MAX_PIXELS = 2 ** 26;

/** The longest side that is read: past four times that of any JPEG, so that every result can be read back. */
export const MAX_SIDE = 2 ** 18;

/**
 * The longest side that each format can store. JPEG's header has room for 65535, but libjpeg, which Node and browsers write
 * with, ends at 65500, and Chromium cuts what is longer without a word.
 */
const LONGEST_SIDE: Readonly<Record<PictureType, number>> = {
  "image/png": 2 ** 31 - 1,
  "image/jpeg": 65500,
  "image/webp": 16383,
  "image/avif": 16384,
  "image/tiff": 2 ** 31 - 1,
};

export const FORMAT_NAME: Readonly<Record<PictureType, string>> = {
  "image/png": "PNG",
  "image/jpeg": "JPEG",
  "image/webp": "WebP",
  "image/avif": "AVIF",
  "image/tiff": "TIFF",
};

/** Throws an error unless a picture of this size may be decoded. */
export function checkReadable({ width, height }: Size, name: string): void {
  const size = `${width} × ${height} pixels`;
  if (width < 1 || height < 1)
    throw new Error(`${name} says it is ${size}; a picture has at least 1 × 1, so save it again from its source.`);
  if (width > MAX_SIDE || height > MAX_SIDE)
    throw new Error(`${name} is ${size}, and no side may be longer than ${MAX_SIDE}; crop it or make it smaller.`);
  if (width * height > MAX_PIXELS)
    throw new Error(`${name} is ${size}, and a picture may have ${MAX_PIXELS} in all (8192 × 8192); crop it or make it smaller.`);
}

/** Throws an error unless the format can store a picture of this size. */
export function checkWritable({ width, height }: Size, type: PictureType): void {
  const longest = LONGEST_SIDE[type];
  if (width < 1 || height < 1)
    throw new Error(`A picture of ${width} × ${height} pixels has nothing to save; it needs at least 1 × 1.`);
  if (width > longest || height > longest)
    throw new Error(
      `The picture is ${width} × ${height} pixels, and ${FORMAT_NAME[type]} ends at ${longest} a side; save it as PNG.`,
    );
}

/** Throws an error unless it is a quality that JPEG and WebP have. */
export function checkQuality(quality: number): void {
  if (!(quality >= 1 && quality <= 100)) throw new Error(`The quality is ${quality}; choose one from 1 to 100.`);
}
