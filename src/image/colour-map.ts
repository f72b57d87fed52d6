/** Numbers as colours: two maps with even steps for the eye, and what numbers their ends stand for. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import type { ColourMap, Raster } from "../types";
import { COLOUR_MAPS } from "./palette";
import { read, sizeOf } from "./raster";
import { mapTiles } from "./tiles";

/** The numbers that the two ends of a colour map stand for. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Floats for each pixel while it is coloured: its share of every colour of the map, and a few on the way. */
const COLOURING_FLOATS = 64;

/**
 * Numbers `[1, h, w, 1]` in colours `[1, h, w, 3]`, 0 to 1. What lies beyond the range has the colour of its end; in a range
 * of one number everything has the middle colour. The caller owns the result. Throws an error where the range is none.
 */
export function colourMap(values: tf.Tensor4D, { low, high }: Range, name: ColourMap): tf.Tensor4D {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high))
    throw new Error(`no colours go from ${low} to ${high}: give two finite numbers, the smaller first`);
  const [, height, width] = values.shape;
  const colours = COLOUR_MAPS[name].map((hex) => [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255));
  return tf.tidy(() => {
    const t = low < high ? tf.clipByValue(tf.div(tf.sub(values, low), high - low), 0, 1) : tf.fill(values.shape, 0.5);
    const place = tf.mul(tf.reshape(t, [height * width, 1]), colours.length - 1);
    const shares = tf.relu(tf.sub(1, tf.abs(tf.sub(place, tf.reshape(tf.range(0, colours.length), [1, colours.length])))));
    return tf.reshape(tf.matMul(shares as tf.Tensor2D, tf.tensor2d(colours)), [1, height, width, 3]);
  });
}

/** A raster of numbers `[1, h, w, 1]` in colours, tile by tile: see `colourMap`. */
export const heatMap = (
  values: Raster,
  range: Range,
  name: ColourMap,
  work: Pick<Context, "budget" | "checkpoint" | "progress">,
): Promise<Raster> =>
  mapTiles({ size: sizeOf(values), reach: 0, scale: 1, channels: 3, bytesPerPixel: 4 * COLOURING_FLOATS }, work, (window) =>
    tf.tidy(() => colourMap(read(values, window), range, name)),
  );
