/**
 * The generator on one region of a picture: what a run over the whole picture gives there, computed from no more than it
 * depends on. The window around the region is widest at the head and shrinks towards the picture, as what it is needed for
 * does.
 */
import { sizeOf } from "../image/raster";
import { expand, within } from "../region";
import type { Image, Model, Prior, Raster, Region, Size } from "../types";
import { stepsThrough } from "./blocks";
import { conditionOf } from "./condition";
import { head, residualBlocks, upsample } from "./generator";
import { stageReach } from "./reach";
import { mapStage, type Work } from "./stage";

/** Share of the blocks in the work, for the progress. */
const TRUNK_SHARE = 0.6;

/** The features that a region's result depends on with `left` residual blocks to come. */
function windowWith(left: number, model: Model, region: Region, size: Size): Region {
  const { upsample, block } = stageReach(model);
  return expand(region, upsample + block * left, size);
}

/** The head's features `[1, height, width, F]` that the results in one region depend on, whatever the prior. */
export function headAround(model: Model, { rgb }: Image, region: Region, work: Work): Promise<Raster> {
  const size = sizeOf(rgb);
  const around = windowWith(model.blocks, model, region, size);
  return mapStage({ model, network: head(model), inputs: { image: rgb }, size, region: around }, work, { stays: true });
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
  const around = windowWith(model.blocks, model, region, size);
  const condition = prior && (await conditionOf(model, prior, around, size, { ...work, progress: () => {} }, { stays: true }));
  /** What there is of the region around, seen from a window of it. */
  const seen = (raster: Raster | undefined, window: Region) => raster && { raster, region: within(around, window) };
  let [x, window] = [features, around];
  try {
    for (const { from, until, next } of stepsThrough(0, model.blocks, (left) => windowWith(left, model, region, size))) {
      const [before, at] = [x, window];
      const progress = (part: number) => work.progress((TRUNK_SHARE * (from + part * (until - from))) / model.blocks);
      const inputs = { features: before, condition: seen(condition, at) };
      const stage = { model, network: residualBlocks(model, from, until, modulation), inputs };
      x = await mapStage({ ...stage, size: at, region: within(next, at) }, { ...work, progress }, { stays: true });
      if (before !== features) before.dispose();
      window = next;
    }
    const inputs = { features: x, head: seen(features, window), condition: seen(condition, window) };
    const progress = (part: number) => work.progress(TRUNK_SHARE + (1 - TRUNK_SHARE) * part);
    const stage = { model, network: upsample(model, modulation), inputs };
    return await mapStage({ ...stage, size: window, region: within(region, window) }, { ...work, progress });
  } finally {
    if (x !== features) x.dispose();
    condition?.dispose();
  }
}
