/**
 * TIFF in a browser, which reads none itself: by the library `tiff`, loaded when a TIFF comes. It trusts what a file says, so
 * what it does not read rightly, and what would unpack to more than the picture, is refused before it is asked.
 */
import { inflateAtMost } from "../codec/inflate";
import { undecodable } from "../codec/inspect";
import { upright } from "../codec/orientation";
import { fromInterleaved } from "../codec/rgba";
import { coloursOf, finishTiff, readTiffFile, TAG, type TiffFile } from "../codec/tiff-file";
import type { Picture } from "../types";

const COMPRESSIONS: ReadonlyMap<number, string> = new Map([
  [2, "CCITT compression"],
  [3, "CCITT compression"],
  [4, "CCITT compression"],
  [6, "JPEG compression"],
  [7, "JPEG compression"],
  [32773, "PackBits compression"],
]);
const LZW = 5;
const DEFLATE = [8, 32946];

/** What of the file the library does not read rightly; undefined where that is nothing. */
function unread(file: TiffFile): string | undefined {
  const number = (tag: number, otherwise: number) => file.numbers(tag)?.[0] ?? otherwise;
  const compression = number(TAG.compression, 1);
  if (![1, LZW, ...DEFLATE].includes(compression)) return COMPRESSIONS.get(compression) ?? `compression ${compression}`;
  if (file.photometric > 3) return file.photometric === 5 ? "inks (CMYK)" : `colours of kind ${file.photometric}`;
  if (coloursOf(file) === "converted") return "a colour profile of tables";
  if (![1, 8, 16].includes(file.bits) || (file.bits === 1 && file.photometric > 1)) return `${file.bits} bits a sample`;
  if (file.channels > 1 && number(TAG.planar, 1) !== 1) return "samples in planes";
  if (file.numbers(TAG.tileWidth)) return "tiles";
  return undefined;
}

/** Bytes that LZW data unpacks to; stops counting past `limit`. */
function lzwSize(data: Uint8Array, limit: number): number {
  const lengths = new Uint32Array(4097).fill(1);
  let [size, last, next, width, buffer, held] = [0, 0, 258, 9, 0, 0];
  for (const byte of data) {
    buffer = ((buffer << 8) | byte) & 0xffffff;
    held += 8;
    if (held < width) continue;
    held -= width;
    const code = (buffer >> held) & (2 ** width - 1);
    if (code === 257 || size > limit) break;
    if (code === 256) {
      [last, next, width] = [0, 258, 9];
      continue;
    }
    const length = code < next ? lengths[code]! : last + 1;
    size += length;
    if (last > 0 && next < 4096) lengths[next++] = last + 1;
    last = length;
    width = next >= 2047 ? 12 : next >= 1023 ? 11 : next >= 511 ? 10 : 9;
  }
  return size;
}

/** Whether every strip lies in the file and unpacks to no more than its rows. */
function bounded(bytes: Uint8Array, file: TiffFile): boolean {
  const offsets = file.numbers(TAG.offsets) ?? [];
  const counts = file.numbers(TAG.counts) ?? [];
  const rows = Math.min(file.numbers(TAG.rows)?.[0] ?? file.height, file.height);
  const most = rows * Math.ceil((file.width * file.channels * file.bits) / 8);
  const compression = file.numbers(TAG.compression)?.[0] ?? 1;
  if (rows < 1 || offsets.length !== Math.ceil(file.height / rows) || counts.length !== offsets.length) return false;
  return offsets.every((offset, i) => {
    if (offset + counts[i]! > bytes.length) return false;
    const strip = bytes.subarray(offset, offset + counts[i]!);
    if (compression === LZW) return lzwSize(strip, most) <= most;
    return !DEFLATE.includes(compression) || inflateAtMost(strip, most).whole !== undefined;
  });
}

/** Sets a short value that stands in its entry. */
function put(copy: Uint8Array, { places, little }: TiffFile, tag: number, value: number): void {
  const place = places.get(tag);
  if (place !== undefined) copy.set(little ? [value, 0] : [0, value], place);
}

/** The first page. Throws an error that names the file. */
export async function decodeTiff(bytes: Uint8Array, name: string): Promise<Picture> {
  const file = readTiffFile(bytes, name);
  const what = unread(file);
  if (what)
    throw new Error(`${name} is a TIFF with ${what}, which is not read in a browser; save it as PNG, or use the command line.`);
  try {
    if (!bounded(bytes, file)) throw new Error("its strips are not those of the picture");
    const copy = bytes.slice();
    put(copy, file, TAG.orientation, 1); // it turns nothing, and refuses what is turned
    put(copy, file, TAG.extra, 2); // it divides by an opacity of 0, and past white
    const { decode } = await import("tiff");
    const page = decode(copy, { pages: [0] })[0]!;
    const samples = page.data as Uint8Array | Uint16Array;
    const picture = page.palette ? throughPalette(samples, page.palette, file) : direct(samples, file);
    if (file.multiplied) divide(picture);
    return finishTiff(upright(picture, file.orientation), file, "stored");
  } catch (cause) {
    throw undecodable(name, "tiff", cause);
  }
}

/** Divides the opacity out of the colours. */
function divide({ rgb, alpha, bits }: Picture): void {
  const top = 2 ** bits - 1;
  for (let i = 0; alpha && i < rgb.length; i++) {
    const a = alpha[Math.floor(i / 3)]!;
    rgb[i] = a === 0 ? 0 : Math.min(top, Math.round((rgb[i]! * top) / a));
  }
}

/** Samples beyond colours and opacity are left out. */
function direct(samples: Uint8Array | Uint16Array, { width, height, channels, photometric, bits }: TiffFile): Picture {
  const kept = (photometric === 2 ? 3 : 1) + (channels > (photometric === 2 ? 3 : 1) ? 1 : 0);
  const spread = bits === 1 ? samples.map((v) => 255 * v) : samples;
  const packed = kept === channels ? spread : spread.filter((_, i) => i % channels < kept);
  return fromInterleaved(packed, width, height, kept);
}

/** Colours of a palette have 16 bits; what a picture of 8 shows is their upper half. */
function throughPalette(
  samples: Uint8Array | Uint16Array,
  palette: readonly (readonly number[])[],
  { width, height }: TiffFile,
): Picture {
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) rgb[3 * i + c] = palette[samples[i]!]![c]! >> 8;
  return { width, height, bits: 8, rgb };
}
