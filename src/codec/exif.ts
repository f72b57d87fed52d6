/** EXIF (CIPA DC-008, a TIFF block) taken along to another picture: what is no longer true of it is put right. */
import type { Size } from "../types";

const TAG = {
  width: 0x0100,
  height: 0x0101,
  orientation: 0x0112,
  software: 0x0131,
  exif: 0x8769,
  colourSpace: 0xa001,
  pixelWidth: 0xa002,
  pixelHeight: 0xa003,
  interoperability: 0xa005,
  thumbnail: 0x0201,
  thumbnailLength: 0x0202,
} as const;
const [ASCII, SHORT, LONG] = [2, 3, 4];

/** Bytes of EXIF that a JPEG has room for, less what the placeholder it is written over takes. */
export const MAX_EXIF_IN_JPEG = 65_000;

/** An entry of a directory: 12 bytes as they stand. */
type Entry = Uint8Array;

class Block {
  readonly view: DataView;
  readonly little: boolean;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.little = bytes[0] === 0x49;
  }

  get isExif(): boolean {
    const order = this.bytes.length < 8 ? 0 : this.view.getUint16(0);
    return (order === 0x4949 || order === 0x4d4d) && this.view.getUint16(2, this.little) === 42;
  }

  /** The entries of the directory at a place by tag, and where the next one is; undefined where it is not whole. */
  directory(at: number): { readonly entries: Map<number, Entry>; readonly next: number } | undefined {
    if (at < 8 || at + 2 > this.bytes.length) return undefined;
    const end = at + 2 + 12 * this.view.getUint16(at, this.little);
    if (end > this.bytes.length) return undefined;
    const entries = new Map<number, Entry>();
    for (let from = at + 2; from < end; from += 12)
      entries.set(this.view.getUint16(from, this.little), this.bytes.slice(from, from + 12));
    return { entries, next: end + 4 <= this.bytes.length ? this.view.getUint32(end, this.little) : 0 };
  }

  valueOf(entry: Entry | undefined): number {
    return entry ? new DataView(entry.buffer, entry.byteOffset).getUint32(8, this.little) : 0;
  }

  entry(tag: number, type: number, count: number, value: number): Entry {
    const entry = new Uint8Array(12);
    const view = new DataView(entry.buffer);
    view.setUint16(0, tag, this.little);
    view.setUint16(2, type, this.little);
    view.setUint32(4, count, this.little);
    if (type === SHORT) view.setUint16(8, value, this.little);
    else view.setUint32(8, value, this.little);
    return entry;
  }

  /** A directory as it stands in a file: its entries in the order of their tags, and no next one. */
  written(entries: ReadonlyMap<number, Entry>): Uint8Array {
    const out = new Uint8Array(2 + 12 * entries.size + 4);
    new DataView(out.buffer).setUint16(0, entries.size, this.little);
    [...entries]
      .sort(([a], [b]) => a - b)
      .forEach(([, entry], i) => {
        out.set(entry, 2 + 12 * i);
      });
    return out;
  }
}

/**
 * The block for a picture of this size that stands upright and is in sRGB, made by `software`: orientation 1, the size where
 * it is stated, no thumbnail, which would show the old picture. All else stays where it was, so that what cameras point at from
 * their own notes is found. Undefined where the block does not hold together.
 */
export function exifFor(exif: Uint8Array, { width, height }: Size, software?: string): Uint8Array | undefined {
  const block = new Block(exif);
  if (!block.isExif) return undefined;
  const first = block.directory(block.view.getUint32(4, block.little));
  if (!first) return undefined;
  const kept = withoutThumbnail(block, first.next);
  const parts: Uint8Array[] = [kept];
  let length = kept.length;
  const append = (part: Uint8Array): number => {
    const at = length + (length % 2);
    if (length % 2) parts.push(new Uint8Array(1));
    parts.push(part);
    length = at + part.length;
    return at;
  };
  const { entries } = first;
  const set = (into: Map<number, Entry>, tag: number, type: number, value: number) =>
    into.has(tag) && into.set(tag, block.entry(tag, type, 1, value));
  set(entries, TAG.orientation, SHORT, 1);
  set(entries, TAG.width, LONG, width);
  set(entries, TAG.height, LONG, height);
  const inner = block.directory(block.valueOf(entries.get(TAG.exif)));
  if (inner) {
    set(inner.entries, TAG.pixelWidth, LONG, width);
    set(inner.entries, TAG.pixelHeight, LONG, height);
    set(inner.entries, TAG.colourSpace, SHORT, 1);
    inner.entries.delete(TAG.interoperability); // it may say Adobe RGB
    entries.set(TAG.exif, block.entry(TAG.exif, LONG, 1, append(block.written(inner.entries))));
  }
  if (software !== undefined) {
    const text = new TextEncoder().encode(`${software}\0`);
    entries.set(TAG.software, block.entry(TAG.software, ASCII, text.length, append(text)));
  }
  const start = append(block.written(entries));
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  new DataView(out.buffer).setUint32(4, start, block.little);
  return out;
}

/** The block's bytes with zeros for the thumbnail that the second directory points at, or cut off there. */
function withoutThumbnail(block: Block, next: number): Uint8Array {
  const bytes = block.bytes.slice();
  const second = next > 0 ? block.directory(next) : undefined;
  const [start, size] = [TAG.thumbnail, TAG.thumbnailLength].map((tag) => block.valueOf(second?.entries.get(tag)));
  if (!start || !size || start < 8 || start + size > bytes.length) return bytes;
  if (start + size >= bytes.length - 1 && start > next) return bytes.subarray(0, start);
  return bytes.fill(0, start, start + size);
}
