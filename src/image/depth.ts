/** Depth as a prior: every distance is shared out among a few planes, and planes may stand for classes. */
import * as tf from "@tensorflow/tfjs-core";
import { CLASSES } from "../types";

export interface DepthBins {
  /** The depth at which the first bin is full, 0 to 1; anything nearer belongs to it too. */
  readonly near: number;
  /** The depth at which the last bin is full, 0 to 1; anything further belongs to it too. */
  readonly far: number;
  /** The picture is a disparity, near places bright: depth is 1 minus its value. */
  readonly invert: boolean;
  /** How many planes, from 1. */
  readonly bins: number;
}

/** More planes than this are not told apart in an 8-bit depth picture. */
const MOST_BINS = 256;

/**
 * Soft bins `[1, H, W, K]` of a depth picture `[1, H, W, 1]`, 0 (near) to 1 (far). Planes are evenly spaced from `near` to
 * `far`; a depth between two planes is shared by both in proportion, so each place sums to 1. The caller owns the result.
 */
export function depthBins(depth: tf.Tensor4D, options: DepthBins): tf.Tensor4D {
  checkDepthBins(options);
  const { near, far, invert, bins } = options;
  if (depth.shape[3] !== 1) {
    throw new Error(`a depth picture has one channel, and this has ${depth.shape[3]}: give a grey picture`);
  }
  return tf.tidy(() => {
    const value = invert ? tf.sub(1, depth) : depth;
    const plane = tf.mul(tf.clipByValue(tf.div(tf.sub(value, near), far - near), 0, 1), bins - 1);
    const distance = tf.abs(tf.sub(plane, tf.reshape(tf.range(0, bins), [1, 1, 1, bins])));
    return tf.relu(tf.sub(1, distance)) as tf.Tensor4D;
  });
}

/** Throws a sentence where no depth can be cut so. */
export function checkDepthBins({ near, far, bins }: DepthBins): void {
  if (!(near >= 0 && far <= 1 && near < far)) {
    throw new Error(
      `near ${near} and far ${far} do not bound a range of depths: give 0 ≤ near < far ≤ 1, and invert a disparity`,
    );
  }
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= MOST_BINS)) {
    throw new Error(`a depth cannot be cut into ${bins} bins: give a whole number from 1 to ${MOST_BINS}`);
  }
}

/** Names for `count` channels of which only the first have one. */
export const withEmpty = (names: readonly string[], count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => names[i] ?? `empty ${i + 1 - names.length}`);

/** The channels of a prior for weights trained on depth: as many as the official layout has. */
export const DEPTH_CHANNELS = withEmpty(["near", "far"], CLASSES.length);

/**
 * How near and how far each place of a depth picture `[1, H, W, 1]` is, and six empty channels: `[1, H, W, 8]`, the prior
 * that weights are trained on by training/depth.py. The two sum to 1. The caller owns the result.
 */
export const nearAndFar = (depth: tf.Tensor4D, range: Omit<DepthBins, "bins">): tf.Tensor4D =>
  tf.tidy(() => {
    const planes = depthBins(depth, { ...range, bins: 2 });
    const [, height, width] = planes.shape;
    return tf.concat([planes, tf.zeros([1, height, width, DEPTH_CHANNELS.length - 2])], 3) as tf.Tensor4D;
  });

/**
 * Class probabilities `[1, H, W, 8]` of bins `[1, H, W, K]`: bin k stands for the class of index `classes[k]`, and bins of
 * one class add up. The caller owns the result.
 */
export function classesOfBins(bins: tf.Tensor4D, classes: readonly number[]): tf.Tensor4D {
  const [, height, width, count] = bins.shape;
  if (classes.length !== count) {
    throw new Error(`${count} bins cannot stand for ${classes.length} classes: name one class for each bin`);
  }
  const wrong = classes.find((c) => !(Number.isInteger(c) && c >= 0 && c < CLASSES.length));
  if (wrong !== undefined) {
    throw new Error(
      `there is no class ${wrong} for a bin to stand for: classes are 0 to ${CLASSES.length - 1} (${CLASSES.join(", ")})`,
    );
  }
  return tf.tidy(() => {
    const table = tf.tensor2d(classes.map((c) => CLASSES.map((_, i) => (i === c ? 1 : 0))));
    return tf.reshape(tf.matMul(tf.reshape(bins, [height * width, count]), table), [1, height, width, CLASSES.length]);
  });
}
