/**
 * A JPEG file taken apart and checked, its pixels still compressed (ITU-T T.81 annex B), and put together again without what
 * viewers pass over: stray bytes, a scan header that is wrong, no end.
 */
import type { Size } from "../types";
import { damaged, type Header, truncated } from "./header";
import { exifOrientation } from "./orientation";

export interface JpegFile extends Header {
  /** 1 grey, 3 colours, 4 inks. */
  readonly channels: number;
  /** The ICC profile, put together from its parts. */
  readonly icc?: Uint8Array;
  /**
   * "whole", or the file has no end: "open" where all may be there, "cut" where something certainly is not. Whether a file that
   * is open ends early is told by what it decodes to: see jpeg-decode.ts.
   */
  readonly end: "whole" | "open" | "cut";
  /** The file mended, with `filling` after the last of its data. The file itself where nothing was wrong. */
  mended(filling?: Uint8Array): Uint8Array;
}

const SOS = 0xda;
const EOI = 0xd9;
const ICC = "ICC_PROFILE\0";
const EXIF = "Exif\0\0";

/** Walks the markers through to the end of the image, scans included. Throws an error where there is no picture in it. */
export function readJpegFile(bytes: Uint8Array, name: string): JpegFile {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const warnings: string[] = [];
  const pieces: Uint8Array[] = [bytes.subarray(0, 2)];
  const profile = new Map<number, Uint8Array>();
  let frame: (Size & { readonly channels: number; readonly coverage: Coverage }) | undefined;
  let orientation: number | undefined;
  let scanned = false;
  let end: JpegFile["end"] | undefined;
  let stray = 0;
  let at = 2;
  while (end === undefined && at + 1 < bytes.length) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker === 0) {
      const next = bytes.indexOf(0xff, at + 1);
      stray += (next < 0 ? bytes.length : next) - at;
      at = next < 0 ? bytes.length : next;
      continue;
    }
    if (marker === 0xff) at += 1;
    else if (marker === EOI) end = "whole";
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else {
      const length = at + 4 <= bytes.length ? data.getUint16(at + 2) : bytes.length;
      if (length < 2) throw damaged(name, `the JPEG segment at byte ${at} is ${length} bytes long, and 2 is the least`);
      const after = at + 2 + length;
      if (after > bytes.length) {
        end = "cut";
        break;
      }
      const segment = bytes.subarray(at, after);
      if (!frame && isFrame(marker)) {
        const channels = segment[9];
        if (length < 8 || channels === undefined || length < 8 + 3 * channels)
          throw damaged(name, "its frame header is too short");
        const components = Array.from({ length: channels }, (_, i) => segment[10 + 3 * i]!);
        const coverage = new Coverage(components, marker !== 0xc0 && marker !== 0xc1);
        frame = { height: data.getUint16(at + 5), width: data.getUint16(at + 7), channels, coverage };
      }
      if (marker === 0xe2) keepProfile(segment, profile);
      if (marker === 0xe1 && text(segment, 4, EXIF.length) === EXIF) orientation ??= exifOrientation(segment.subarray(10));
      at = after;
      if (marker !== SOS) {
        pieces.push(segment);
        continue;
      }
      if (!frame) throw damaged(name, "it has no frame header");
      const header = frame.coverage.scan(segment);
      if (header !== segment) warnings.push("the header of its scan is wrong, as in pictures of some phones");
      scanned = true;
      const scan = afterScan(bytes, at);
      pieces.push(header, bytes.subarray(at, scan));
      at = scan;
    }
  }
  if (!frame && end === "whole") throw damaged(name, "it has no frame header");
  if (!frame || !scanned) throw truncated(name);
  if (stray > 0) warnings.push(`${stray} stray ${stray === 1 ? "byte lies" : "bytes lie"} between its segments`);
  if (end !== "whole") warnings.push("the end of the file is missing");
  const { width, height, channels, coverage } = frame;
  const icc = joined([...profile].sort(([a], [b]) => a - b).map(([, part]) => part));
  return {
    width,
    height,
    channels,
    alpha: false,
    ...(orientation !== undefined && { orientation }),
    warnings,
    ...(icc.length > 0 && { icc }),
    end: end ?? (coverage.complete ? "open" : "cut"),
    mended: (filling = new Uint8Array()) =>
      warnings.length === 0 ? bytes : joined([...pieces, filling, Uint8Array.of(0xff, EOI)]),
  };
}

const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** The first marker after the coded data of a scan; the end of the file, less half a marker, where there is none. */
function afterScan(bytes: Uint8Array, at: number): number {
  for (;;) {
    const found = bytes.indexOf(0xff, at);
    if (found < 0) return bytes.length;
    if (found + 1 >= bytes.length) return found;
    const next = bytes[found + 1]!;
    const coded = next === 0 || (next >= 0xd0 && next <= 0xd7);
    if (!coded && next !== 0xff) return found;
    at = found + (coded ? 2 : 1);
  }
}

/** Which coefficients of which components the scans have brought, to their last bit. */
class Coverage {
  /** By component: the bit, counted from the last, that each coefficient is known to. */
  private readonly known: ReadonlyMap<number, Uint8Array>;

  constructor(
    components: readonly number[],
    private readonly progressive: boolean,
  ) {
    this.known = new Map(components.map((id) => [id, new Uint8Array(64).fill(255)]));
  }

  /** Takes a scan's header in. Returns it, or it put right: all scans but progressive ones are of all coefficients. */
  scan(segment: Uint8Array): Uint8Array {
    const count = segment[4] ?? 0;
    const last = 5 + 2 * count;
    let [from, to, bits] = segment.subarray(last, last + 3) as unknown as [number, number, number];
    let header = segment;
    if (!this.progressive && last + 3 <= segment.length && (from !== 0 || to !== 63 || bits !== 0)) {
      header = segment.slice();
      header.set([0, 63, 0], last);
      [from, to, bits] = [0, 63, 0];
    }
    for (let i = 0; i < count; i++) this.known.get(segment[5 + 2 * i]!)?.fill(bits & 15, from, to + 1);
    return header;
  }

  get complete(): boolean {
    return [...this.known.values()].every((bits) => bits.every((bit) => bit === 0));
  }
}

const text = (bytes: Uint8Array, at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));

/** APP2: name, number of the part from 1, number of parts. */
function keepProfile(segment: Uint8Array, parts: Map<number, Uint8Array>): void {
  if (segment.length < 18 || text(segment, 4, ICC.length) !== ICC) return;
  if (!parts.has(segment[16]!)) parts.set(segment[16]!, segment.subarray(18));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
