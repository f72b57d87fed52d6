/** The cells of a contact sheet: one crop of the photo under one prior after another. */
import type { Context } from "../graph/node";
import { bicubicEnlargeRaster } from "../image/enlarge";
import { isGrey, madeGrey } from "../image/grey";
import { sizeOf } from "../image/raster";
import { everywhere, type Given, priorOf } from "../prior/choose";
import { CELLS, type Cell, type Crop, cropRegion, isChoice } from "../prior/contact-sheet";
import type { Image, Model, Raster } from "../types";
import { enlargeRegion, headAround } from "./region";

/** The inputs and parameters of the node that cells depend on, by name. */
const CROP = ["left", "top", "size"] as const;

/**
 * Every cell `[1, 4·height, 4·width, 3]` in the order of `CELLS`, or undefined where there is nothing for it. Each is a memo
 * of its own, which depends on no more than it shows: a change of yours computes one, a change of what is chosen none.
 * Those of a grey picture are grey. The executor's cache owns them. Throws as the network's stages do.
 */
export async function cellsOf(
  model: Model,
  picture: Image,
  given: Given,
  crop: Crop,
  context: Context,
): Promise<(Raster | undefined)[]> {
  const size = sizeOf(picture.rgb);
  const region = cropRegion(size, crop);
  const quiet = { ...context, progress: () => {} };
  const grey = () => context.memo("grey", ["picture"], () => isGrey(picture, context));
  const head = () => context.memo("head", ["picture", "model", ...CROP], () => headAround(model, picture, region, quiet));

  async function compute(cell: Cell, work: Context): Promise<Raster> {
    if (cell === "photo") return bicubicEnlargeRaster(picture.rgb, work, { clip: false, region });
    const features = await head();
    const finish = (await grey()) ? madeGrey : (coloured: Raster) => coloured;
    if (!isChoice(cell)) return finish(await enlargeRegion(model, features, undefined, region, size, work));
    const own = priorOf(given, cell);
    const prior = own ?? everywhere(cell, size);
    try {
      return finish(await enlargeRegion(model, features, prior, region, size, work));
    } finally {
      if (!own) prior.map.dispose();
    }
  }

  const cells: (Raster | undefined)[] = [];
  for (const [i, cell] of CELLS.entries()) {
    const work = { ...context, progress: (fraction: number) => context.progress((i + fraction) / CELLS.length) };
    const missing = cell === "yours" && !given.yours;
    cells.push(missing ? undefined : await context.memo(cell, [...inputsOf(cell), ...CROP], () => compute(cell, work)));
  }
  return cells;
}

function inputsOf(cell: Cell): string[] {
  if (cell === "photo") return ["picture"];
  if (cell === "predicted") return ["picture", "model", "prior"];
  return cell === "yours" ? ["picture", "model", "yours"] : ["picture", "model"];
}
