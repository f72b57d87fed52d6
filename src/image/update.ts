/** Maps that are computed tile by tile, where little of what they are made from has changed. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { expand, sameSize, whole } from "../region";
import type { Raster, Region } from "../types";
import { read, sizeOf, splice } from "./raster";
import { mapTiles, type Tiling } from "./tiles";

type Work = Pick<Context, "budget" | "checkpoint" | "progress">;

/** A map of its own size (`scale` 1), and how a window of it is computed. */
export interface TiledMap {
  readonly tiling: Tiling;
  compute(window: Region): tf.Tensor4D;
}

/** Of a map more of which than this changes, all is computed: there is little to splice. */
const MOST_CHANGED = 0.5;

/**
 * The map where what it is made from has changed in `changed` only, and where it differs from `last`: that part is computed
 * and spliced into `last`, equal to computing all. Undefined where that is not worth while.
 */
export async function updateMap(
  { tiling, compute }: TiledMap,
  last: Raster,
  changed: Region,
  work: Work,
): Promise<{ readonly map: tf.Tensor4D; readonly region: Region } | undefined> {
  const { size, reach, channels } = tiling;
  const region = expand(changed, reach, size);
  if (!(last instanceof tf.Tensor) || !sameSize(sizeOf(last), size) || last.shape[3] !== channels) return undefined;
  if (region.height * region.width > MOST_CHANGED * size.height * size.width) return undefined;
  const part = await mapTiles({ ...tiling, region }, work, compute);
  try {
    return { map: tf.tidy(() => splice(last, read(part, whole(region)), region)), region };
  } finally {
    part.dispose();
  }
}
