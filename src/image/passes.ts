/**
 * What a separable resampling does, as plain numbers: which source pixels each output pixel is made from, and how. Weights are
 * those of MATLAB's imresize, which the authors' Python `imresize` follows: half-pixel centres, a kernel stretched by the scale
 * where that antialiases, weights normalised to sum 1 for each pixel. Whoever has the numbers can run it, on tensors
 * (resample.ts) or, with `resampleSamples`, on samples in host memory.
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
export const reach = (axis: Axis, length: number) => Math.ceil((length - 1) / axis.scale) + 1 + 2 * Math.ceil(radius(axis));

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
export function tapsOf(axis: Axis, i: number): { readonly first: number; readonly weights: readonly number[] } {
  if (unchanged(axis)) return { first: i, weights: [1] };
  const first = firstTap(axis, i);
  if (axis.kernel === "nearest") return { first, weights: [1] };
  const weigh = axis.kernel === "cubic" ? cubic : triangle;
  const u = centre(axis, i);
  const row = Array.from({ length: lastTap(axis, i) - first + 1 }, (_, t) => weigh((u - first - t) / axis.stretch));
  const sum = row.reduce((a, w) => a + w, 0);
  return { first, weights: row.map((w) => w / sum) };
}

/** Both directions of one region of a resampling. */
export interface Passes {
  readonly vertical: Pass;
  readonly horizontal: Pass;
}

/**
 * The region `[h, w, c]` that the passes make, from the part of the source that they are made from. First the way that leaves
 * less for the other.
 */
export function resampleSamples(part: Float32Array, channels: number, { vertical, horizontal }: Passes): Float32Array {
  const width = channels * (horizontal.end - horizontal.start);
  if (vertical.axis.scale < 1) return across(down(part, channels * horizontal.from.length, vertical), channels, horizontal);
  return down(across(part, channels, horizontal), width, vertical);
}

/** Each row, of pixels with so many channels, to one of the pass's pixels. */
function across(part: Float32Array, channels: number, { axis, start, end, from }: Pass): Float32Array {
  const taps = Array.from({ length: end - start }, (_, i) => tapsOf(axis, start + i));
  const last = Int32Array.from(taps, ({ weights }) => weights.length);
  for (let i = 1; i < last.length; i++) last[i]! += last[i - 1]!;
  const weights = Float64Array.from(taps.flatMap(({ weights }) => weights));
  const places = Int32Array.from(
    taps.flatMap(({ first, weights }) => weights.map((_, t) => (bordered(axis, first + t) - from.start) * channels)),
  );
  const width = from.length * channels;
  const result = new Float32Array((part.length / width) * taps.length * channels);
  for (let to = 0, row = 0; row < part.length; row += width) {
    for (let i = 0, t = 0; i < last.length; i++, t = last[i - 1]!) {
      for (let c = row; c < row + channels; c++) {
        let sum = 0;
        for (let k = t; k < last[i]!; k++) sum += weights[k]! * part[places[k]! + c]!;
        result[to++] = sum;
      }
    }
  }
  return result;
}

/** Rows of `width` samples to the pass's rows. */
function down(part: Float32Array, width: number, { axis, start, end, from }: Pass): Float32Array {
  const result = new Float32Array((end - start) * width);
  for (let i = start; i < end; i++) {
    const { first, weights } = tapsOf(axis, i);
    const to = (i - start) * width;
    const row = (t: number) => (bordered(axis, first + t) - from.start) * width;
    // Four at a time: the result is read and written less often.
    for (let t = 0; t < weights.length; t += 4) {
      const [a = 0, b = 0, c = 0, d = 0] = weights.slice(t, t + 4);
      const [p, q, r, s] = [0, 1, 2, 3].map((k) => row(Math.min(t + k, weights.length - 1))) as [number, number, number, number];
      for (let x = 0; x < width; x++)
        result[to + x]! += a * part[p + x]! + b * part[q + x]! + c * part[r + x]! + d * part[s + x]!;
    }
  }
  return result;
}
