/** Pictures at another size, antialiased, of any size: exact tile by tile. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import type { Image, Raster, Size } from "../types";
import { readScaled } from "./scaled";
import { mapTiles } from "./tiles";

type Work = Pick<Context, "budget" | "checkpoint" | "progress">;

/** What a size is asked for by: pixels, 0 where they follow from the rest; `factor` where both are 0. */
export interface SizeAsked {
  readonly width: number;
  readonly height: number;
  readonly factor: number;
}

/**
 * The size of a picture of `size` in the same proportions: of the width or the height that is asked for, the largest that fits
 * into both, or `factor` times `reference`. Rounded, at least 1 × 1.
 */
export function resizedSize(size: Size, { width, height, factor }: SizeAsked, reference: Size = size): Size {
  const both = Math.min(
    width > 0 ? width / size.width : Number.POSITIVE_INFINITY,
    height > 0 ? height / size.height : Number.POSITIVE_INFINITY,
  );
  const [of, times] = Number.isFinite(both) ? [size, both] : [reference, factor];
  const side = (length: number) => Math.max(1, Math.round(length * times));
  return { width: side(of.width), height: side(of.height) };
}

/** The image at another size by the antialiased cubic kernel of MATLAB's imresize; what is grey stays so. The caller owns it. */
export async function resizeImage({ rgb, alpha, grey }: Image, size: Size, work: Work): Promise<Image> {
  const colours = await resized(rgb, size, work, (part) => part);
  const marks = grey === undefined ? {} : { grey };
  if (!alpha) return { rgb: colours, ...marks };
  try {
    const opacity = await resized(alpha, size, work, (part) => tf.clipByValue(part, 0, 1));
    return { rgb: colours, alpha: opacity, ...marks };
  } catch (error) {
    colours.dispose();
    throw error;
  }
}

/** Maps of a tile, and of what it is made from, that are held at once. */
const MAPS = 4;

function resized(raster: Raster, size: Size, work: Work, finish: (part: tf.Tensor4D) => tf.Tensor4D): Promise<Raster> {
  const [, height, width, channels] = raster.shape;
  const source = Math.max(1, (height * width) / (size.height * size.width));
  const bytesPerPixel = 4 * channels * (1 + source) * MAPS;
  return mapTiles({ size, reach: 0, scale: 1, channels, bytesPerPixel }, work, (window) =>
    tf.tidy(() => finish(readScaled(raster, size, window, "cubic"))),
  );
}

/** Whether a side of the result is longer than that of the picture: there is nothing to make it from. */
export const isLarger = (size: Size, than: Size): boolean => size.width > than.width || size.height > than.height;
