/** How many samples of a map have each value. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import type { Raster } from "../types";
import { read, sizeOf } from "./raster";
import { tiles } from "./tiles";

/** Equal steps from 0 to 1. */
export const STEPS = 64;

/** Pixels counted in one go: float32 sums of ones are exact far beyond that. */
const MOST_PIXELS = 192 * 192;
/** Floats held for each pixel and step at once. */
const MAPS = 3;

/**
 * Counts of the values that `values` makes of a raster's parts, `[1, h, w, c]` to `[1, h, w, 1]`, in 64 equal steps from 0
 * to 1; what lies beyond is counted in the first or the last. Reads 64 numbers a tile back.
 */
export async function histogram(
  raster: Raster,
  values: (part: tf.Tensor4D) => tf.Tensor,
  { budget, pause }: Pick<Context, "budget" | "pause">,
): Promise<number[]> {
  const counts = new Array<number>(STEPS).fill(0);
  for (const region of tiles(sizeOf(raster), 0, Math.min(MOST_PIXELS, budget / 2 / (4 * MAPS * STEPS)))) {
    const part = tf.tidy(() => {
      const step = tf.clipByValue(tf.floor(tf.mul(values(read(raster, region)), STEPS)), 0, STEPS - 1);
      const hits = tf.equal(tf.reshape(step, [-1, 1]), tf.reshape(tf.range(0, STEPS), [1, STEPS]));
      return tf.sum(tf.cast(hits, "float32"), 0);
    });
    try {
      for (const [i, count] of (await part.data()).entries()) counts[i]! += count;
    } finally {
      part.dispose();
    }
    await pause();
  }
  return counts;
}
