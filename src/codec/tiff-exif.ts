/**
 * EXIF in TIFF files, where it is no block of its own: the file's first directory describes the picture, and points at further
 * ones (TIFF 6.0; CIPA DC-008). Values are moved to where there is room; what a camera's own notes point at stays behind.
 */

/** The first directory's entries that describe a picture, and are no part of how its samples are stored. */
const DESCRIPTIVE: ReadonlySet<number> = new Set([
  ...[0x010e, 0x010f, 0x0110, 0x0131, 0x0132, 0x013b, 0x013c, 0x8298], // description, make, model, software, date, artist, host, copyright
  ...[0x4746, 0x4749, 0x9c9b, 0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f], // rating, and Windows' texts
]);
const [EXIF, GPS] = [0x8769, 0x8825];
const LONG = 4;

/** Bytes of a number, by type, and how many of them make a value: bytes, letters, shorts, longs, rationals and so on. */
const WIDTHS = [0, 1, 1, 2, 4, 4, 1, 1, 2, 4, 4, 4, 8, 4];
const VALUES = [0, 1, 1, 1, 1, 2, 1, 1, 1, 1, 2, 1, 1, 1];

/** Of one directory: more is no description. */
const MOST_BYTES = 2 ** 20;

interface Value {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly data: Uint8Array;
  /** What it points at, in place of data. */
  readonly directory?: readonly Value[];
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Byte order and first directory of a TIFF file or an EXIF block; undefined where it is neither. */
function startOf(bytes: Uint8Array): { readonly little: boolean; readonly at: number } | undefined {
  if (bytes.length < 8) return undefined;
  const order = viewOf(bytes).getUint16(0);
  const little = order === 0x4949;
  if ((!little && order !== 0x4d4d) || viewOf(bytes).getUint16(2, little) !== 42) return undefined;
  return { little, at: viewOf(bytes).getUint32(4, little) };
}

/** Places of the 12 bytes of each entry of a directory; none where it is not whole. */
function placesOf(bytes: Uint8Array, little: boolean, at: number): number[] {
  if (at < 8 || at + 2 > bytes.length) return [];
  const count = viewOf(bytes).getUint16(at, little);
  return at + 2 + 12 * count > bytes.length ? [] : Array.from({ length: count }, (_, i) => at + 2 + 12 * i);
}

/** The values of a directory, those that lie in the file; of the first one those that describe the picture, and what it points at. */
function valuesOf(bytes: Uint8Array, little: boolean, at: number, isFirst: boolean): Value[] {
  const view = viewOf(bytes);
  const found = new Map<number, Value>();
  let room = MOST_BYTES;
  for (const place of placesOf(bytes, little, at)) {
    const [tag, type] = [view.getUint16(place, little), view.getUint16(place + 2, little)];
    const count = view.getUint32(place + 4, little);
    const size = count * (WIDTHS[type] ?? 0) * (VALUES[type] ?? 0);
    const start = size <= 4 ? place + 8 : view.getUint32(place + 8, little);
    if (found.has(tag) || size === 0 || size > room || start + size > bytes.length) continue;
    const data = bytes.slice(start, start + size);
    if (isFirst && (tag === EXIF || tag === GPS)) {
      const directory = valuesOf(bytes, little, view.getUint32(place + 8, little), false);
      if (directory.length > 0) found.set(tag, { tag, type: LONG, count: 1, data: new Uint8Array(4), directory });
    } else if (!isFirst || DESCRIPTIVE.has(tag)) {
      room -= size;
      found.set(tag, { tag, type, count, data });
    }
  }
  return [...found.values()];
}

/** The numbers of a value in the other byte order. */
function turned({ type, data }: Value): Uint8Array {
  const width = WIDTHS[type]!;
  const out = data.slice();
  for (let at = 0; at + width <= out.length; at += width) out.subarray(at, at + width).reverse();
  return out;
}

/** Writes directories behind a file. */
class Writer {
  private readonly parts: Uint8Array[] = [];

  /** `length`: of the file so far. */
  constructor(
    private length: number,
    private readonly little: boolean,
    private readonly isTurned: boolean,
  ) {}

  get bytes(): readonly Uint8Array[] {
    return this.parts;
  }

  append(part: Uint8Array): number {
    if (this.length % 2) this.parts.push(new Uint8Array(1));
    const at = this.length + (this.length % 2);
    this.parts.push(part);
    this.length = at + part.length;
    return at;
  }

  /** An entry's 12 bytes; what it has no room for is written before it. */
  entry(value: Value): Uint8Array {
    const entry = new Uint8Array(12);
    const view = viewOf(entry);
    view.setUint16(0, value.tag, this.little);
    view.setUint16(2, value.type, this.little);
    view.setUint32(4, value.count, this.little);
    const data = this.isTurned ? turned(value) : value.data;
    if (value.directory) view.setUint32(8, this.directory(value.directory.map((inner) => this.entry(inner))), this.little);
    else if (data.length <= 4) entry.set(data, 8);
    else view.setUint32(8, this.append(data), this.little);
    return entry;
  }

  /** A directory of these entries; `next` is where the next one is. Returns its place. */
  directory(entries: readonly Uint8Array[], next = 0): number {
    const out = new Uint8Array(2 + 12 * entries.length + 4);
    const tagOf = (entry: Uint8Array) => viewOf(entry).getUint16(0, this.little);
    viewOf(out).setUint16(0, entries.length, this.little);
    for (const [i, entry] of [...entries].sort((a, b) => tagOf(a) - tagOf(b)).entries()) out.set(entry, 2 + 12 * i);
    viewOf(out).setUint32(out.length - 4, next, this.little);
    return this.append(out);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What a TIFF file says of its picture, as a block of EXIF; undefined where it says nothing. */
export function exifOfTiff(tiff: Uint8Array): Uint8Array | undefined {
  const start = startOf(tiff);
  const values = start ? valuesOf(tiff, start.little, start.at, true) : [];
  if (!start || values.length === 0) return undefined;
  const header = tiff.slice(0, 8);
  const writer = new Writer(header.length, start.little, false);
  const first = writer.directory(values.map((value) => writer.entry(value)));
  viewOf(header).setUint32(4, first, start.little);
  return joined([header, ...writer.bytes]);
}

/** The TIFF file with what a block of EXIF says of the picture in its first directory. The file itself where the block says nothing. */
export function withExifInTiff(tiff: Uint8Array, exif: Uint8Array): Uint8Array {
  const [file, block] = [startOf(tiff), startOf(exif)];
  const values = block ? valuesOf(exif, block.little, block.at, true) : [];
  const places = file ? placesOf(tiff, file.little, file.at) : [];
  if (!file || places.length === 0 || values.length === 0) return tiff;
  const { little } = file;
  const said = new Set(values.map(({ tag }) => tag));
  const own = places.map((at) => tiff.slice(at, at + 12)).filter((entry) => !said.has(viewOf(entry).getUint16(0, little)));
  const writer = new Writer(tiff.length, little, block?.little !== little);
  const next = viewOf(tiff).getUint32(file.at + 2 + 12 * places.length, little);
  const first = writer.directory([...own, ...values.map((value) => writer.entry(value))], next);
  const out = joined([tiff, ...writer.bytes]);
  viewOf(out).setUint32(4, first, little);
  return out;
}
