/** Between a picture, whose opacity lies apart, and the interleaved samples that platforms and codecs take. */
import type { Picture, Size } from "../types";

/** The picture without an opacity that is full everywhere: absent means opaque. */
export function opaque(picture: Picture): Picture {
  const { alpha, ...rest } = picture;
  const top = 2 ** picture.bits - 1;
  return alpha?.every((a) => a === top) ? rest : picture;
}

/**
 * A picture of 8 or 16 bits from interleaved samples: 1 grey, 2 grey and opacity, 3 RGB, 4 RGB and opacity. Not premultiplied.
 */
export function fromInterleaved(
  samples: Uint8Array | Uint8ClampedArray | Uint16Array,
  width: number,
  height: number,
  channels: number,
): Picture {
  const pixels = width * height;
  const bits = samples instanceof Uint16Array ? 16 : 8;
  const Samples = bits === 16 ? Uint16Array : Uint8Array;
  const rgb = new Samples(3 * pixels);
  const colours = channels >= 3 ? 3 : 1;
  const alpha = channels > colours ? new Samples(pixels) : undefined;
  for (let i = 0, from = 0; i < pixels; i++, from += channels) {
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = samples[from + (colours === 3 ? c : 0)]!;
    if (alpha) alpha[i] = samples[from + colours]!;
  }
  return opaque({ width, height, bits, rgb, ...(alpha && { alpha }) });
}

/** A picture of 8 bits as the part of a canvas of this size, from its corner; what it does not cover is transparent. */
export function onCanvas(picture: Picture, { width, height }: Size): Picture {
  if (picture.width === width && picture.height === height) return picture;
  const rgb = new Uint8Array(3 * width * height);
  const alpha = new Uint8Array(width * height);
  const columns = Math.min(width, picture.width);
  for (let y = 0; y < Math.min(height, picture.height); y++) {
    const from = y * picture.width;
    rgb.set(picture.rgb.subarray(3 * from, 3 * (from + columns)), 3 * y * width);
    if (picture.alpha) alpha.set(picture.alpha.subarray(from, from + columns), y * width);
    else alpha.fill(255, y * width, y * width + columns);
  }
  return opaque({ ...picture, width, height, rgb, alpha });
}

/**
 * Rows `top` to `top + rows` of a picture as RGBA of 8 bits, not premultiplied; 16 bits are rounded to 8. Over white and
 * opaque with `onWhite`, for formats without opacity.
 */
export function toRgba(
  picture: Picture,
  { onWhite = false, top = 0, rows = picture.height } = {},
): Uint8ClampedArray<ArrayBuffer> {
  const { width, bits, rgb, alpha } = picture;
  const most = 2 ** bits - 1;
  const out = new Uint8ClampedArray(4 * width * rows);
  for (let i = 0, from = top * width; i < width * rows; i++, from++) {
    const a = alpha ? alpha[from]! / most : 1;
    for (let c = 0; c < 3; c++) {
      const value = (rgb[3 * from + c]! / most) * 255;
      out[4 * i + c] = Math.round(onWhite ? value * a + 255 * (1 - a) : value);
    }
    out[4 * i + 3] = onWhite ? 255 : Math.round(a * 255);
  }
  return out;
}
