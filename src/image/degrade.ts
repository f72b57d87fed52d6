/** High resolution to low: the two antialiased bicubic ×1/4 reductions that super-resolution is measured with. */
import * as tf from "@tensorflow/tfjs-core";
import { SCALE, type Size } from "../types";
import { roundLevels, toLevels } from "./eight-bit";
import { resample } from "./resample";

/** The size of a picture at a quarter, rounded up, as `imresize(picture, 0.25)` gives it. */
export const degradedSize = ({ height, width }: Size): Size => ({
  height: Math.ceil(height / SCALE),
  width: Math.ceil(width / SCALE),
});

/**
 * The authors' `imresize(hr, 1/4)` in Python: float throughout, mirrored borders. `[1, H, W, c]` to
 * `[1, ceil(H/4), ceil(W/4), c]`. The caller owns the result.
 */
export function degradeFloat(hr: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = hr.shape;
  return resample(hr, { outputSize: degradedSize({ height, width }), scale: 1 / SCALE });
}

/**
 * MATLAB's `imresize(hr, 1/4)` of an 8-bit picture, which made the standard benchmarks: columns first, rounded to 8 bits,
 * then rows, rounded again; edge pixels replicated. `[1, H, W, c]`, 0 to 1, is rounded to 8 bits first; the result
 * `[1, ceil(H/4), ceil(W/4), c]` holds k/255. Exact: the weights are multiples of 1/4096, so float32 holds every sum.
 * The caller owns the result.
 */
export function degrade8bit(hr: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = hr.shape;
  const small = degradedSize({ height, width });
  return tf.tidy(() => {
    const columns = resample(toLevels(hr), {
      outputSize: { height: small.height, width },
      scale: { vertical: 1 / SCALE, horizontal: 1 },
      border: "replicate",
    });
    const both = resample(roundLevels(columns), {
      outputSize: small,
      scale: { vertical: 1, horizontal: 1 / SCALE },
      border: "replicate",
    });
    return tf.div(roundLevels(both), 255);
  });
}
