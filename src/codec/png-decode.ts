/**
 * Reads PNG of every colour type and depth, interlaced or not, to exact samples: the same bytes in every host. Source: W3C
 * PNG, third edition. The zlib stream is unpacked by the platform, row by row, and not a byte further than the header says.
 */
import type { Picture } from "../types";
import { damaged, truncated } from "./header";
import { convertToSrgb, isSrgb, readProfile } from "./icc";
import { inflateAtMost } from "./inflate";
import { checkReadable } from "./limits";
import { exifOrientation, upright } from "./orientation";
import { type PngFile, readPngFile } from "./png-file";
import { unfilter } from "./png-filter";
import { opaque } from "./rgba";

/** Bytes of an ICC profile, unpacked. Larger ones are printers' tables, which no picture on screen has. */
const MAX_PROFILE = 2 ** 24;

/** First column and row, and steps between columns and rows, of the passes of an interlaced picture (section 8.2). */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const WHOLE = [[0, 0, 1, 1]] as const;

/** A row of raw samples: `count` pixels that go to `first`, `first + step`, ... of the picture's pixels in reading order. */
type Visit = (samples: Uint8Array | Uint16Array, first: number, step: number, count: number) => void;

interface Pass {
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
  readonly columns: number;
  readonly rows: number;
  readonly rowBytes: number;
}

function passes({ width, height, depth, channels, interlaced }: PngFile): Pass[] {
  return (interlaced ? ADAM7 : WHOLE)
    .map(([left, top, across, down]) => {
      const columns = Math.ceil((width - left) / across);
      const rows = Math.ceil((height - top) / down);
      return { left, top, across, down, columns, rows, rowBytes: Math.ceil((columns * channels * depth) / 8) };
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** Samples of a row: bytes as they are, halves of 16 bits put together, parts of a byte taken apart. */
function unpackSamples(row: Uint8Array, depth: number, samples: Uint8Array | Uint16Array): Uint8Array | Uint16Array {
  if (depth === 8) return row;
  if (depth === 16) for (let i = 0; i < samples.length; i++) samples[i] = (row[2 * i]! << 8) | row[2 * i + 1]!;
  else {
    const perByte = 8 / depth;
    const mask = 2 ** depth - 1;
    for (let i = 0; i < samples.length; i++)
      samples[i] = (row[Math.floor(i / perByte)]! >> (8 - depth * ((i % perByte) + 1))) & mask;
  }
  return samples;
}

/** Unpacks the pixels and hands the rows of every pass to `visit`. */
async function readRows(file: PngFile, name: string, visit: Visit): Promise<void> {
  const { width, depth, channels } = file;
  const order = passes(file);
  const expected = order.reduce((sum, { rows, rowBytes }) => sum + rows * (rowBytes + 1), 0);
  const packed = file.pixels.reduce((sum, part) => sum + part.length, 0);
  if (expected > (packed + 1) * 1032)
    throw damaged(name, `its header promises ${expected} bytes of pixels and it holds ${packed}, which cannot unpack to that`);
  const stride = Math.max(1, (channels * depth) / 8);
  const unpacked = new Blob(file.pixels as Uint8Array<ArrayBuffer>[])
    .stream()
    .pipeThrough(new DecompressionStream("deflate"))
    .getReader();
  let part: Uint8Array = new Uint8Array();
  let at = 0;
  /** Takes the next part; false after the last. */
  const next = async (): Promise<boolean> => {
    const read = await unpacked.read().catch((cause: unknown) => {
      throw new Error(damaged(name, "its pixels cannot be unpacked").message, { cause });
    });
    part = read.value ?? new Uint8Array();
    at = 0;
    return !read.done;
  };
  /** Fills `row`, its filter's number first, from as many parts as it takes. */
  const fill = async (row: Uint8Array): Promise<void> => {
    for (let filled = 0; filled < row.length; ) {
      while (at === part.length) if (!(await next())) throw truncated(name);
      const piece = part.subarray(at, at + row.length - filled);
      row.set(piece, filled);
      filled += piece.length;
      at += piece.length;
    }
  };
  try {
    for (const { left, top, across, down, columns, rows, rowBytes } of order) {
      let row = new Uint8Array(rowBytes + 1);
      let above = new Uint8Array(rowBytes + 1);
      const samples = new (depth === 16 ? Uint16Array : Uint8Array)(columns * channels);
      for (let y = 0; y < rows; y++) {
        if (at + row.length <= part.length) {
          row.set(part.subarray(at, at + row.length));
          at += row.length;
        } else await fill(row);
        const bytes = row.subarray(1);
        if (!unfilter(row[0]!, bytes, above.subarray(1), stride)) throw damaged(name, `PNG has no row filter ${row[0]}`);
        visit(unpackSamples(bytes, depth, samples), (top + y * down) * width + left, across, columns);
        [row, above] = [above, row];
      }
    }
    while (at === part.length && (await next()));
    if (at < part.length) throw damaged(name, `its pixels unpack to more than the ${expected} bytes its header promises`);
  } finally {
    unpacked.cancel().catch(() => undefined);
  }
}

/** Writes rows of grey or RGB samples, with or without opacity, into the picture, scaled to its bits. */
function direct(file: PngFile, picture: Picture): Visit {
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

/** Writes rows of palette indices into the picture as the colours they stand for. */
function throughPalette({ transparency }: PngFile, palette: Uint8Array, picture: Picture, name: string): Visit {
  const { rgb, alpha } = picture;
  return (samples, first, step, count) => {
    for (let i = 0, to = first; i < count; i++, to += step) {
      const index = samples[i]!;
      if (3 * index >= palette.length) throw damaged(name, `it uses colour ${index} of a palette of ${palette.length / 3}`);
      for (let c = 0; c < 3; c++) rgb[3 * to + c] = palette[3 * index + c]!;
      if (alpha) alpha[to] = transparency?.[index] ?? 255;
    }
  };
}

/** Keyword, zero, method, compressed profile. */
function unpackProfile(chunk: Uint8Array): Uint8Array | undefined {
  const zero = chunk.indexOf(0);
  if (zero < 1 || zero > 79 || chunk[zero + 1] !== 0) return undefined;
  const icc = inflateAtMost(chunk.subarray(zero + 2), MAX_PROFILE);
  return typeof icc === "string" ? undefined : icc;
}

/**
 * The picture in a PNG: 16 bits where the file has 16, 8 otherwise; turned upright by its EXIF data; converted to sRGB by an
 * embedded profile, one that is damaged being left aside. Of an animation the still picture. Undefined where the profile is
 * one of tables, which the host's own decoder knows. Throws a sentence that names the file where it is damaged or too large.
 */
export async function decodePng(png: Uint8Array, name: string): Promise<Picture | undefined> {
  const file = readPngFile(png, name);
  checkReadable(file, name);
  const icc = file.profile && unpackProfile(file.profile);
  const profile = icc && readProfile(icc);
  if (profile === "tables") return undefined;
  const { width, height } = file;
  const Samples = file.depth === 16 ? Uint16Array : Uint8Array;
  const picture: Picture = {
    width,
    height,
    bits: file.depth === 16 ? 16 : 8,
    rgb: new Samples(3 * width * height),
    ...(file.alpha && { alpha: new Samples(width * height) }),
  };
  await readRows(file, name, file.palette ? throughPalette(file, file.palette, picture, name) : direct(file, picture));
  const grey = file.channels < 3 && !file.palette;
  if (profile && (profile.space === "grey") === grey && !isSrgb(profile)) convertToSrgb(picture, profile);
  return opaque(upright(picture, file.exif ? exifOrientation(file.exif) : 1));
}

/**
 * The palette indices of a label picture `[h, w]`, rows from the top; undefined where the PNG has no palette. Orientation and
 * profile do not matter to labels and are not looked at.
 */
export async function decodePngIndices(
  png: Uint8Array,
  name: string,
): Promise<{ readonly width: number; readonly height: number; readonly indices: Uint8Array } | undefined> {
  const file = readPngFile(png, name);
  checkReadable(file, name);
  if (!file.palette) return undefined;
  const { width, height } = file;
  const indices = new Uint8Array(width * height);
  await readRows(file, name, (samples, first, step, count) => {
    for (let i = 0, to = first; i < count; i++, to += step) indices[to] = samples[i]!;
  });
  return { width, height, indices };
}
