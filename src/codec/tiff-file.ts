/** What a TIFF says of its first page before it is decoded (TIFF 6.0), and what is done to the page afterwards in every host. */
import type { Picture } from "../types";
import { convertToSrgb } from "./colour";
import { damaged, type Header, truncated } from "./header";
import { readProfile } from "./icc";
import { opaque } from "./rgba";

export interface TiffFile extends Header {
  readonly little: boolean;
  readonly bits: number;
  readonly channels: number;
  /** 0 grey with white at 0, 1 grey, 2 RGB, 3 palette, 5 inks, 6 luma and chroma. */
  readonly photometric: number;
  readonly orientation: number;
  /** Opacity is multiplied into the colours. */
  readonly multiplied: boolean;
  readonly icc?: Uint8Array;
  /** Whole numbers of a tag; undefined where it is not there. */
  numbers(tag: number): readonly number[] | undefined;
  /** Where the value of a tag that fits into its entry stands. */
  readonly places: ReadonlyMap<number, number>;
}

export const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  offsets: 273,
  orientation: 274,
  channels: 277,
  rows: 278,
  counts: 279,
  planar: 284,
  predictor: 317,
  tileWidth: 322,
  extra: 338,
  format: 339,
  icc: 34675,
} as const;

/** Bytes of a value, by type: of bytes, letters, shorts, longs, rationals and so on. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
const FLOATING = 3;

/** Throws an error where the directory does not hold together, or the samples are none that is read. */
export function readTiffFile(bytes: Uint8Array, name: string): TiffFile {
  if (bytes.length < 8) throw truncated(name);
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const start = data.getUint32(4, little);
  if (start + 2 > bytes.length) throw truncated(name);
  const count = data.getUint16(start, little);
  const end = start + 2 + 12 * count;
  if (end + 4 > bytes.length) throw truncated(name);
  const places = new Map<number, number>();
  const entries = new Map<number, { type: number; count: number; at: number }>();
  for (let at = start + 2; at < end; at += 12) {
    const [tag, type, values] = [data.getUint16(at, little), data.getUint16(at + 2, little), data.getUint32(at + 4, little)];
    const size = (SIZES[type] ?? 0) * values;
    const place = size <= 4 ? at + 8 : data.getUint32(at + 8, little);
    if (size === 0 || entries.has(tag)) continue;
    if (place + size > bytes.length) throw truncated(name);
    entries.set(tag, { type, count: values, at: place });
    if (size <= 4) places.set(tag, place);
  }
  const numbers = (tag: number) => {
    const entry = entries.get(tag);
    const read = (at: number) =>
      entry!.type === 3 ? data.getUint16(at, little) : entry!.type === 4 ? data.getUint32(at, little) : data.getUint8(at);
    return entry && Array.from({ length: entry.count }, (_, i) => read(entry.at + i * SIZES[entry.type]!));
  };
  const number = (tag: number, otherwise: number) => numbers(tag)?.[0] ?? otherwise;
  const bits = number(TAG.bits, 1);
  const channels = number(TAG.channels, 1);
  const photometric = number(TAG.photometric, 1);
  if (number(TAG.format, 1) === FLOATING || ![1, 2, 4, 8, 16].includes(bits) || numbers(TAG.bits)?.some((b) => b !== bits))
    throw new Error(
      `${name} is a TIFF of samples that are not read here (${bits} bits${number(TAG.format, 1) === FLOATING ? ", floating" : ""}); save it with 8 or 16 bits.`,
    );
  const colours = photometric === 2 || photometric === 6 ? 3 : photometric === 5 ? 4 : 1;
  if (channels < colours || channels > colours + 4)
    throw damaged(name, `it has ${channels} samples a pixel where ${colours} or a few more are right`);
  const icc = entries.get(TAG.icc);
  const extra = numbers(TAG.extra)?.[0];
  return {
    width: number(TAG.width, 0),
    height: number(TAG.height, 0),
    alpha: channels > colours,
    warnings: data.getUint32(end, little) === 0 ? [] : ["it has several pages, of which the first is read"],
    little,
    bits,
    channels,
    photometric,
    orientation: number(TAG.orientation, 1),
    multiplied: channels > colours && extra === 1,
    ...(icc && { icc: bytes.subarray(icc.at, icc.at + icc.count) }),
    numbers,
    places,
  };
}

/** Whether the page's colours are asked of the platform as stored: tables, and inks, are its own to convert. */
export const coloursOf = ({ icc, photometric }: TiffFile): "stored" | "converted" =>
  photometric === 5 || (icc && readProfile(icc) === "tables") ? "converted" : "stored";

/** A page with its colours in sRGB, and what is to be said of it. Takes the picture over. */
export function finishTiff(picture: Picture, file: TiffFile, colours: "stored" | "converted"): Picture {
  const profile = colours === "stored" && file.icc ? readProfile(file.icc) : undefined;
  const grey = file.photometric <= 1;
  if (profile && profile !== "tables" && (profile.space === "rgb" || grey)) convertToSrgb(picture, profile, grey);
  return opaque({ ...picture, ...(file.warnings.length > 0 && { warnings: file.warnings }) });
}
