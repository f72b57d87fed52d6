/** Parts of pictures, and the priors that go with them. */
import type { Context } from "../graph/node";
import { type Image, type Prior, type Raster, type Region, SCALE, type Size } from "../types";
import { fit } from "./fit";
import { read, sameSize, scaled, sizeOf, sizeText } from "./raster";
import { readScaled } from "./scaled";
import { mapTiles } from "./tiles";

type Work = Pick<Context, "budget" | "pause" | "progress">;

/**
 * The region of a picture of `size` that begins at `left`, `top`; a width or height of 0 goes as far as the picture. Throws
 * a sentence where it is not inside.
 */
export function regionIn(size: Size, { top, left, height, width }: Region): Region {
  const region = { top, left, height: height || size.height - top, width: width || size.width - left };
  const inside = (start: number, length: number, limit: number) =>
    Number.isInteger(start) && Number.isInteger(length) && start >= 0 && length >= 1 && start + length <= limit;
  if (!(inside(top, region.height, size.height) && inside(left, region.width, size.width)))
    throw new Error(
      `the region of ${width || "all"} × ${height || "all"} pixels at (${left}, ${top}) is not inside the picture of ${sizeText(size)}: ` +
        "choose one that is, in whole pixels",
    );
  return region;
}

/** One region of a raster, at any size. */
const part = (raster: Raster, region: Region, work: Work): Promise<Raster> =>
  mapTiles(
    { size: sizeOf(raster), region, reach: 0, scale: 1, channels: raster.shape[3], bytesPerPixel: 8 * raster.shape[3] },
    work,
    (window) => read(raster, window),
  );

/** A region of the image, colours and opacity; its colours stand for what they stood for. Throws as `regionIn`. */
export async function cropImage({ rgb, alpha, legend }: Image, wanted: Region, work: Work): Promise<Image> {
  const region = regionIn(sizeOf(rgb), wanted);
  const colours = await part(rgb, region, work);
  const kept = { rgb: colours, ...(legend && { legend }) };
  if (!alpha) return kept;
  try {
    return { ...kept, alpha: await part(alpha, region, work) };
  } catch (error) {
    colours.dispose();
    throw error;
  }
}

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
  const large = { height: SCALE * picture.height, width: SCALE * picture.width };
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
  const size = side
    ? { height: Math.max(1, Math.round(own.height * factor)), width: Math.max(1, Math.round(own.width * factor)) }
    : own;
  if (sameSize(size, own)) return { ...prior, picture };
  const channels = prior.map.shape[3];
  const bytesPerPixel = 4 * channels * (3 + Math.ceil(1 / factor) ** 2);
  const map = await mapTiles({ size, reach: 0, scale: 1, channels, bytesPerPixel }, work, (window) =>
    readScaled(prior.map, size, window),
  );
  return { ...prior, map, picture };
}
