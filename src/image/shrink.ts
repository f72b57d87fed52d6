/** Degradation of images of any size: colours by the chosen reduction, opacity by the float one. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { type Image, type Raster, type Region, SCALE } from "../types";
import { degrade8bit, degradedSize, degradeFloat } from "./degrade";
import { sizeOf } from "./raster";
import { mapTiles } from "./tiles";

type Work = Pick<Context, "budget" | "checkpoint" | "progress">;

/** The image at a quarter of its size, rounded up. "8 bit" is MATLAB's on 8-bit pictures, "float" the authors'. */
export async function shrink({ rgb, alpha }: Image, mode: "float" | "8 bit", work: Work): Promise<Image> {
  const colours = await reduce(rgb, work, mode === "float" ? degradeFloat : degrade8bit);
  if (!alpha) return { rgb: colours };
  try {
    const opacity = await reduce(alpha, work, (raster, region) => tf.clipByValue(degradeFloat(raster, region), 0, 1));
    return { rgb: colours, alpha: opacity };
  } catch (error) {
    colours.dispose();
    throw error;
  }
}

/** Maps of the large picture's tile held at once. */
const MAPS = 8;

function reduce(raster: Raster, work: Work, compute: (raster: Raster, region: Region) => tf.Tensor4D): Promise<Raster> {
  const channels = raster.shape[3];
  const size = degradedSize(sizeOf(raster));
  const bytesPerPixel = 4 * channels * SCALE * SCALE * MAPS;
  return mapTiles({ size, reach: 0, scale: 1, channels, bytesPerPixel }, work, (window) => compute(raster, window));
}
