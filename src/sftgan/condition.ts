/** The condition network on priors of any size and resolution. */
import { whole } from "../region";
import type { Model, Prior, Raster, Region, Size } from "../types";
import { conditionNet } from "./generator";
import { mapStage, StageRaster, type Work } from "./stage";

/**
 * The condition `[1, h, w, C]` of one region of a picture of `size`, in its pixels; the prior is enlarged to four times that
 * size as it is read, tile by tile.
 */
export const conditionOf = (
  model: Model,
  { map }: Prior,
  region: Region,
  size: Size,
  work: Work,
  options?: { readonly stays?: boolean },
): Promise<Raster> => mapStage({ model, network: conditionNet(model), inputs: { prior: map }, size, region }, work, options);

/** `conditionOf` all of a picture; where a runtime has no room for it, it is computed as it is used. */
export async function conditionOfAll(model: Model, prior: Prior, size: Size, work: Work): Promise<Raster> {
  if (!work.runtime || work.runtime.holds(4 * size.height * size.width * model.condition))
    return conditionOf(model, prior, whole(size), size, work, { stays: true });
  return new StageRaster({ model, network: conditionNet(model), inputs: { prior: prior.map }, size });
}
