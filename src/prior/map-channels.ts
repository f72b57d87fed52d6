/** Channels of a picture that may serve as a prior, and their scaling. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { edges, GRADIENT_REACH, normals } from "../image/gradient";
import { greyOf } from "../image/luma";
import { read, sizeOf } from "../image/raster";
import { statistics } from "../image/statistics";
import { mapTiles } from "../image/tiles";
import type { Raster } from "../types";

type Work = Pick<Context, "budget" | "checkpoint" | "progress">;

/** What each choice takes from a picture. */
export const CHANNELS = {
  luma: ["luma"],
  red: ["red"],
  green: ["green"],
  blue: ["blue"],
  "red, green, blue": ["red", "green", "blue"],
  edges: ["edges"],
  normals: ["normal x", "normal y", "normal z"],
} as const;
export type Channels = keyof typeof CHANNELS;
export const CHANNEL_CHOICES = Object.keys(CHANNELS) as [Channels, ...Channels[]];

export const SCALINGS = ["none", "min–max", "mean and deviation"] as const;
export type Scaling = (typeof SCALINGS)[number];

/**
 * The chosen channels `[1, H, W, K]` of a picture `[1, H, W, 3]`. Luma is 0 to 1, edges are its slope, normals those of its
 * luma as heights of `strength` pixels.
 */
export async function channelsOf(rgb: Raster, choice: Channels, strength: number, work: Work): Promise<Raster> {
  const compute = (x: tf.Tensor4D): tf.Tensor4D => {
    switch (choice) {
      case "luma":
        return greyOf(x);
      case "edges":
        return edges(greyOf(x));
      case "normals":
        return normals(greyOf(x), strength);
      case "red, green, blue":
        return tf.clone(x);
      default:
        return tf.slice(x, [0, 0, 0, ["red", "green", "blue"].indexOf(choice)], [-1, -1, -1, 1]);
    }
  };
  const reach = choice === "edges" || choice === "normals" ? GRADIENT_REACH : 0;
  const tiling = { size: sizeOf(rgb), reach, scale: 1, channels: CHANNELS[choice].length, bytesPerPixel: 4 * 16 };
  return mapTiles(tiling, work, (window) => tf.tidy(() => compute(read(rgb, window))));
}

/**
 * Each channel of a map stretched to 0…1 ("min–max"), or shifted and scaled to mean 0 and deviation 1; a channel of one
 * value becomes 0. Disposes `map` unless it is the result.
 */
export async function rescaled(map: Raster, scaling: Scaling, work: Work): Promise<Raster> {
  if (scaling === "none") return map;
  try {
    const found = await statistics(map, work);
    const foot = found.map(({ min, mean }) => (scaling === "min–max" ? min : mean));
    const factor = found.map(({ min, max, deviation }) => {
      const span = scaling === "min–max" ? max - min : deviation;
      return span > 0 ? 1 / span : 0;
    });
    const channels = map.shape[3];
    const tiling = { size: sizeOf(map), reach: 0, scale: 1, channels, bytesPerPixel: 4 * 3 * channels };
    return await mapTiles(tiling, work, (window) =>
      tf.tidy(() => tf.mul(tf.sub(read(map, window), tf.tensor1d(foot)), tf.tensor1d(factor))),
    );
  } finally {
    map.dispose();
  }
}
