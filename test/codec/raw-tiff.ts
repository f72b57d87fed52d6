/** Writes TIFFs for tests from samples: one strip of a few rows each, in either byte order, plain or deflated. */
import { zlibSync } from "fflate";

export interface RawTiff {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16;
  readonly channels: number;
  readonly photometric: number;
  readonly little?: boolean;
  readonly deflate?: boolean;
  readonly rows?: number;
  sample(x: number, y: number, c: number): number;
  /** The sizes in its tags, where they are not its own. */
  readonly claimed?: readonly [width: number, height: number];
  /** Further or other tags: short values. */
  readonly tags?: Readonly<Record<number, readonly number[]>>;
  /** Whether another page is said to follow. */
  readonly more?: boolean;
}

export function rawTiff(tiff: RawTiff): Uint8Array {
  const { width, height, bits, channels, little = true, rows = height } = tiff;
  const short = (v: number) => (little ? [v & 255, v >> 8] : [v >> 8, v & 255]);
  const long = (v: number) => (little ? [...short(v & 0xffff), ...short(v >>> 16)] : [...short(v >>> 16), ...short(v & 0xffff)]);
  const strips: Uint8Array[] = [];
  for (let top = 0; top < height; top += rows) {
    const bytes: number[] = [];
    for (let y = top; y < Math.min(height, top + rows); y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++) bytes.push(...(bits === 16 ? short(tiff.sample(x, y, c)) : [tiff.sample(x, y, c)]));
    strips.push(tiff.deflate ? zlibSync(Uint8Array.from(bytes)) : Uint8Array.from(bytes));
  }
  const offsets = strips.map((_, i) => strips.slice(0, i).reduce((sum, { length }) => sum + length, 8));
  const at = strips.reduce((sum, { length }) => sum + length, 8);
  const entries = new Map<number, readonly [type: number, values: readonly number[]]>([
    [256, [3, [tiff.claimed?.[0] ?? width]]],
    [257, [3, [tiff.claimed?.[1] ?? height]]],
    [258, [3, Array(channels).fill(bits)]],
    [259, [3, [tiff.deflate ? 8 : 1]]],
    [262, [3, [tiff.photometric]]],
    [273, [4, offsets]],
    [277, [3, [channels]]],
    [278, [3, [rows]]],
    [279, [4, strips.map(({ length }) => length)]],
  ]);
  for (const [tag, values] of Object.entries(tiff.tags ?? {})) entries.set(Number(tag), [3, values]);
  const far: number[] = [];
  const start = at + (at % 2);
  const end = start + 2 + 12 * entries.size + 4;
  const directory = [...entries]
    .sort(([a], [b]) => a - b)
    .flatMap(([tag, [type, values]]) => {
      const data = values.flatMap(type === 3 ? short : long);
      const head = [...short(tag), ...short(type), ...long(values.length)];
      if (data.length <= 4) return [...head, ...data, 0, 0, 0, 0].slice(0, 12);
      const place = end + far.length;
      far.push(...data);
      return [...head, ...long(place)];
    });
  const order = little ? [0x49, 0x49] : [0x4d, 0x4d];
  const pixels = strips.flatMap((strip) => [...strip]);
  const gap = Array(far.length % 2).fill(0);
  const page = (next: number) => [...short(entries.size), ...directory, ...long(next)];
  const first = page(tiff.more ? end + far.length + gap.length : 0);
  const body = [...pixels, ...Array(start - at).fill(0), ...first, ...far, ...gap, ...(tiff.more ? page(0) : [])];
  return Uint8Array.from([...order, ...short(42), ...long(start), ...body]);
}
