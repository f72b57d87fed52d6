/** A prior as a picture in class colours. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { CLASS_COLOURS, type Image, type Prior, type Region } from "../types";
import { colourPrior, overlay } from "./classes";
import { sizeOf } from "./raster";
import { readScaled } from "./scaled";
import { mapTiles } from "./tiles";

/** Colours for channels: the class colours for eight, a scale from dark to light for any other number. */
export function channelColours(count: number): readonly (readonly [number, number, number])[] {
  if (count === CLASS_COLOURS.length) return CLASS_COLOURS;
  if (count === 1) return [[255, 255, 255]];
  return Array.from({ length: count }, (_, i) => {
    const t = i / (count - 1);
    return [Math.round(40 + 215 * t), Math.round(60 + 150 * Math.sin(Math.PI * t)), Math.round(220 - 180 * t)] as const;
  });
}

/**
 * The prior in colours `[1, H, W, 3]`: at its own resolution, or laid over the picture at the finer resolution of the two.
 * `opacity` is that of the colours, 0 to 1.
 */
export async function showPrior(
  prior: Prior,
  picture: Image | undefined,
  opacity: number,
  work: Pick<Context, "budget" | "pause" | "progress">,
): Promise<Image> {
  const own = sizeOf(prior.map);
  const photo = picture ? sizeOf(picture.rgb) : own;
  const size = own.height * own.width >= photo.height * photo.width ? own : photo;
  const colours = channelColours(prior.map.shape[3]);
  const shown = (window: Region) => {
    const coloured = colourPrior(readScaled(prior.map, size, window), colours);
    return picture ? overlay(readScaled(picture.rgb, size, window), coloured, opacity) : coloured;
  };
  return {
    rgb: await mapTiles({ size, reach: 0, scale: 1, channels: 3, bytesPerPixel: 4 * (2 * colours.length + 12) }, work, (w) =>
      tf.tidy(() => shown(w)),
    ),
  };
}
