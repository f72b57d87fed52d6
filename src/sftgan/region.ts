/**
 * The generator on one region of a picture: what a run over the whole picture gives there, computed from no more than it
 * depends on. The window around the region is widest at the head and shrinks towards the picture, as what it is needed for
 * does.
 */
import type { Context } from "../graph/node";
import { expand, read, sizeOf, within } from "../image/raster";
import { mapTiles } from "../image/tiles";
import { type Image, type Model, type Prior, type Raster, type Region, SCALE, type Size } from "../types";
import { conditionOf } from "./condition";
import { head, REACH, residualBlock, upsample } from "./generator";
import { STEP_MAPS } from "./trunk";

type Work = Pick<Context, "budget" | "pause" | "progress">;

/** Blocks between two cuts of the window: a cut costs a copy. */
const BLOCKS_PER_CUT = 4;
/** Share of the blocks in the work, for the progress. */
const TRUNK_SHARE = 0.6;

/** The features that a region's result depends on after `blocks` residual blocks. */
const windowAfter = (model: Model, blocks: number, region: Region, size: Size): Region =>
  expand(region, REACH.upsample + REACH.block * (model.blocks - blocks), size);

/** The head's features `[1, height, width, F]` that the results in one region depend on, whatever the prior. */
export function headAround(model: Model, { rgb }: Image, region: Region, work: Work): Promise<Raster> {
  const size = sizeOf(rgb);
  const bytesPerPixel = model.features * 4 * STEP_MAPS;
  const tiling = { size, region: windowAfter(model, 0, region, size), reach: REACH.head, scale: 1, channels: model.features };
  return mapTiles({ ...tiling, bytesPerPixel }, work, (window) => head(model, read(rgb, window)));
}

/**
 * The picture `[1, 4·height, 4·width, 3]` of one region of a picture of `size`, unclipped; `features` are `headAround` it. With
 * no prior the SFT layers pass features as they are (×1 +0). The caller owns the result. Throws as the network's stages do.
 */
export async function enlargeRegion(
  model: Model,
  features: Raster,
  prior: Prior | undefined,
  region: Region,
  size: Size,
  work: Work,
): Promise<Raster> {
  const modulation = prior !== undefined;
  const around = windowAfter(model, 0, region, size);
  const condition = prior && (await conditionOf(model, prior, around, size, { ...work, progress: () => {} }));
  const conditionIn = (part: Region) => condition && read(condition, within(part, around));
  let [x, window] = [features, around];
  try {
    for (let done = 0; done < model.blocks; ) {
      const until = Math.min(done + BLOCKS_PER_CUT, model.blocks);
      const [before, at, from] = [x, window, done];
      const next = windowAfter(model, until, region, size);
      const tiling = { size: at, region: within(next, at), reach: REACH.block * (until - done), scale: 1 };
      const progress = (part: number) => work.progress((TRUNK_SHARE * (from + part * (until - from))) / model.blocks);
      const bytesPerPixel = model.features * 4 * STEP_MAPS;
      x = await mapTiles({ ...tiling, channels: model.features, bytesPerPixel }, { ...work, progress }, (tile) => {
        const slice = conditionIn(outside(tile, at));
        let y = read(before, tile);
        for (let i = from; i < until; i++) y = residualBlock(model, i, y, slice, modulation);
        return y;
      });
      if (before !== features) before.dispose();
      [window, done] = [next, until];
    }
    const [last, at] = [x, window];
    const tiling = { size: at, region: within(region, at), reach: REACH.upsample, scale: SCALE, channels: 3 };
    const bytesPerPixel = SCALE * SCALE * model.features * 4 * STEP_MAPS;
    const progress = (part: number) => work.progress(TRUNK_SHARE + (1 - TRUNK_SHARE) * part);
    return await mapTiles({ ...tiling, bytesPerPixel }, { ...work, progress }, (tile) => {
      const part = outside(tile, at);
      return upsample(model, read(last, tile), read(features, within(part, around)), conditionIn(part), modulation);
    });
  } finally {
    if (x !== features) x.dispose();
    condition?.dispose();
  }
}

/** A part of a window, seen from the picture that the window is in. */
const outside = ({ top, left, height, width }: Region, window: Region): Region => ({
  top: top + window.top,
  left: left + window.left,
  height,
  width,
});
