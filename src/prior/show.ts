/** A prior as a picture in class colours. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { colourBar } from "../image/legend";
import { sizeOf } from "../image/raster";
import { readScaled } from "../image/scaled";
import { statistics } from "../image/statistics";
import { mapTiles } from "../image/tiles";
import type { Image, Legend, Prior, Region } from "../types";
import { colourPrior, overlay } from "./classes";
import { channelColours, colourKey } from "./legend";

/**
 * The prior in colours `[1, H, W, 3]`: at its own resolution, or laid over the picture at the finer resolution of the two.
 * `opacity` is that of the colours, 0 to 1. A legend says what they stand for.
 */
export async function showPrior(
  prior: Prior,
  picture: Image | undefined,
  opacity: number,
  work: Pick<Context, "budget" | "checkpoint" | "progress">,
): Promise<Image> {
  const own = sizeOf(prior.map);
  const photo = picture ? sizeOf(picture.rgb) : own;
  const size = own.height * own.width >= photo.height * photo.width ? own : photo;
  const colours = channelColours(prior.map.shape[3]);
  const shown = (window: Region) => {
    const coloured = colourPrior(readScaled(prior.map, size, window), colours);
    return picture ? overlay(readScaled(picture.rgb, size, window), coloured, opacity) : coloured;
  };
  const legend = await legendOf(prior, Boolean(picture) && opacity < 1, work);
  return {
    ...(legend && { legend }),
    rgb: await mapTiles({ size, reach: 0, scale: 1, channels: 3, bytesPerPixel: 4 * (2 * colours.length + 12) }, work, (w) =>
      tf.tidy(() => shown(w)),
    ),
  };
}

/** The names of the colours; of one channel its numbers, unless a photo shines through. */
async function legendOf(
  { map, channels }: Prior,
  mixed: boolean,
  work: Pick<Context, "budget" | "checkpoint">,
): Promise<Legend | undefined> {
  if (channels.length !== 1) return colourKey(channels);
  if (mixed) return undefined;
  return colourBar("grey", channels[0]!, { low: 0, high: 1 }, (await statistics(map, work))[0]!);
}
