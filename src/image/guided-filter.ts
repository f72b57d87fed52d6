/** The guided filter (He, Sun and Tang, Guided Image Filtering, ECCV 2010): maps smoothed along the edges of a picture. */
import * as tf from "@tensorflow/tfjs-core";
import { sameSize, sizeText } from "../region";
import { sizeOf } from "./raster";

export interface GuidedFilter {
  /** The window has `2·radius + 1` places each way. */
  readonly radius: number;
  /** Variance of the guide, 0 to 1, above which a window counts as having an edge. */
  readonly epsilon: number;
}

/** How far each place sees: a tile with this much context around it comes out exact. */
export const guidedReach = ({ radius }: Pick<GuidedFilter, "radius">): number => 2 * radius;

/**
 * The mean of `[1, h, w, c]` in the window of `2·radius + 1` places each way around each place; of a window beyond the edge,
 * the part that is inside. The caller owns the result.
 */
export function boxMean(x: tf.Tensor4D, radius: number): tf.Tensor4D {
  const [, height, width] = x.shape;
  // A window that reaches the far side from everywhere sees no more when it is larger.
  const [tall, wide] = [height, width].map((length) => 2 * Math.min(radius, length - 1) + 1) as [number, number];
  return tf.tidy(() => {
    const rows = tall > 1 ? tf.avgPool(x, [tall, 1], 1, "same") : x;
    return wide > 1 ? tf.avgPool(rows, [1, wide], 1, "same") : tf.clone(rows);
  });
}

/**
 * Smooths each channel of `map` `[1, h, w, c]` where `guide` `[1, h, w, 1]`, 0 to 1, is smooth, and keeps its edges where the
 * guide has edges: in every window the result is a linear function of the guide. Sums over the channels are kept; single
 * values may leave their range. The caller owns the result. Throws an error where sizes differ.
 */
export function guidedFilter(guide: tf.Tensor4D, map: tf.Tensor4D, { radius, epsilon }: GuidedFilter): tf.Tensor4D {
  const [size, other] = [sizeOf(guide), sizeOf(map)];
  if (!sameSize(size, other))
    throw new Error(`a guide of ${sizeText(size)} cannot lead a map of ${sizeText(other)}: resize one to the other's size`);
  return tf.tidy(() => {
    const mean = (x: tf.Tensor) => boxMean(x as tf.Tensor4D, radius);
    const centred = tf.sub(guide, 0.5); // small numbers, whose squares float32 keeps apart
    const guideMean = mean(centred);
    const variance = tf.relu(tf.sub(mean(tf.square(centred)), tf.square(guideMean)));
    const mapMean = mean(map);
    const covariance = tf.sub(mean(tf.mul(map, centred)), tf.mul(mapMean, guideMean));
    const slope = tf.div(covariance, tf.add(variance, epsilon));
    const offset = tf.sub(mapMean, tf.mul(slope, guideMean));
    return tf.add(tf.mul(mean(slope), centred), mean(offset));
  });
}
