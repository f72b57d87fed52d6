/** Maps read at another resolution than their own, region by region. */
import type * as tf from "@tensorflow/tfjs-core";
import type { Raster, Region, Size } from "../types";
import { read, sameSize, sizeOf } from "./raster";
import { type Kernel, resampleRegion } from "./resample";

/**
 * A region of `raster` resized to `outputSize`, as a tensor `[1, height, width, c]` that the caller owns; exact in whatever
 * regions it is read. Linear, for which probabilities stay probabilities, repeats the edge beyond it; cubic mirrors the map
 * there, as the authors' `imresize`.
 */
export function readScaled(raster: Raster, outputSize: Size, region: Region, kernel: Kernel = "linear"): tf.Tensor4D {
  const sourceSize = sizeOf(raster);
  if (sameSize(sourceSize, outputSize)) return read(raster, region);
  const { needs, apply } = resampleRegion({
    sourceSize,
    outputSize,
    region,
    kernel,
    border: kernel === "cubic" ? "mirror" : "replicate",
  });
  const part = read(raster, needs);
  try {
    return apply(part);
  } finally {
    part.dispose();
  }
}
