/** The condition network on priors of any size and resolution. */
import type { Context } from "../graph/node";
import { scaled } from "../image/raster";
import { readScaled } from "../image/scaled";
import { mapTiles } from "../image/tiles";
import { type Model, type Prior, type Raster, type Region, SCALE, type Size } from "../types";
import { conditionNet } from "./generator";

/** Channels of the condition network's hidden layers (paper, section 3.1). */
const HIDDEN = 128;

/**
 * The condition `[1, h, w, C]` of one region of a picture of `size`, in its pixels; the prior is enlarged to four times that
 * size as it is read, tile by tile.
 */
export function conditionOf(
  model: Model,
  { map }: Prior,
  region: Region,
  size: Size,
  work: Pick<Context, "budget" | "pause" | "progress">,
): Promise<Raster> {
  const enlarged = { height: SCALE * size.height, width: SCALE * size.width };
  const bytesPerPixel = 4 * (2 * SCALE * SCALE * model.classes + 4 * HIDDEN);
  return mapTiles({ size, region, reach: 0, scale: 1, channels: model.condition, bytesPerPixel }, work, (window) =>
    conditionNet(model, readScaled(map, enlarged, scaled(window, SCALE))),
  );
}
