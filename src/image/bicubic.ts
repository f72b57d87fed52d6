/** The reference ×4 enlargement: the authors' Python `imresize` (SFTGAN, pytorch_test), bicubic with mirrored borders. */

import type * as tf from "@tensorflow/tfjs-core";
import { scaledSize } from "../region";
import { type Region, SCALE, type Size } from "../types";
import { type RegionResampler, resample, resampleRegion } from "./resample";

/** Enlarges `[1, h, w, c]` to `[1, 4h, 4w, c]`. Overshoot is kept. The caller owns the result. */
export function bicubicUp4(source: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = source.shape;
  return resample(source, { outputSize: scaledSize({ height, width }, SCALE), scale: SCALE });
}

/** One region of `bicubicUp4` of a picture of `sourceSize`; `region` is in pixels of the enlarged picture. */
export const bicubicUp4Region = (sourceSize: Size, region: Region): RegionResampler =>
  resampleRegion({ sourceSize, outputSize: scaledSize(sourceSize, SCALE), scale: SCALE, region });
