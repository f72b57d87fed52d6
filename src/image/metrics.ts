/**
 * PSNR and SSIM of two pictures as MATLAB evaluation scripts of super-resolution compute them: both rounded to 8 bits, then
 * their luma (BT.601, 16 to 235) rounded to 8 bits, as rgb2ycbcr does with 8-bit pictures; 4 pixels shaved off each side.
 */
import * as tf from "@tensorflow/tfjs-core";
import { SCALE } from "../types";
import { roundLevels, toLevels } from "./eight-bit";
import { luma } from "./luma";
import { sameSize, sizeOf, sizeText } from "./raster";

/** Pixels that a ×4 network sees only half of, at each side. */
const SHAVE = SCALE;
const PEAK = 255;

const WINDOW = 11;
const SIGMA = 1.5;
const C1 = (0.01 * PEAK) ** 2;
const C2 = (0.03 * PEAK) ** 2;
/** Taken off both pictures before they are squared, so that float32 keeps the small variances of flat parts. */
const MIDDLE = 125;

/**
 * Peak signal-to-noise ratio in decibels, the peak being 255; Infinity for equal pictures. Pictures are `[1, h, w, 3]`,
 * 0 to 1. Throws a sentence where their sizes differ or less than one pixel is left to measure.
 */
export async function psnr(a: tf.Tensor4D, b: tf.Tensor4D): Promise<number> {
  check("PSNR", a, b, 1);
  const error = await numberOf(() => meanOf(tf.squaredDifference(measured(a), measured(b))));
  return 10 * Math.log10(PEAK ** 2 / error);
}

/**
 * Structural similarity (Wang et al., IEEE TIP 2004): mean over all windows of 11×11 pixels inside the shaved picture,
 * Gaussian with sigma 1.5, K = 0.01 and 0.03; 1 for equal pictures. Pictures are `[1, h, w, 3]`, 0 to 1. Throws a
 * sentence where their sizes differ or no window fits.
 */
export async function ssim(a: tf.Tensor4D, b: tf.Tensor4D): Promise<number> {
  check("SSIM", a, b, WINDOW);
  return numberOf(() => {
    const x = tf.sub(measured(a), MIDDLE) as tf.Tensor4D;
    const y = tf.sub(measured(b), MIDDLE) as tf.Tensor4D;
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
    return meanOf(tf.mul(luminance, contrastStructure));
  });
}

/** The shaved 8-bit luma `[1, h - 8, w - 8, 1]`. */
function measured(picture: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = picture.shape;
  const y = roundLevels(luma(tf.div(toLevels(picture), PEAK)));
  return tf.slice(y, [0, SHAVE, SHAVE, 0], [1, height - 2 * SHAVE, width - 2 * SHAVE, 1]);
}

/** Gaussian window of every place where it fits. */
function blur(x: tf.Tensor4D): tf.Tensor4D {
  const bell = Array.from({ length: WINDOW }, (_, i) => Math.exp(-((i - (WINDOW - 1) / 2) ** 2) / (2 * SIGMA ** 2)));
  const sum = bell.reduce((a, b) => a + b);
  const weights = bell.map((w) => w / sum);
  const down = tf.conv2d(x, tf.tensor4d(weights, [WINDOW, 1, 1, 1]), 1, "valid");
  return tf.conv2d(down, tf.tensor4d(weights, [1, WINDOW, 1, 1]), 1, "valid");
}

/** The mean of `[1, h, w, 1]`, row by row: one float32 sum over a whole picture (wasm) loses the third digit. */
const meanOf = (x: tf.Tensor): tf.Tensor => tf.mean(tf.mean(x, 2));

/** Computes one number and leaves no tensor behind. */
async function numberOf(compute: () => tf.Tensor): Promise<number> {
  const scalar = tf.tidy(compute);
  try {
    return (await scalar.data())[0]!;
  } finally {
    scalar.dispose();
  }
}

function check(metric: string, a: tf.Tensor4D, b: tf.Tensor4D, window: number): void {
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
}
