/**
 * Degradation of images of any size: colours by the chosen reduction, then by what a picture meets on its way; opacity by the
 * float one.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { type Image, type Raster, type Region, SCALE } from "../types";
import { degrade8bit, degradedSize, degradeFloat } from "./degrade";
import { toLevels } from "./eight-bit";
import { blurInside, gaussianReach } from "./gaussian";
import { compressedRegion } from "./jpeg";
import { gaussianNoise } from "./noise";
import { DeferredRaster, read, readBeyond, sizeOf } from "./raster";
import { mapTiles } from "./tiles";

type Work = Pick<Context, "budget" | "checkpoint" | "progress">;

export interface Degradation {
  /** "8 bit" is MATLAB's on 8-bit pictures, "float" the authors'. */
  readonly mode: "float" | "8 bit";
  /** Standard deviation of a Gaussian in pixels of the small picture; 0: none. */
  readonly blur: number;
  /** Standard deviation in levels of 255; 0: none. */
  readonly noise: number;
  /** Quality of a JPEG file, 1 to 100; 0: none. */
  readonly jpeg: number;
  /** A whole number that says which noise it is. */
  readonly seed: number;
}

/** The image at a quarter of its size, rounded up, then blurred, noisy and compressed. Opacity is only shrunk. */
export async function shrink({ rgb, alpha }: Image, degradation: Degradation, work: Work): Promise<Image> {
  const reduction = degradation.mode === "float" ? degradeFloat : degrade8bit;
  const colours = await harm(await reduce(rgb, work, reduction), degradation, work);
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

/** Blur, then noise, then JPEG, in the order a picture meets them. Takes `colours` over. */
async function harm(colours: Raster, { mode, blur, noise, jpeg, seed }: Degradation, work: Work): Promise<Raster> {
  if (!blur && !noise && !jpeg) return colours;
  try {
    const [, height, width, channels] = colours.shape;
    const step = (before: Raster, compute: (region: Region) => tf.Tensor4D) =>
      new DeferredRaster([1, height, width, channels], [before], compute);
    const blurred = blur
      ? step(colours, (region) => blurInside(readBeyond(colours, around(region, gaussianReach(blur))), blur))
      : colours;
    const noisy = noise
      ? step(blurred, (region) => tf.add(read(blurred, region), tf.mul(gaussianNoise(region, 3, seed), noise / 255)))
      : blurred;
    const compressed = jpeg ? step(noisy, (region) => compressedRegion(noisy, region, jpeg)) : noisy;
    const whole = mode === "8 bit" ? step(compressed, (region) => tf.div(toLevels(read(compressed, region)), 255)) : compressed;
    const tiling = { size: sizeOf(colours), reach: 0, scale: 1, channels: 3, bytesPerPixel: 4 * 3 * 4 * MAPS };
    return await mapTiles(tiling, work, (window) => read(whole, window));
  } finally {
    colours.dispose();
  }
}

/** The region with `reach` more pixels on every side, wherever the picture ends. */
const around = ({ top, left, height, width }: Region, reach: number): Region => ({
  top: top - reach,
  left: left - reach,
  height: height + 2 * reach,
  width: width + 2 * reach,
});
