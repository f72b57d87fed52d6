/** High resolution to low: the two antialiased bicubic ×1/4 reductions that super-resolution is measured with. */
import * as tf from "@tensorflow/tfjs-core";
import { whole } from "../region";
import { type Raster, type Region, SCALE, type Size } from "../types";
import { roundLevels, toLevels } from "./eight-bit";
import { read, sizeOf } from "./raster";
import { resampleRegion } from "./resample";

/** The size of a picture at a quarter, rounded up, as `imresize(picture, 0.25)` gives it. */
export const degradedSize = ({ height, width }: Size): Size => ({
  height: Math.ceil(height / SCALE),
  width: Math.ceil(width / SCALE),
});

/**
 * A region of the authors' `imresize(hr, 1/4)` in Python: float throughout, mirrored borders. `[1, H, W, c]` to
 * `[1, ceil(H/4), ceil(W/4), c]`, or to `region` of that. The caller owns the result.
 */
export function degradeFloat(hr: Raster, region: Region = whole(degradedSize(sizeOf(hr)))): tf.Tensor4D {
  const sourceSize = sizeOf(hr);
  const { needs, apply } = resampleRegion({ sourceSize, outputSize: degradedSize(sourceSize), scale: 1 / SCALE, region });
  return tf.tidy(() => apply(read(hr, needs)));
}

/**
 * A region of MATLAB's `imresize(hr, 1/4)` of an 8-bit picture, which made the standard benchmarks: columns first, rounded to
 * 8 bits, then rows, rounded again; edge pixels replicated. `[1, H, W, c]`, 0 to 1, is rounded to 8 bits first; the result
 * `[1, ceil(H/4), ceil(W/4), c]`, or `region` of that, holds k/255. Exact: the weights are multiples of 1/4096, so float32
 * holds every sum. The caller owns the result.
 */
export function degrade8bit(hr: Raster, region: Region = whole(degradedSize(sizeOf(hr)))): tf.Tensor4D {
  const large = sizeOf(hr);
  const small = degradedSize(large);
  const low = { height: small.height, width: large.width };
  const across = resampleRegion({
    sourceSize: low,
    outputSize: small,
    scale: { vertical: 1, horizontal: 1 / SCALE },
    border: "replicate",
    region,
  });
  const down = resampleRegion({
    sourceSize: large,
    outputSize: low,
    scale: { vertical: 1 / SCALE, horizontal: 1 },
    border: "replicate",
    region: across.needs,
  });
  return tf.tidy(() => {
    const columns = roundLevels(down.apply(toLevels(read(hr, down.needs))));
    return tf.div(roundLevels(across.apply(columns)), 255);
  });
}
