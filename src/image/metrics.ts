/**
 * PSNR and SSIM of two pictures as MATLAB evaluation scripts of super-resolution compute them: both rounded to 8 bits, then
 * their luma (BT.601, 16 to 235) rounded to 8 bits, as rgb2ycbcr does with 8-bit pictures; 4 pixels shaved off each side.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { sameSize, sizeText } from "../region";
import { type Raster, type Region, SCALE, type Size } from "../types";
import { roundLevels, toLevels } from "./eight-bit";
import { gaussianWindows } from "./gaussian";
import { luma } from "./luma";
import { read, sizeOf } from "./raster";
import { tiles } from "./tiles";

type Work = Pick<Context, "budget" | "checkpoint" | "progress">;

/** Pixels that a ×4 network sees only half of, at each side. */
const SHAVE = SCALE;
const PEAK = 255;

const WINDOW = 11;
const SIGMA = 1.5;
const C1 = (0.01 * PEAK) ** 2;
const C2 = (0.03 * PEAK) ** 2;
/** Taken off both pictures before they are squared, so that float32 keeps the small variances of flat parts. */
const MIDDLE = 125;

/** Pixels looked at in one go, and channels of them held at once. */
const MOST_PIXELS = 512 * 512;
const MAPS = 40;

/**
 * Peak signal-to-noise ratio in decibels, the peak being 255; Infinity for equal pictures. Pictures are `[1, h, w, 3]`,
 * 0 to 1. Throws an error where their sizes differ or less than one pixel is left to measure.
 * Stops between tiles when cancelled.
 */
export async function psnr(a: Raster, b: Raster, work: Work): Promise<number> {
  const error = await meanInTiles("PSNR", a, b, 1, work, (x, y) => tf.squaredDifference(x, y));
  return 10 * Math.log10(PEAK ** 2 / error);
}

/**
 * Structural similarity (Wang et al., IEEE TIP 2004): mean over all windows of 11×11 pixels inside the shaved picture,
 * Gaussian with sigma 1.5, K = 0.01 and 0.03; 1 for equal pictures. Pictures are `[1, h, w, 3]`, 0 to 1. Throws an
 * error where their sizes differ or no window fits. Stops between tiles when cancelled.
 */
export async function ssim(a: Raster, b: Raster, work: Work): Promise<number> {
  return meanInTiles("SSIM", a, b, WINDOW, work, (one, other) => {
    const x = tf.sub(one, MIDDLE) as tf.Tensor4D;
    const y = tf.sub(other, MIDDLE) as tf.Tensor4D;
    const meanX = blur(x);
    const meanY = blur(y);
    const varianceX = tf.sub(blur(tf.square(x)), tf.square(meanX));
    const varianceY = tf.sub(blur(tf.square(y)), tf.square(meanY));
    const covariance = tf.sub(blur(tf.mul(x, y)), tf.mul(meanX, meanY));
    const lightX = tf.add(meanX, MIDDLE);
    const lightY = tf.add(meanY, MIDDLE);
    const luminance = tf.div(
      tf.add(tf.mul(tf.mul(lightX, lightY), 2), C1),
      tf.add(tf.add(tf.square(lightX), tf.square(lightY)), C1),
    );
    const contrastStructure = tf.div(tf.add(tf.mul(covariance, 2), C2), tf.add(tf.add(varianceX, varianceY), C2));
    return tf.mul(luminance, contrastStructure);
  });
}

/**
 * The mean over all places of the shaved pictures where a window of `window` × `window` pixels fits. `compute` is given the
 * 8-bit luma `[1, h, w, 1]` of a tile of both and returns one value per window in it. Tiles overlap by `window - 1` pixels,
 * so that every window is in one of them, and are added up in double precision.
 */
async function meanInTiles(
  metric: string,
  a: Raster,
  b: Raster,
  window: number,
  { budget, checkpoint, progress }: Work,
  compute: (a: tf.Tensor4D, b: tf.Tensor4D) => tf.Tensor,
): Promise<number> {
  const { height, width } = measurable(metric, a, b, window);
  const regions = tiles({ height, width }, 0, Math.min(MOST_PIXELS, budget / 2 / (4 * MAPS)));
  let sum = 0;
  for (const [index, tile] of regions.entries()) {
    const seen = {
      top: tile.top + SHAVE,
      left: tile.left + SHAVE,
      height: tile.height + window - 1,
      width: tile.width + window - 1,
    };
    // Row by row: one float32 sum over a whole tile (wasm) loses digits.
    const mean = tf.tidy(() => tf.mean(tf.mean(compute(measured(a, seen), measured(b, seen)), 2)));
    try {
      sum += (await mean.data())[0]! * tile.height * tile.width;
    } finally {
      mean.dispose();
    }
    progress((index + 1) / regions.length);
    await checkpoint();
  }
  return sum / (height * width);
}

/** The 8-bit luma of a region `[1, h, w, 1]`. */
const measured = (picture: Raster, region: Region): tf.Tensor4D =>
  tf.tidy(() => roundLevels(luma(tf.div(toLevels(read(picture, region)), PEAK))));

const blur = (x: tf.Tensor4D): tf.Tensor4D => gaussianWindows(x, SIGMA, (WINDOW - 1) / 2);

/** How many windows fit into the shaved pictures, each way. Throws an error where none does, or sizes differ. */
function measurable(metric: string, a: Raster, b: Raster, window: number): Size {
  const [one, other] = [sizeOf(a), sizeOf(b)];
  if (!sameSize(one, other)) {
    throw new Error(
      `${metric} compares pictures of one size, and these are ${sizeText(one)} and ${sizeText(other)} pixels: resize or crop one of them`,
    );
  }
  const least = 2 * SHAVE + window;
  if (Math.min(one.height, one.width) < least) {
    throw new Error(
      `${metric} needs pictures of ${least} × ${least} pixels or more, and these are ${sizeText(one)}: give larger ones`,
    );
  }
  return { height: one.height - least + 1, width: one.width - least + 1 };
}
