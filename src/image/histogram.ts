/** How many samples of a map have each value. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import type { Raster } from "../types";
import { read, sizeOf } from "./raster";
import { tiles } from "./tiles";

/** 64 equal steps from 0 to 1; a step is two base-8 digits, so that one matrix product counts them. */
const BASE = 8;
export const STEPS = BASE * BASE;

/** Pixels counted in one go: float32 sums of ones are exact far beyond that. */
const MOST_PIXELS = 192 * 192;
/** Floats held for each pixel at once: two digits, marked among eight, and a few on the way. */
const FLOATS = 4 * BASE + 8;

/**
 * Counts of the values that `values` makes of a raster's parts, `[1, h, w, c]` to `[1, h, w, 1]`, in 64 equal steps from 0
 * to 1; what lies beyond is counted in the first or the last. Reads 64 numbers a tile back.
 */
export async function histogram(
  raster: Raster,
  values: (part: tf.Tensor4D) => tf.Tensor,
  { budget, checkpoint }: Pick<Context, "budget" | "checkpoint">,
): Promise<number[]> {
  const counts = new Array<number>(STEPS).fill(0);
  for (const region of tiles(sizeOf(raster), 0, Math.min(MOST_PIXELS, budget / 2 / (4 * FLOATS)))) {
    const part = tf.tidy(() => {
      const step = tf.clipByValue(tf.floor(tf.mul(values(read(raster, region)), STEPS)), 0, STEPS - 1);
      const high = tf.floor(tf.div(step, BASE));
      const low = tf.sub(step, tf.mul(high, BASE));
      // Not by tf.equal: what it leaves beside the map in a packed WebGL texture is no zero, and tf.matMul 4.22 adds it up.
      const marked = (digit: tf.Tensor) => {
        const digits = tf.cast(tf.reshape(digit, [region.height, region.width]), "int32");
        return tf.cast(tf.oneHot(digits, BASE), "float32"); // integers, then a cast: see `oneHot` in classes.ts
      };
      // Row by row, how often each high digit meets each low one.
      return tf.reshape(tf.sum(tf.matMul(marked(high), marked(low), true), 0), [STEPS]);
    });
    try {
      for (const [i, count] of (await part.data()).entries()) counts[i]! += count;
    } finally {
      part.dispose();
    }
    await checkpoint();
  }
  return counts;
}
