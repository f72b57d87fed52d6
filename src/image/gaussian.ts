/** Gaussian windows, one direction after the other. */
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "./raster";

/**
 * The Gaussian mean of every window of `2·reach + 1` pixels each way that fits into `[n, h, w, 1]`: `[n, h − 2·reach,
 * w − 2·reach, 1]`; `sigma` is in pixels, above 0. The caller owns the result.
 */
export function gaussianWindows(x: tf.Tensor4D, sigma: number, reach: number): tf.Tensor4D {
  const bell = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)));
  const sum = bell.reduce((a, b) => a + b);
  const weights = bell.map((w) => w / sum);
  return tf.tidy(() => {
    const down = tf.conv2d(x, tf.tensor4d(weights, [weights.length, 1, 1, 1]), 1, "valid");
    return tf.conv2d(down, tf.tensor4d(weights, [1, weights.length, 1, 1]), 1, "valid");
  });
}

/** How far a blur of `sigma` pixels looks: what lies beyond weighs next to nothing. */
export const gaussianReach = (sigma: number): number => Math.ceil(3 * sigma);

/**
 * `[1, h, w, c]` blurred by a Gaussian of `sigma` pixels, without its `gaussianReach(sigma)` outermost pixels on each side. The
 * caller owns the result.
 */
export function blurInside(x: tf.Tensor4D, sigma: number): tf.Tensor4D {
  return tf.tidy(() => {
    const planes = tf.reshape(tf.transpose(x, [3, 1, 2, 0]), [x.shape[3], x.shape[1], x.shape[2], 1]) as tf.Tensor4D;
    const blurred = gaussianWindows(planes, sigma, gaussianReach(sigma));
    const { height, width } = sizeOf(blurred);
    return tf.reshape<tf.Rank.R4>(tf.transpose(blurred, [3, 1, 2, 0]), [1, height, width, x.shape[3]]);
  });
}
