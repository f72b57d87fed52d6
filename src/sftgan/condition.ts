/** The condition network on priors of any size and resolution. */
import type { Model, Prior, Raster, Region, Size } from "../types";
import { conditionNet } from "./generator";
import { mapStage, type Work } from "./stage";

/**
 * The condition `[1, h, w, C]` of one region of a picture of `size`, in its pixels; the prior is enlarged to four times that
 * size as it is read, tile by tile.
 */
export const conditionOf = (model: Model, { map }: Prior, region: Region, size: Size, work: Work): Promise<Raster> =>
  mapStage({ model, network: conditionNet(model), inputs: { prior: map }, size, region }, work);
