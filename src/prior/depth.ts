/** Depth as a prior: every distance is shared out among a few planes, and planes may stand for classes. */
import * as tf from "@tensorflow/tfjs-core";
import { CLASSES } from "../types";
import { checkDepthBins, type DepthBins, rampsOf } from "./depth-bins";

/**
 * Soft bins `[1, H, W, K]` of a depth picture `[1, H, W, 1]`, 0 (near) to 1 (far), as `rampsOf` cuts it: around an edge a
 * depth is shared by the two bins in proportion, so each place sums to 1. The caller owns the result.
 */
export function depthBins(depth: tf.Tensor4D, options: DepthBins): tf.Tensor4D {
  checkDepthBins(options);
  const { invert, bins } = options;
  if (depth.shape[3] !== 1) {
    throw new Error(`a depth picture has one channel, and this has ${depth.shape[3]}: give a grey picture`);
  }
  return tf.tidy(() => {
    const value = invert ? tf.sub(1, depth) : depth;
    if (bins === 1) return tf.onesLike(value) as tf.Tensor4D;
    const ramps = rampsOf(options);
    const start = tf.tensor1d(ramps.map(({ edge, half }) => edge - half));
    const length = tf.tensor1d(ramps.map(({ half }) => 2 * half));
    const beyond = tf.clipByValue(tf.div(tf.sub(value, start), length), 0, 1);
    const end = tf.zerosLike(value);
    return tf.sub(tf.concat([tf.onesLike(value), beyond], 3), tf.concat([beyond, end], 3)) as tf.Tensor4D;
  });
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
