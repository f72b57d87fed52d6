/** Grey pictures: whether one is, and making one. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import type { Image, Raster, Region } from "../types";
import { greyOf } from "./luma";
import { HostRaster, read } from "./raster";
import { sumOfSquares } from "./sum-of-squares";

/** Channels that differ by less are equal: a quarter of a level of 16 bits, more than resizing three equal channels rounds. */
const TOLERANCE = 2 ** -18;

/** Pixels looked at first, where most pictures show a colour, and at most in one go. */
const FIRST_PIXELS = 2 ** 14;
const MOST_PIXELS = 2 ** 20;

/**
 * Whether the three channels are equal all over the picture. That is a property of the whole: a colour photo may have grey
 * parts. Reads the picture until the first pixel that is not; one that is computed as it is read is grey where it says so.
 */
export async function isGrey({ rgb, grey }: Image, { checkpoint }: Pick<Context, "checkpoint">): Promise<boolean> {
  if (grey !== undefined || !(rgb instanceof tf.Tensor || rgb instanceof HostRaster)) return grey ?? false;
  const [, height, width] = rgb.shape;
  let pixels = FIRST_PIXELS;
  for (let top = 0, rows = 0; top < height; top += rows) {
    if (top > 0) await checkpoint();
    rows = Math.min(Math.max(1, Math.floor(pixels / width)), height - top);
    const region = { top, left: 0, height: rows, width };
    if (!(await (rgb instanceof HostRaster ? hasEqualSamples(rgb, region) : hasEqualChannels(rgb, region)))) return false;
    pixels = Math.min(8 * pixels, MOST_PIXELS);
  }
  return true;
}

/** Red less green, and green less blue. */
const DIFFERENCES = [1, 0, -1, 1, 0, -1];

async function hasEqualChannels(rgb: tf.Tensor4D, region: Region): Promise<boolean> {
  const differences = 2 * region.height * region.width;
  const equal = tf.tidy(() => {
    const rows = tf.squeeze<tf.Tensor3D>(read(rgb, region), [0]);
    const isSmall = tf.less(tf.abs(tf.matMul(rows, tf.tensor3d(DIFFERENCES, [1, 3, 2]))), TOLERANCE);
    return sumOfSquares(tf.expandDims<tf.Tensor4D>(tf.cast(isSmall, "float32")));
  });
  try {
    return (await equal.data())[0] === differences;
  } finally {
    equal.dispose();
  }
}

function hasEqualSamples({ samples, maximum }: HostRaster, { top, height, width }: Region): boolean {
  const [limit, end] = [TOLERANCE * maximum, 3 * (top + height) * width];
  for (let i = 3 * top * width; i < end; i += 3)
    if (Math.abs(samples[i]! - samples[i + 1]!) >= limit || Math.abs(samples[i + 1]! - samples[i + 2]!) >= limit) return false;
  return true;
}

/** The picture `[1, h, w, 3]` without its colours: three times its luma (BT.601). The caller owns the result. */
export const toGrey = (rgb: tf.Tensor4D): tf.Tensor4D => tf.tidy(() => tf.tile(greyOf(rgb), [1, 1, 1, 3]));

/** `toGrey` of a picture that is a tensor or in host memory, in whose place the result is. */
export function madeGrey(rgb: Raster): Raster {
  if (rgb instanceof HostRaster) {
    const { samples } = rgb;
    for (let i = 0; i < samples.length; i += 3) {
      const luma = 0.299 * samples[i]! + 0.587 * samples[i + 1]! + 0.114 * samples[i + 2]!;
      samples[i] = samples[i + 1] = samples[i + 2] = luma;
    }
    return rgb;
  }
  const grey = toGrey(rgb as tf.Tensor4D);
  rgb.dispose();
  return grey;
}
