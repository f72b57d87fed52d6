/**
 * Reads PNG of every colour type and depth, interlaced or not, to exact samples: the same bytes in every host. Source: W3C
 * PNG, third edition.
 */
import type { Picture } from "../types";
import { isSrgb, toSrgb } from "./colour";
import { checkReadable } from "./limits";
import { exifOrientation, turn } from "./orientation";
import { pngColour } from "./png-colour";
import { type PngFile, readPngFile } from "./png-file";
import { ADAM7_BLOCKS, readRows, type Visit } from "./png-rows";
import { opaque } from "./rgba";

/** Writes the pixels of a row of samples to their places in the picture: `first`, `first + step`, ... in reading order. */
type Write = (samples: Uint8Array | Uint16Array, first: number, step: number, count: number) => void;

/** Writes rows of grey or RGB samples, with or without opacity, into the picture, scaled to its bits. */
function direct(file: PngFile, picture: Picture): Write {
  const { channels, depth, transparency } = file;
  const { rgb, alpha } = picture;
  const top = 2 ** picture.bits - 1;
  const scale = top / (2 ** depth - 1);
  const colours = channels >= 3 ? 3 : 1;
  const mask = 2 ** depth - 1;
  const clear =
    transparency && Array.from({ length: colours }, (_, c) => ((transparency[2 * c]! << 8) | transparency[2 * c + 1]!) & mask);
  return (samples, first, step, count) => {
    for (let i = 0, from = 0, to = first; i < count; i++, from += channels, to += step) {
      for (let c = 0; c < 3; c++) rgb[3 * to + c] = samples[from + (colours === 3 ? c : 0)]! * scale;
      if (!alpha) continue;
      if (clear) alpha[to] = clear.every((value, c) => samples[from + c] === value) ? 0 : top;
      else alpha[to] = samples[from + colours]!;
    }
  };
}

/** Writes rows of palette indices as the colours they stand for: black, as in browsers, beyond the palette's end. */
function throughPalette(
  { transparency }: PngFile,
  palette: Uint8Array,
  picture: Picture,
  beyond: (index: number) => void,
): Write {
  const { rgb, alpha } = picture;
  return (samples, first, step, count) => {
    for (let i = 0, to = first; i < count; i++, to += step) {
      const index = samples[i]!;
      if (3 * index >= palette.length) beyond(index);
      for (let c = 0; c < 3; c++) rgb[3 * to + c] = palette[3 * index + c] ?? 0;
      if (alpha) alpha[to] = transparency?.[index] ?? 255;
    }
  };
}

/** Middle grey, opaque: what is not in a file that ends early. */
function greyed(picture: Picture): void {
  picture.rgb.fill(picture.bits === 16 ? 0x8080 : 0x80);
  picture.alpha?.fill(2 ** picture.bits - 1);
}

/**
 * The picture in a PNG: 16 bits where the file has 16, 8 otherwise; turned upright by its EXIF data; converted to sRGB as its
 * chunks say, or with `stored` as its samples are, whatever they say. Of an animation the still picture. With `partial` a file
 * that ends early is read as far as it goes. Undefined where the colours are those of an ICC profile of tables, which the host's
 * own decoder knows. Throws an error that names the file where it is damaged or too large.
 */
export async function decodePng(
  png: Uint8Array,
  name: string,
  { partial = false, stored = false }: { readonly partial?: boolean; readonly stored?: boolean } = {},
): Promise<Picture | undefined> {
  const file = readPngFile(png, name);
  checkReadable(file, name);
  const { profile, warnings } = stored ? { profile: undefined, warnings: [] } : pngColour(file);
  if (profile === "tables") return undefined;
  const Samples = file.depth === 16 ? Uint16Array : Uint8Array;
  const { width, height, at, step } = turn(file, file.exif ? exifOrientation(file.exif) : 1);
  const picture: Picture = {
    width,
    height,
    bits: file.depth === 16 ? 16 : 8,
    rgb: new Samples(3 * width * height),
    ...(file.alpha && { alpha: new Samples(width * height) }),
  };
  if (partial) greyed(picture);
  const grey = file.channels < 3 && !file.palette;
  const convert = profile && !isSrgb(profile) ? toSrgb(profile, picture, grey) : undefined;
  let beyond: number | undefined;
  const write = file.palette ? throughPalette(file, file.palette, picture, (index) => (beyond ??= index)) : direct(file, picture);
  const visit: Visit = (samples, { y, left, across, count, pass }) => {
    const [columns, rows] = partial && file.interlaced ? ADAM7_BLOCKS[pass]! : [1, 1];
    for (let down = 0; down < Math.min(rows, file.height - y); down++) {
      for (let right = 0; right < Math.min(columns, file.width - left); right++) {
        const here = Math.min(count, Math.ceil((file.width - left - right) / across));
        const first = at(left + right, y + down);
        write(samples, first, step * across, here);
        convert?.(first, step * across, here);
      }
    }
  };
  const damage = await readRows(file, name, visit, partial);
  if (beyond !== undefined) damage.push(`it uses colour ${beyond} of a palette of ${file.palette!.length / 3}, read as black`);
  const all = [...file.warnings, ...warnings, ...damage];
  return { ...opaque(picture), ...(all.length > 0 && { warnings: all }) };
}

/**
 * The palette indices of a label picture `[h, w]`, rows from the top; undefined where the PNG has no palette. Orientation and
 * profile do not matter to labels and are not looked at. `warnings` as in `Picture`.
 */
export async function decodePngIndices(png: Uint8Array, name: string) {
  const file = readPngFile(png, name);
  checkReadable(file, name);
  if (!file.palette) return undefined;
  const { width, height } = file;
  const indices = new Uint8Array(width * height);
  const damage = await readRows(file, name, (samples, { y, left, across, count }) => {
    for (let i = 0, to = y * width + left; i < count; i++, to += across) indices[to] = samples[i]!;
  });
  return { width, height, indices, warnings: [...file.warnings, ...damage] };
}
