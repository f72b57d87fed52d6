/** EXIF orientation: the eight ways a camera may have been held (CIPA DC-008, tag 0x0112), and turning a picture upright. */
import type { Picture } from "../types";

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

/** The picture turned upright. Orientations 5 to 8 exchange its sides. */
export function upright(picture: Picture, orientation: number): Picture {
  if (orientation === 1) return picture;
  const { width: w, height: h } = picture;
  const turned = orientation >= 5;
  const width = turned ? h : w;
  const height = turned ? w : h;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBelow = [3, 4, 6, 7].includes(orientation);
  const place = <A extends Uint8Array | Uint16Array>(samples: A, channels: number): A => {
    const out = samples.slice() as A;
    for (let y = 0, to = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const column = turned ? y : x;
        const row = turned ? x : y;
        const from = ((fromBelow ? h - 1 - row : row) * w + (fromRight ? w - 1 - column : column)) * channels;
        for (let c = 0; c < channels; c++) out[to++] = samples[from + c]!;
      }
    }
    return out;
  };
  return {
    bits: picture.bits,
    width,
    height,
    rgb: place(picture.rgb, 3),
    ...(picture.alpha && { alpha: place(picture.alpha, 1) }),
  };
}
