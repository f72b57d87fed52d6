/** Bicubic ×4 of pictures of any size: the baseline, and what enlarges opacity. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { scaled, whole } from "../region";
import { type Image, type Raster, type Region, SCALE } from "../types";
import { bicubicUp4Region } from "./bicubic";
import { DeferredRaster, read, sizeOf } from "./raster";
import { mapTiles } from "./tiles";

type Work = Pick<Context, "budget" | "checkpoint" | "progress">;

/** The picture four times the size, colours and opacity. Colours may overshoot; opacity is clipped to 0…1. */
export async function bicubicEnlarge({ rgb, alpha }: Image, work: Work): Promise<Image> {
  const large = await bicubicEnlargeRaster(rgb, work, { clip: false });
  if (!alpha) return { rgb: large };
  try {
    return { rgb: large, alpha: await bicubicEnlargeRaster(alpha, work, { clip: true }) };
  } catch (error) {
    large.dispose();
    throw error;
  }
}

/** `[1, h, w, c]` to `[1, 4h, 4w, c]` by the authors' bicubic, tile by tile; or one region of it, in low-resolution pixels. */
export async function bicubicEnlargeRaster(
  raster: Raster,
  work: Work,
  { clip, region = whole(sizeOf(raster)) }: { readonly clip: boolean; readonly region?: Region },
): Promise<Raster> {
  const size = sizeOf(raster);
  const channels = raster.shape[3];
  const tiling = { size, region, reach: 0, scale: SCALE, channels, bytesPerPixel: 3 * SCALE * SCALE * channels * 4 };
  return mapTiles(tiling, work, (window) => {
    const { needs, apply } = bicubicUp4Region(size, scaled(window, SCALE));
    const large = apply(read(raster, needs));
    return clip ? tf.clipByValue(large, 0, 1) : large;
  });
}

/** `bicubicEnlargeRaster` for looking at parts: each region is computed when it is read. */
export function deferEnlargedRaster(raster: Raster, { clip }: { readonly clip: boolean }): Raster {
  const [, height, width, channels] = raster.shape;
  return new DeferredRaster([1, SCALE * height, SCALE * width, channels], [raster], (region) => {
    const { needs, apply } = bicubicUp4Region({ height, width }, region);
    const large = apply(read(raster, needs));
    return clip ? tf.clipByValue(large, 0, 1) : large;
  });
}
