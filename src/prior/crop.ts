/** Priors of parts of pictures, and priors stretched to other pictures. */
import type { Context } from "../graph/node";
import { regionIn } from "../image/crop";
import { sizeOf } from "../image/raster";
import { readScaled } from "../image/scaled";
import { mapTiles } from "../image/tiles";
import { sameSize, scaled, scaledSize, wholeSize } from "../region";
import { type Prior, type Region, SCALE, type Size } from "../types";
import { fit } from "./fit";

type Work = Pick<Context, "budget" | "checkpoint" | "progress">;

/**
 * The prior of a region of its picture, in the picture's pixels: what the condition net would have read there, at four times
 * the region's size. A map of one place stays one. Throws as `regionIn`.
 */
export async function cropPrior(prior: Prior, wanted: Region, work: Work): Promise<Prior> {
  const own = sizeOf(prior.map);
  const picture = prior.picture ?? fit(own, undefined, "exact");
  const region = regionIn(picture, wanted);
  const belongsTo = { height: region.height, width: region.width };
  if (own.height * own.width === 1) return { ...prior, picture: belongsTo };
  const large = scaledSize(picture, SCALE);
  const channels = prior.map.shape[3];
  const tiling = { size: large, region: scaled(region, SCALE), reach: 0, scale: 1, channels, bytesPerPixel: 4 * 4 * channels };
  const map = await mapTiles(tiling, work, (window) => readScaled(prior.map, large, window));
  return { ...prior, map, picture: belongsTo };
}

/**
 * The prior stretched to another picture, its map so that the longer side has `side` places; 0: the map as it is. Shrinking
 * averages, so probabilities stay probabilities.
 */
export async function resizePrior(prior: Prior, picture: Size, side: number, work: Work): Promise<Prior> {
  const own = sizeOf(prior.map);
  const factor = side / Math.max(own.height, own.width);
  const size = side ? wholeSize(scaledSize(own, factor)) : own;
  if (sameSize(size, own)) return { ...prior, picture };
  const channels = prior.map.shape[3];
  const bytesPerPixel = 4 * channels * (3 + Math.ceil(1 / factor) ** 2);
  const map = await mapTiles({ size, reach: 0, scale: 1, channels, bytesPerPixel }, work, (window) =>
    readScaled(prior.map, size, window),
  );
  return { ...prior, map, picture };
}
