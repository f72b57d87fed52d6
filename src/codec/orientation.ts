/** EXIF orientation: the eight ways a camera may have been held (CIPA DC-008, tag 0x0112), and turning a picture upright. */
import type { Picture, Size } from "../types";

const ORIENTATION = 0x0112;
const SHORT = 3;

/** The orientation 1 to 8 that EXIF data (a TIFF header and directory) states; 1, upright, where it states none. */
export function exifOrientation(exif: Uint8Array): number {
  if (exif.length < 8) return 1;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  const start = view.getUint32(4, little);
  if (view.getUint16(2, little) !== 42 || start + 2 > exif.length) return 1;
  const entries = view.getUint16(start, little);
  for (let i = 0; i < entries; i++) {
    const at = start + 2 + i * 12;
    if (at + 12 > exif.length) return 1;
    if (view.getUint16(at, little) !== ORIENTATION || view.getUint16(at + 2, little) !== SHORT) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/**
 * A WebP without its EXIF data, and the orientation that stood there: browsers differ in whether they obey it, so it is taken
 * from them. Returns the file itself where it has none.
 */
export function takeWebpOrientation(webp: Uint8Array): { readonly webp: Uint8Array; readonly orientation: number } {
  const view = new DataView(webp.buffer, webp.byteOffset, webp.byteLength);
  for (let at = 12; at + 8 <= webp.length; ) {
    const size = view.getUint32(at + 4, true);
    if (String.fromCharCode(...webp.subarray(at, at + 4)) === "EXIF") {
      const exif = webp.subarray(at + 8, at + 8 + size);
      const prefixed = String.fromCharCode(...exif.subarray(0, 6)) === "Exif\0\0";
      const without = webp.slice();
      without.set([0x6a, 0x75, 0x6e, 0x6b], at); // "junk": readers pass over chunks they do not know
      return { webp: without, orientation: exifOrientation(prefixed ? exif.subarray(6) : exif) };
    }
    at += 8 + size + (size % 2);
  }
  return { webp, orientation: 1 };
}

/** Where the pixels of a picture go when it is turned upright. */
export interface Turn extends Size {
  /** The place, in reading order, of the pixel in column `x` and row `y` of the picture as stored. */
  at(x: number, y: number): number;
  /** From the place of a pixel to that of the next in its row. */
  readonly step: number;
}

/** Turning a picture of this size upright. Orientations 5 to 8 exchange its sides. */
export function turn({ width: w, height: h }: Size, orientation: number): Turn {
  const turned = orientation >= 5;
  const [width, height] = turned ? [h, w] : [w, h];
  const [across, down] = turned ? [width, 1] : [1, width];
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBelow = [3, 4, 6, 7].includes(orientation);
  return {
    width,
    height,
    at: (x, y) => across * (fromRight ? w - 1 - x : x) + down * (fromBelow ? h - 1 - y : y),
    step: fromRight ? -across : across,
  };
}

/** The picture turned upright. */
export function upright(picture: Picture, orientation: number): Picture {
  if (orientation === 1) return picture;
  const { width: w, height: h, rgb, alpha } = picture;
  const { width, height, at, step } = turn(picture, orientation);
  const place = (samples: Uint8Array | Uint16Array, channels: number) => {
    const out = samples instanceof Uint8Array ? new Uint8Array(samples.length) : new Uint16Array(samples.length);
    for (let y = 0, from = 0; y < h; y++) {
      for (let x = 0, to = channels * at(0, y); x < w; x++, to += channels * step)
        for (let c = 0; c < channels; c++) out[to + c] = samples[from++]!;
    }
    return out;
  };
  return { ...picture, width, height, rgb: place(rgb, 3), ...(alpha && { alpha: place(alpha, 1) }) };
}
