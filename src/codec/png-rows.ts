/**
 * The rows of a PNG's pixels, of every pass (W3C PNG, third edition, sections 7 to 10). The zlib stream is unpacked by the
 * platform, row by row, and not a byte further than the header says; one that the platform refuses is unpacked as far as it
 * holds together.
 */
import { damaged, PartialPictureError } from "./header";
import { inflateDamaged, MOST_PACKED } from "./inflate";
import type { PngFile } from "./png-file";
import { unfilter } from "./png-filter";

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

/** A row of raw samples: `count` pixels of row `y` of the picture, in columns `left`, `left + across`, ... */
export type Visit = (
  samples: Uint8Array | Uint16Array,
  row: { readonly y: number; readonly left: number; readonly across: number; readonly count: number; readonly pass: number },
) => void;

/** In an interlaced picture, the pixels that one of each pass stands for until later passes have come: columns and rows. */
export const ADAM7_BLOCKS = [
  [8, 8],
  [4, 8],
  [4, 4],
  [2, 4],
  [2, 2],
  [1, 2],
  [1, 1],
] as const;

interface Pass {
  readonly pass: number;
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
    .map(([left, top, across, down], pass) => {
      const columns = Math.ceil((width - left) / across);
      const rows = Math.ceil((height - top) / down);
      return { pass, left, top, across, down, columns, rows, rowBytes: Math.ceil((columns * channels * depth) / 8) };
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

/** Bytes, some at a time. */
type Parts = AsyncIterator<Uint8Array> | Iterator<Uint8Array>;

/** What the platform unpacks. Rejects where the stream is damaged, its checksum wrong, or something follows it. */
async function* inflated(pixels: readonly Uint8Array[]): AsyncGenerator<Uint8Array, undefined> {
  const reader = new Blob(pixels as Uint8Array<ArrayBuffer>[])
    .stream()
    .pipeThrough(new DecompressionStream("deflate"))
    .getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** How the rows ended: all there and nothing else, all there and more, too few, or in something that is no row. */
type End = "exact" | "more" | "short" | { readonly filter: number };

async function rowsOf(parts: Parts, file: PngFile, order: readonly Pass[], visit: Visit): Promise<{ end: End; rows: number }> {
  const { depth, channels } = file;
  const stride = Math.max(1, (channels * depth) / 8);
  let part = new Uint8Array() as Uint8Array;
  let at = 0;
  let rows = 0;
  /** Takes the next part that holds anything; false after the last. */
  const next = async (): Promise<boolean> => {
    while (at === part.length) {
      const read = await parts.next();
      if (read.done) return false;
      part = read.value;
      at = 0;
    }
    return true;
  };
  for (const { pass, left, top, across, down, columns, rows: height, rowBytes } of order) {
    let row = new Uint8Array(rowBytes + 1);
    let above = new Uint8Array(rowBytes + 1);
    const samples = new (depth === 16 ? Uint16Array : Uint8Array)(columns * channels);
    for (let y = 0; y < height; y++, rows++) {
      for (let filled = 0; filled < row.length; ) {
        if (at === part.length && !(await next())) return { end: "short", rows };
        const piece = part.subarray(at, at + row.length - filled);
        row.set(piece, filled);
        filled += piece.length;
        at += piece.length;
      }
      const bytes = row.subarray(1);
      if (!unfilter(row[0]!, bytes, above.subarray(1), stride)) return { end: { filter: row[0]! }, rows };
      visit(unpackSamples(bytes, depth, samples), { y: top + y * down, left, across, count: columns, pass });
      [row, above] = [above, row];
    }
  }
  return { end: (await next()) ? "more" : "exact", rows };
}

/**
 * Unpacks the pixels and hands the rows of every pass to `visit`, some of them twice where the data is damaged. Returns what is
 * wrong with it all the same. Throws an error where rows are missing, unless `partial`, or the header promises what the data
 * cannot unpack to.
 */
export async function readRows(file: PngFile, name: string, visit: Visit, partial = false): Promise<string[]> {
  const order = passes(file);
  const total = order.reduce((sum, { rows }) => sum + rows, 0);
  const expected = order.reduce((sum, { rows, rowBytes }) => sum + rows * (rowBytes + 1), 0);
  const packed = file.pixels.reduce((sum, part) => sum + part.length, 0);
  if (expected > (packed + 1) * MOST_PACKED)
    throw damaged(name, `its header promises ${expected} bytes of pixels and it holds ${packed}, which cannot unpack to that`);
  let parts: Parts = inflated(file.pixels);
  let read = await rowsOf(parts, file, order, visit).catch(() => undefined);
  await parts.return?.();
  const refused = read === undefined;
  if (!read) {
    parts = inflateDamaged(file.pixels);
    read = await rowsOf(parts, file, order, visit);
  }
  const { end, rows } = read;
  if (end === "more") return [`its pixels unpack to more than the ${expected} bytes its header promises`];
  if (end === "exact") return refused ? ["its packed pixels have a wrong checksum, or bytes too many at their end"] : [];
  if (!partial) {
    if (end === "short") throw new PartialPictureError(name);
    throw damaged(name, `PNG has no row filter ${end.filter}`);
  }
  const kind = file.interlaced ? "rows of its passes" : "rows";
  return [
    `it ends early, or is damaged, after ${rows} of ${total} ${kind}; the rest ${file.interlaced ? "is coarse" : "is grey"}`,
  ];
}
