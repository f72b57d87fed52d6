/** Channels of a map side by side. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { whole } from "../region";
import type { Raster } from "../types";
import { heatMap, type Range } from "./colour-map";
import { read, sizeOf } from "./raster";
import { readScaled } from "./scaled";
import { statistics } from "./statistics";
import { mapTiles } from "./tiles";

type Work = Pick<Context, "budget" | "checkpoint" | "progress">;

export interface Montage {
  /** The first channel, from 1, and how many; fewer where the map ends. */
  readonly first: number;
  readonly count: number;
  /** Largest side of the whole, in pixels: channels are shrunk to fit, never enlarged. */
  readonly limit: number;
}

/** Black pixels between two channels. */
const GAP = 1;

/**
 * Channels of `[1, h, w, c]` row by row in a grid that is as square as can be, in viridis, as a picture `[1, H, W, 3]`. All
 * share one range of colours: the smallest to the largest value shown. Throws an error where the map has no such channel.
 */
export async function montage(
  map: Raster,
  { first, count, limit }: Montage,
  work: Work,
): Promise<{ rgb: tf.Tensor4D; range: Range }> {
  const channels = map.shape[3];
  if (!(Number.isInteger(first) && first >= 1 && first <= channels))
    throw new Error(`there is no channel ${first}: the features have ${channels}, choose 1 to ${channels}`);
  const shown = Math.min(count, channels - first + 1);
  const columns = Math.ceil(Math.sqrt(shown));
  const rows = Math.ceil(shown / columns);
  const { height, width } = sizeOf(map);
  const factor = Math.min(1, (limit / columns - GAP) / width, (limit / rows - GAP) / height);
  const cell = { height: Math.max(1, Math.floor(height * factor)), width: Math.max(1, Math.floor(width * factor)) };

  const quiet = { ...work, progress: () => {} };
  const bytesPerPixel = 4 * channels * (2 + 2 * Math.ceil(1 / factor) ** 2);
  const small = await mapTiles({ size: cell, reach: 0, scale: 1, channels: shown, bytesPerPixel }, quiet, (window) =>
    tf.tidy(() => tf.slice(readScaled(map, cell, window), [0, 0, 0, first - 1], [-1, -1, -1, shown])),
  );
  let column: tf.Tensor4D | undefined;
  let coloured: Raster | undefined;
  try {
    const found = await statistics(small, quiet);
    const range = { low: Math.min(...found.map(({ min }) => min)), high: Math.max(...found.map(({ max }) => max)) };
    column = tf.tidy(() =>
      tf.reshape(tf.transpose(read(small, whole(cell)), [0, 3, 1, 2]), [1, shown * cell.height, cell.width, 1]),
    );
    coloured = await heatMap(column, range, "viridis", work);
    const cells = coloured;
    const rgb = tf.tidy(() => {
      const each = tf.reshape(read(cells, whole(sizeOf(cells))), [shown, cell.height, cell.width, 3]);
      const padded = tf.pad(each, [
        [0, rows * columns - shown],
        [0, GAP],
        [0, GAP],
        [0, 0],
      ]);
      const [tall, wide] = [cell.height + GAP, cell.width + GAP];
      const grid = tf.transpose(tf.reshape(padded, [rows, columns, tall, wide * 3]), [0, 2, 1, 3]);
      return tf.reshape(grid, [1, rows * tall, columns * wide, 3]) as tf.Tensor4D;
    });
    return { rgb, range };
  } finally {
    small.dispose();
    column?.dispose();
    coloured?.dispose();
  }
}
