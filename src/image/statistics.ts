/** The extremes, the mean and the spread of every channel of a map of any size. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import type { Raster } from "../types";
import { read, sizeOf } from "./raster";
import { tiles } from "./tiles";

/** Of one channel. */
export interface Statistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation of all samples. */
  readonly deviation: number;
}

/** Pixels looked at in one go. */
const MOST_PIXELS = 512 * 512;
/** Maps of a tile held at once. */
const MAPS = 4;

/**
 * Statistics of each channel of `[1, h, w, c]`. Reads four numbers a channel and tile back. Tiles are put together in
 * double precision (Chan, Golub and LeVeque, Updating Formulae, 1979).
 */
export async function statistics(
  raster: Raster,
  { budget, checkpoint }: Pick<Context, "budget" | "checkpoint">,
): Promise<Statistics[]> {
  const channels = raster.shape[3];
  const all = Array.from({ length: channels }, () => ({ min: Infinity, max: -Infinity, mean: 0, squares: 0, count: 0 }));
  for (const region of tiles(sizeOf(raster), 0, Math.min(MOST_PIXELS, budget / 2 / (4 * MAPS * channels)))) {
    const part = tf.tidy(() => {
      const x = read(raster, region);
      // Row by row: one float32 sum over a whole picture (wasm) loses the third digit.
      const meanOf = (y: tf.Tensor) => tf.mean(tf.mean(y, 2), 1);
      const mean = meanOf(x);
      const variance = meanOf(tf.square(tf.sub(x, tf.reshape(mean, [1, 1, 1, channels]))));
      return tf.concat([tf.min(x, [1, 2]), tf.max(x, [1, 2]), mean, variance], 0);
    });
    let found: ArrayLike<number>;
    try {
      found = await part.data();
    } finally {
      part.dispose();
    }
    const count = region.height * region.width;
    for (const [c, one] of all.entries()) {
      const [min, max, mean, variance] = [0, 1, 2, 3].map((row) => found[row * channels + c]!) as [
        number,
        number,
        number,
        number,
      ];
      const total = one.count + count;
      const step = mean - one.mean;
      one.min = Math.min(one.min, min);
      one.max = Math.max(one.max, max);
      one.squares += variance * count + (step * step * one.count * count) / total;
      one.mean += (step * count) / total;
      one.count = total;
    }
    await checkpoint();
  }
  return all.map(({ min, max, mean, squares, count }) => ({ min, max, mean, deviation: Math.sqrt(squares / count) }));
}
