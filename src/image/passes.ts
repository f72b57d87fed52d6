/**
 * What a separable resampling does, as plain numbers: which source pixels each output pixel is made from, and how. Weights are
 * those of MATLAB's imresize, which the authors' Python `imresize` follows: half-pixel centres, a kernel stretched by the scale
 * where that antialiases, weights normalised to sum 1 for each pixel. Whoever has the numbers can run it, on tensors
 * (resample.ts) or elsewhere.
 */

/** `cubic` is Keys' with a = -0.5; `linear` is the triangle; `nearest` takes one pixel and never antialiases. */
export type Kernel = "cubic" | "linear" | "nearest";

/** What lies beyond the edge: `mirror` repeats the picture backwards, edge pixel included; `replicate` its edge pixel. */
export type Border = "mirror" | "replicate";

const cubic = (x: number): number => {
  const d = Math.abs(x);
  if (d <= 1) return (1.5 * d - 2.5) * d * d + 1;
  return d <= 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
};
const triangle = (x: number): number => Math.max(0, 1 - Math.abs(x));

/** One direction of a resampling: which source pixels each output pixel is made from, and how. */
export interface Axis {
  readonly source: number;
  readonly output: number;
  readonly scale: number;
  readonly kernel: Kernel;
  readonly border: Border;
  /** Source pixels by which the kernel is stretched; 1 without antialiasing. */
  readonly stretch: number;
}

/** Where output pixel `i` lies in the source. */
const centre = ({ scale }: Axis, i: number) => (i + 0.5) / scale - 0.5;

const radius = ({ kernel, stretch }: Axis) => (kernel === "cubic" ? 2 : 1) * stretch;

/** The first source pixel that output pixel `i` may use; below 0 beyond the edge. */
export const firstTap = (axis: Axis, i: number) =>
  axis.kernel === "nearest" ? Math.floor((i + 0.5) / axis.scale) : Math.ceil(centre(axis, i) - radius(axis));

const lastTap = (axis: Axis, i: number) =>
  axis.kernel === "nearest" ? firstTap(axis, i) : Math.floor(centre(axis, i) + radius(axis));

/** The source pixel that stands for `i` of the endless bordered source. */
export function bordered({ source, border }: Axis, i: number): number {
  if (border === "replicate") return Math.min(Math.max(i, 0), source - 1);
  const period = 2 * source;
  const j = ((i % period) + period) % period;
  return j < source ? j : period - 1 - j;
}

/** Every kernel then gives each pixel the whole of its own weight and no other's. */
export const unchanged = (axis: Axis) => axis.scale === 1 && axis.source >= axis.output;

/** Source pixels that an unbordered run of `length` output pixels spans at most. */
const reach = (axis: Axis, length: number) => Math.ceil((length - 1) / axis.scale) + 1 + 2 * Math.ceil(radius(axis));

/** Output pixels `start` to `end` of a direction, and the run of source pixels that they are made from. */
export interface Pass {
  readonly axis: Axis;
  readonly start: number;
  readonly end: number;
  readonly from: { readonly start: number; readonly length: number };
}

/** The pass that makes output pixels `start` to `end`; the length of what it needs depends on `end - start` only. */
export function passOver(axis: Axis, start: number, end: number): Pass {
  let low = axis.source;
  let high = -1;
  for (let i = start; i < end; i++) {
    for (let tap = firstTap(axis, i); tap <= lastTap(axis, i); tap++) {
      low = Math.min(low, bordered(axis, tap));
      high = Math.max(high, bordered(axis, tap));
    }
  }
  const length = Math.min(axis.source, Math.max(reach(axis, end - start), high - low + 1));
  return { axis, start, end, from: { start: Math.min(low, axis.source - length), length } };
}

/** What output pixel `i` takes of the source pixels from `first` on, one after the other. */
function tapsOf(axis: Axis, i: number): { readonly first: number; readonly weights: readonly number[] } {
  if (unchanged(axis)) return { first: i, weights: [1] };
  const first = firstTap(axis, i);
  if (axis.kernel === "nearest") return { first, weights: [1] };
  const weigh = axis.kernel === "cubic" ? cubic : triangle;
  const u = centre(axis, i);
  const row = Array.from({ length: lastTap(axis, i) - first + 1 }, (_, t) => weigh((u - first - t) / axis.stretch));
  const sum = row.reduce((a, w) => a + w, 0);
  return { first, weights: row.map((w) => w / sum) };
}

/** A pass pixel by pixel: for each, `taps` places in what the pass is made from and their weights, 0 for what is not there. */
export function tapsOver({ axis, start, end, from }: Pass): { readonly taps: number; readonly pairs: Float32Array } {
  const rows = Array.from({ length: end - start }, (_, i) => tapsOf(axis, start + i));
  const taps = rows.reduce((most, { weights }) => Math.max(most, weights.length), 1);
  const pairs = new Float32Array(rows.length * taps * 2);
  for (const [i, { first, weights }] of rows.entries())
    for (const [t, weight] of weights.entries()) {
      const place = Math.min(Math.max(bordered(axis, first + t) - from.start, 0), from.length - 1);
      pairs.set([place, weight], (i * taps + t) * 2);
    }
  return { taps, pairs };
}

/** Both directions of one region of a resampling. */
export interface Passes {
  readonly vertical: Pass;
  readonly horizontal: Pass;
}

/** Output pixels that share a weight matrix: few enough that little of it is zero, many enough to be worth a product. */
const blockLength = (scale: number) => (scale > 1 ? 32 : 16);

/** A pass in blocks of output pixels: what to gather for each, and its weights. */
export interface BlockPlan {
  /** Pixels of a block, and how many blocks there are. */
  readonly block: number;
  readonly blocks: number;
  /** Source pixels that a block is made from. */
  readonly taps: number;
  /** `[blocks, taps]`: their places in what the pass is made from. */
  readonly indices: Int32Array;
  /** `[blocks, block, taps]` */
  readonly weights: Float32Array;
  /** Pixels of the first block that come before those of the pass. */
  readonly skip: number;
}

/** Blocks lie at fixed places of the whole result, so a region is computed by the same sums as the whole. */
export function blocksOf({ axis, start, end, from }: Pass): BlockPlan {
  const block = blockLength(axis.scale);
  const firstBlock = Math.floor(start / block);
  const blocks = Math.ceil(end / block) - firstBlock;
  const taps = reach(axis, block);
  const indices = new Int32Array(blocks * taps);
  const weights = new Float32Array(blocks * block * taps);
  for (let b = 0; b < blocks; b++) {
    const origin = firstTap(axis, (firstBlock + b) * block);
    for (let t = 0; t < taps; t++) {
      indices[b * taps + t] = Math.min(Math.max(bordered(axis, origin + t) - from.start, 0), from.length - 1);
    }
    for (let r = 0; r < block; r++) {
      const { first, weights: row } = tapsOf(axis, (firstBlock + b) * block + r);
      for (const [t, w] of row.entries()) weights[(b * block + r) * taps + first - origin + t] = w;
    }
  }
  return { block, blocks, taps, indices, weights, skip: start - firstBlock * block };
}
