/**
 * What a picture file says about itself before it is decoded: its size, whether it is opaque, and whether it is all there.
 * Sources: WebP RFC 9649; AVIF ISO/IEC 23008-12 (HEIF) and 14496-12. PNG is in png-file.ts, JPEG in jpeg-file.ts.
 */
import type { Size } from "../types";
import { takeWebpOrientation } from "./orientation";

export interface Header extends Size {
  /** False only where the file has no opacity at all. */
  readonly alpha: boolean;
  /** How the picture is turned when it is read, 1 to 8 as in EXIF: 5 to 8 exchange its sides. Absent: not at all. */
  readonly orientation?: number;
  /** What is wrong with a file that is read all the same, and what of it is not read: see `Picture.warnings`. */
  readonly warnings: readonly string[];
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const tag = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

export const truncated = (name: string) =>
  new Error(`${name} is cut short: the file ends before its picture does; copy or download it again.`);
/** The file ends before its picture does, and is read as far as it goes where that is asked for. */
export class PartialPictureError extends Error {
  constructor(name: string) {
    super(truncated(name).message);
  }
}
/** What a host throws in the place of an error of decoding: one that says how to have a picture read as far as it goes. */
export const withRemedy = (error: unknown, remedy: string): unknown =>
  error instanceof PartialPictureError ? new Error(`${error.message.slice(0, -1)}, or ${remedy}.`, { cause: error }) : error;
export const damaged = (name: string, what: string) => new Error(`${name} is damaged: ${what}; save it again from its source.`);

/** Said of an animation. */
export const FIRST_FRAME = "it is an animation, of which the first frame is read";

export function webpHeader(bytes: Uint8Array, name: string): Header {
  const data = view(bytes);
  if (bytes.length < 30 || data.getUint32(4, true) + 8 > bytes.length) throw truncated(name);
  const u24 = (at: number) => data.getUint16(at, true) | (bytes[at + 2]! << 16);
  switch (tag(bytes, 12)) {
    case "VP8 ":
      return { width: data.getUint16(26, true) & 0x3fff, height: data.getUint16(28, true) & 0x3fff, alpha: false, warnings: [] };
    case "VP8L": {
      const bits = data.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, alpha: true, warnings: [] };
    }
    case "VP8X":
      return {
        width: u24(24) + 1,
        height: u24(27) + 1,
        alpha: (bytes[20]! & 0x10) !== 0,
        orientation: takeWebpOrientation(bytes).orientation,
        warnings: bytes[20]! & 2 ? [FIRST_FRAME] : [],
      };
    default:
      throw damaged(name, "its WebP header is none of VP8, VP8L and VP8X");
  }
}

interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** The boxes that lie between two bytes; each must fit. */
function boxes(bytes: Uint8Array, start: number, end: number, name: string): Box[] {
  const data = view(bytes);
  const found: Box[] = [];
  for (let at = start; at < end; ) {
    if (at + 8 > end) throw truncated(name);
    let size = data.getUint32(at);
    let header = 8;
    if (size === 1) {
      if (at + 16 > end) throw truncated(name);
      size = data.getUint32(at + 8) * 2 ** 32 + data.getUint32(at + 12);
      header = 16;
    } else if (size === 0) size = end - at;
    if (size < header) throw damaged(name, `the box at byte ${at} is ${size} bytes long, and ${header} is the least`);
    if (at + size > end) throw truncated(name);
    found.push({ type: tag(bytes, at + 4), start: at + header, end: at + size });
    at += size;
  }
  return found;
}

/** The largest of the sizes in the file: of its picture, its opacity and its tiles. */
export function avifHeader(bytes: Uint8Array, name: string): Header {
  const inside = (list: Box[], type: string, skip = 0) => {
    const box = list.find((b) => b.type === type);
    return box ? boxes(bytes, box.start + skip, box.end, name) : [];
  };
  const properties = inside(inside(inside(boxes(bytes, 0, bytes.length, name), "meta", 4), "iprp"), "ipco");
  const data = view(bytes);
  let width = 0;
  let height = 0;
  for (const box of properties.filter((b) => b.type === "ispe" && b.end - b.start >= 12)) {
    width = Math.max(width, data.getUint32(box.start + 4));
    height = Math.max(height, data.getUint32(box.start + 8));
  }
  if (width === 0 && height === 0) throw damaged(name, "it does not say how large it is");
  const alpha = properties.some(
    (b) => b.type === "auxC" && new TextDecoder("latin1").decode(bytes.subarray(b.start + 4, b.end)).includes("auxiliary:alpha"),
  );
  const rotation = properties.find((b) => b.type === "irot" && b.end > b.start);
  const turns = rotation ? bytes[rotation.start]! & 3 : 0; // quarters, against the clock
  return { width, height, alpha, ...(turns && { orientation: [1, 8, 3, 6][turns]! }), warnings: [] };
}
