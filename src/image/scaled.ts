/** Maps read at another resolution than their own, region by region. */
import type * as tf from "@tensorflow/tfjs-core";
import { sameSize } from "../region";
import type { Raster, Region, Size } from "../types";
import type { Kernel } from "./passes";
import { read, sizeOf } from "./raster";
import { type RegionResampler, resampleRegion } from "./resample";

/**
 * How a region of a map of `sourceSize` resized to `outputSize` is made; exact in whatever regions it is read. Linear, for
 * which probabilities stay probabilities, repeats the edge beyond it; cubic mirrors the map there, as the authors' `imresize`.
 */
export const scaling = (sourceSize: Size, outputSize: Size, region: Region, kernel: Kernel = "linear"): RegionResampler =>
  resampleRegion({ sourceSize, outputSize, region, kernel, border: kernel === "cubic" ? "mirror" : "replicate" });

/** A region of `raster` resized to `outputSize`, as `scaling` says, as a tensor `[1, height, width, c]` that the caller owns. */
export function readScaled(raster: Raster, outputSize: Size, region: Region, kernel: Kernel = "linear"): tf.Tensor4D {
  const sourceSize = sizeOf(raster);
  if (sameSize(sourceSize, outputSize)) return read(raster, region);
  const { needs, apply } = scaling(sourceSize, outputSize, region, kernel);
  const part = read(raster, needs);
  try {
    return apply(part);
  } finally {
    part.dispose();
  }
}
