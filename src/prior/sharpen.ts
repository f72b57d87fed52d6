/** Probabilities made more or less decided. */
import * as tf from "@tensorflow/tfjs-core";
import { read, sizeOf } from "../image/raster";
import type { TiledMap } from "../image/update";
import type { Prior } from "../types";
import { argmax, requireProbabilities } from "./classes";
import { NOTHING, normalised } from "./normalise";

/**
 * Probabilities `[1, H, W, K]` to the power of 1/`temperature`, scaled to sum 1 again: below 1 the probable ones gain, above
 * 1 all become more alike (temperature scaling: Guo et al., On Calibration of Modern Neural Networks, ICML 2017). The caller
 * owns the result. Throws an error for a temperature that is none.
 */
export function temper(map: tf.Tensor4D, temperature: number): tf.Tensor4D {
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new Error(`probabilities have no temperature of ${temperature}: give a number above 0`);
  return tf.tidy(() => {
    const positive = tf.relu(map);
    // Seen from the largest, so that a high power of all of them is not nothing.
    const ratio = tf.div(positive, tf.maximum(tf.max(positive, 3, true), NOTHING));
    // Of zero some GPUs make a power that is not: they take it for a very small number.
    return normalised(tf.mul(tf.pow(ratio, 1 / temperature), tf.sign(ratio)));
  });
}

/**
 * 1 for the most probable channel of every place of `[1, H, W, K]`, the first of equals; 0 for all others. The caller owns the
 * result.
 */
export const hardened = (map: tf.Tensor4D): tf.Tensor4D =>
  // Integers, then a cast: asked for floats, tfjs 4.22 on wasm writes the bits of integers.
  tf.tidy(() => tf.cast(tf.oneHot(argmax(map), map.shape[3]), "float32") as tf.Tensor4D);

export interface Sharpening {
  readonly temperature: number;
  /** All to the most probable channel, whatever the temperature. */
  readonly hard: boolean;
}

/** A prior's map tempered or hardened. Throws an error where the prior is no probabilities. */
export function sharpened(prior: Prior, { temperature, hard }: Sharpening): TiledMap {
  requireProbabilities(prior);
  const channels = prior.map.shape[3];
  return {
    tiling: { size: sizeOf(prior.map), reach: 0, scale: 1, channels, bytesPerPixel: 4 * 5 * channels },
    compute: (window) => {
      const part = read(prior.map, window);
      return hard ? hardened(part) : temper(part, temperature);
    },
  };
}
