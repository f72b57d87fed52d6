/**
 * Separable resampling of `[1, h, w, c]` maps, whole or region by region, by the weights of passes.ts.
 *
 * A pass gathers the rows that each block of output rows looks at and multiplies them by the block's small weight
 * matrix. Blocks lie at fixed places of the whole result, so a region is computed by the same sums as the whole.
 */
import * as tf from "@tensorflow/tfjs-core";
import { sizeText, whole } from "../region";
import type { Region, Size } from "../types";
import {
  type Axis,
  type Border,
  blocksOf,
  bordered,
  firstTap,
  type Kernel,
  type Pass,
  type Passes,
  passOver,
  unchanged,
} from "./passes";
import { read } from "./raster";

/** A kernel that does a pass over `x` `[1, h, w, c]`, on backends that have it: see src/kernels/webgl/resample.ts. */
export const RESAMPLE = "Resample";
export interface ResampleAttributes {
  readonly pass: Pass;
  /** Along the rows; else along the columns. */
  readonly across: boolean;
}

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
  /** What is done to it, for whoever does it elsewhere than on tensors. */
  readonly passes: Passes;
  /** Makes the region `[1, height, width, c]` from `needs` of the source. The caller owns the result. */
  apply(part: tf.Tensor4D): tf.Tensor4D;
}

/** A pass by the kernel, where it does anything. */
function byKernel(x: tf.Tensor4D, attributes: ResampleAttributes): tf.Tensor4D {
  const { axis, start, end, from } = attributes.pass;
  if (unchanged(axis) && start === from.start && end - start === from.length) return tf.clone(x);
  return tf.engine().runKernel(RESAMPLE, { x }, attributes as unknown as tf.NamedAttrMap);
}

/** Resamples the rows of `[n, m]`, those that the pass is made from. */
function resampleRows(rows: tf.Tensor2D, pass: Pass): tf.Tensor2D {
  const { axis, start, end, from } = pass;
  if (unchanged(axis)) return tf.slice(rows, [start - from.start, 0], [end - start, rows.shape[1]]);
  if (axis.kernel === "nearest") {
    const indices = Int32Array.from({ length: end - start }, (_, i) => bordered(axis, firstTap(axis, start + i)) - from.start);
    return tf.gather(rows, tf.tensor1d(indices, "int32"));
  }
  const { block, blocks, taps, indices, weights, skip } = blocksOf(pass);
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
  const vertical = passOver(axis(sourceSize.height, outputSize.height, factors.vertical), top, top + height);
  const horizontal = passOver(axis(sourceSize.width, outputSize.width, factors.horizontal), left, left + width);
  const [rows, columns] = [vertical.from, horizontal.from];

  return {
    passes: { vertical, horizontal },
    needs: { top: rows.start, left: columns.start, height: rows.length, width: columns.length },
    apply(part) {
      const [, h, w, c] = part.shape;
      if (h !== rows.length || w !== columns.length) {
        throw new Error(
          `a part of ${w} × ${h} pixels was given to resample: this region is made from ${columns.length} × ${rows.length}`,
        );
      }
      if (tf.getKernel(RESAMPLE, tf.getBackend()))
        return tf.tidy(() => byKernel(byKernel(part, { pass: vertical, across: false }), { pass: horizontal, across: true }));
      return tf.tidy(() => {
        const tall = resampleRows(tf.reshape(part, [h, w * c]), vertical);
        if (unchanged(horizontal.axis))
          return tf.slice<tf.Rank.R4, tf.Tensor4D>(
            tf.reshape(tall, [1, height, w, c]),
            [0, 0, left - columns.start, 0],
            [1, height, width, c],
          );
        const turned: tf.Tensor2D = tf.reshape(tf.transpose(tf.reshape(tall, [height, w, c]), [1, 0, 2]), [w, height * c]);
        const wide = resampleRows(turned, horizontal);
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
