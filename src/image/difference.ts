/** Where two pictures differ. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { sameSize, sizeText } from "../region";
import type { Raster } from "../types";
import { read, sizeOf } from "./raster";
import { mapTiles } from "./tiles";

/**
 * |a − b| of two pictures `[1, h, w, 3]`, the mean of the three channels, as `[1, h, w, 1]`. Throws an error where their
 * sizes differ.
 */
export async function difference(
  a: Raster,
  b: Raster,
  work: Pick<Context, "budget" | "checkpoint" | "progress">,
): Promise<Raster> {
  const [size, other] = [sizeOf(a), sizeOf(b)];
  if (!sameSize(size, other))
    throw new Error(`the pictures have ${sizeText(size)} and ${sizeText(other)} pixels: give two of one size`);
  return mapTiles({ size, reach: 0, scale: 1, channels: 1, bytesPerPixel: 4 * 12 }, work, (window) =>
    tf.tidy(() => tf.mean(tf.abs(tf.sub(read(a, window), read(b, window))), 3, true)),
  );
}
