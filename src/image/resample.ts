/**
 * Separable resampling of `[1, h, w, c]` maps, whole or region by region. Weights are those of MATLAB's imresize, which
 * the authors' Python `imresize` follows: half-pixel centres, a kernel stretched by the scale where that antialiases,
 * weights normalised to sum 1 for each pixel.
 *
 * A pass gathers the rows that each block of output rows looks at and multiplies them by the block's small weight
 * matrix. Blocks lie at fixed places of the whole result, so a region is computed by the same sums as the whole.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Region, Size } from "../types";
import { read, sizeText, whole } from "./raster";

/** `cubic` is Keys' with a = -0.5; `linear` is the triangle; `nearest` takes one pixel and never antialiases. */
export type Kernel = "cubic" | "linear" | "nearest";

/** What lies beyond the edge: `mirror` repeats the picture backwards, edge pixel included; `replicate` its edge pixel. */
export type Border = "mirror" | "replicate";

export interface ResampleOptions {
  readonly outputSize: Size;
  /** Output pixels per source pixel. Default: the ratio of the sizes, each way its own. */
  readonly scale?: number | { readonly vertical: number; readonly horizontal: number };
  /** Default cubic. */
  readonly kernel?: Kernel;
  /** Default mirror. */
  readonly border?: Border;
  /** Stretches the kernel when the picture shrinks. Default true. */
  readonly antialias?: boolean;
}

export interface RegionOptions extends ResampleOptions {
  readonly sourceSize: Size;
  /** The part of the output to compute. */
  readonly region: Region;
}

/** One region of a resampled picture. */
export interface RegionResampler {
  /** The part of the source it is made from. Its size is the same for all regions of one size that lie on one grid. */
  readonly needs: Region;
  /** Makes the region `[1, height, width, c]` from `needs` of the source. The caller owns the result. */
  apply(part: tf.Tensor4D): tf.Tensor4D;
}

const cubic = (x: number): number => {
  const d = Math.abs(x);
  if (d <= 1) return (1.5 * d - 2.5) * d * d + 1;
  return d <= 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
};
const triangle = (x: number): number => Math.max(0, 1 - Math.abs(x));

/** Output pixels that share a weight matrix: few enough that little of it is zero, many enough to be worth a product. */
const blockLength = (scale: number) => (scale > 1 ? 32 : 16);

/** One direction of a resampling: which source pixels each output pixel is made from, and how. */
interface Axis {
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
const firstTap = (axis: Axis, i: number) =>
  axis.kernel === "nearest" ? Math.floor((i + 0.5) / axis.scale) : Math.ceil(centre(axis, i) - radius(axis));

const lastTap = (axis: Axis, i: number) =>
  axis.kernel === "nearest" ? firstTap(axis, i) : Math.floor(centre(axis, i) + radius(axis));

/** The source pixel that stands for `i` of the endless bordered source. */
function bordered({ source, border }: Axis, i: number): number {
  if (border === "replicate") return Math.min(Math.max(i, 0), source - 1);
  const period = 2 * source;
  const j = ((i % period) + period) % period;
  return j < source ? j : period - 1 - j;
}

/** Every kernel then gives each pixel the whole of its own weight and no other's. */
const unchanged = (axis: Axis) => axis.scale === 1 && axis.source >= axis.output;

/** Source pixels that an unbordered run of `length` output pixels spans at most. */
const reach = (axis: Axis, length: number) => Math.ceil((length - 1) / axis.scale) + 1 + 2 * Math.ceil(radius(axis));

/** The run of source pixels that output pixels `start` to `end` need, of a length that depends on `end - start` only. */
function needed(axis: Axis, start: number, end: number): { start: number; length: number } {
  let low = axis.source;
  let high = -1;
  for (let i = start; i < end; i++) {
    for (let tap = firstTap(axis, i); tap <= lastTap(axis, i); tap++) {
      low = Math.min(low, bordered(axis, tap));
      high = Math.max(high, bordered(axis, tap));
    }
  }
  const length = Math.min(axis.source, Math.max(reach(axis, end - start), high - low + 1));
  return { start: Math.min(low, axis.source - length), length };
}

/** The passes over rows `start` to `end` of one direction, as host arrays: what to gather, and each block's weights. */
function plan(axis: Axis, start: number, end: number, from: { start: number; length: number }) {
  const block = blockLength(axis.scale);
  const firstBlock = Math.floor(start / block);
  const blocks = Math.ceil(end / block) - firstBlock;
  const taps = reach(axis, block);
  const indices = new Int32Array(blocks * taps);
  const weights = new Float32Array(blocks * block * taps);
  const weigh = axis.kernel === "cubic" ? cubic : triangle;
  for (let b = 0; b < blocks; b++) {
    const origin = firstTap(axis, (firstBlock + b) * block);
    for (let t = 0; t < taps; t++) {
      indices[b * taps + t] = Math.min(Math.max(bordered(axis, origin + t) - from.start, 0), from.length - 1);
    }
    for (let r = 0; r < block; r++) {
      const i = (firstBlock + b) * block + r;
      const u = centre(axis, i);
      const first = firstTap(axis, i);
      const row = Array.from({ length: lastTap(axis, i) - first + 1 }, (_, t) => weigh((u - first - t) / axis.stretch));
      const sum = row.reduce((a, w) => a + w, 0);
      for (const [t, w] of row.entries()) weights[(b * block + r) * taps + first - origin + t] = w / sum;
    }
  }
  return { block, blocks, taps, indices, weights, skip: start - firstBlock * block };
}

/** Resamples the rows of `[n, m]`: rows `start` to `end` of the result, from the source rows `from`. */
function resampleRows(
  rows: tf.Tensor2D,
  axis: Axis,
  start: number,
  end: number,
  from: { start: number; length: number },
): tf.Tensor2D {
  if (unchanged(axis)) return tf.slice(rows, [start - from.start, 0], [end - start, rows.shape[1]]);
  if (axis.kernel === "nearest") {
    const indices = Int32Array.from({ length: end - start }, (_, i) => bordered(axis, firstTap(axis, start + i)) - from.start);
    return tf.gather(rows, tf.tensor1d(indices, "int32"));
  }
  const { block, blocks, taps, indices, weights, skip } = plan(axis, start, end, from);
  const width = rows.shape[1];
  const windows = tf.reshape(tf.gather(rows, tf.tensor1d(indices, "int32")), [blocks, taps, width]);
  const result: tf.Tensor2D = tf.reshape(tf.matMul(tf.tensor3d(weights, [blocks, block, taps]), windows), [
    blocks * block,
    width,
  ]);
  return blocks * block === end - start ? result : tf.slice(result, [skip, 0], [end - start, width]);
}

/** Whole numbers from 1: what sizes are made of. */
const isSize = ({ height, width }: Size) => [height, width].every((n) => Number.isInteger(n) && n >= 1);

/**
 * Prepares one region of a resampling: see `RegionOptions`. Throws an error where a size or the scale is not positive,
 * or the region is not inside the output.
 */
export function resampleRegion(options: RegionOptions): RegionResampler {
  const { sourceSize, outputSize, region, scale, kernel = "cubic", border = "mirror", antialias = true } = options;
  for (const [name, size] of Object.entries({ source: sourceSize, output: outputSize, region })) {
    if (!isSize(size)) {
      throw new Error(`the ${name} of a resampling is ${sizeText(size)} pixels: give whole numbers from 1`);
    }
  }
  const { top, left, height, width } = region;
  if (!(top >= 0 && left >= 0 && top + height <= outputSize.height && left + width <= outputSize.width)) {
    throw new Error(
      `the region of ${sizeText(region)} pixels at (${left}, ${top}) is not inside the output of ` +
        `${sizeText(outputSize)} pixels: choose one that is`,
    );
  }
  const axis = (source: number, output: number, factor: number): Axis => {
    if (!(factor > 0 && Number.isFinite(factor))) {
      throw new Error(`a picture cannot be resampled by a factor of ${factor}: give a number above 0`);
    }
    return {
      source,
      output,
      scale: factor,
      kernel,
      border,
      stretch: antialias && kernel !== "nearest" && factor < 1 ? 1 / factor : 1,
    };
  };
  const factors =
    typeof scale === "object"
      ? scale
      : {
          vertical: scale ?? outputSize.height / sourceSize.height,
          horizontal: scale ?? outputSize.width / sourceSize.width,
        };
  const vertical = axis(sourceSize.height, outputSize.height, factors.vertical);
  const horizontal = axis(sourceSize.width, outputSize.width, factors.horizontal);
  const rows = needed(vertical, top, top + height);
  const columns = needed(horizontal, left, left + width);

  return {
    needs: { top: rows.start, left: columns.start, height: rows.length, width: columns.length },
    apply(part) {
      const [, h, w, c] = part.shape;
      if (h !== rows.length || w !== columns.length) {
        throw new Error(
          `a part of ${w} × ${h} pixels was given to resample: this region is made from ${columns.length} × ${rows.length}`,
        );
      }
      return tf.tidy(() => {
        const tall = resampleRows(tf.reshape(part, [h, w * c]), vertical, top, top + height, rows);
        if (unchanged(horizontal))
          return tf.slice<tf.Rank.R4, tf.Tensor4D>(
            tf.reshape(tall, [1, height, w, c]),
            [0, 0, left - columns.start, 0],
            [1, height, width, c],
          );
        const turned: tf.Tensor2D = tf.reshape(tf.transpose(tf.reshape(tall, [height, w, c]), [1, 0, 2]), [w, height * c]);
        const wide = resampleRows(turned, horizontal, left, left + width, columns);
        const upright = tf.transpose(tf.reshape(wide, [width, height, c]), [1, 0, 2]);
        return tf.reshape<tf.Rank.R4>(upright, [1, height, width, c]);
      });
    },
  };
}

/** The whole picture `[1, h, w, c]` resampled to `[1, outputSize.height, outputSize.width, c]`. The caller owns the result. */
export function resample(source: tf.Tensor4D, options: ResampleOptions): tf.Tensor4D {
  const [, height, width] = source.shape;
  const region = whole(options.outputSize);
  const { needs, apply } = resampleRegion({ ...options, sourceSize: { height, width }, region });
  return tf.tidy(() => apply(read(source, needs)));
}
