/** Segmentation as a stage: a low-resolution picture to a prior, by either network. */
import { read, sizeOf } from "../image/raster";
import { mapTiles } from "../image/tiles";
import type { Input, Network } from "../kernels/network";
import type { Runtime, Stage } from "../kernels/runtime";
import { runInPortions } from "../kernels/tfjs/run";
import { scaledSize, sizeText, whole, wholeSize } from "../region";
import { CLASSES, type Image, type Model, type Prior, type Raster, SCALE, type Size } from "../types";
import { outdoorSceneSeg } from "./outdoor-scene-seg";
import { requireSegmenter } from "./roles";
import { segmenter } from "./segmenter";
import { bytesPerPixel, readInput, readyFor, type Work } from "./stage";

/** The parameter `limit` goes in steps of so many pixels. */
const LIMIT_STEP = 32;

/**
 * Class probabilities `[1, H, W, 8]` of the picture enlarged four times bicubically (the authors' test code, `bic` priors);
 * `limit` bounds the longer side of what the network sees, in pixels, 0 for no bound. The network sees the whole picture at
 * once: throws an error where its maps would not fit into the budget. Stops between layers when cancelled.
 */
export async function segmentPicture(model: Model, { rgb }: Image, limit: number, work: Work): Promise<Prior> {
  requireSegmenter(model);
  const picture = sizeOf(rgb);
  const seen = seenSize(picture, limit);
  const network = segmentationNet(model);
  checkMemory(seen, limit, bytesPerPixel(model, network), work.budget);

  const stage = { model, network, inputs: { image: rgb }, size: seen };
  const map = await (work.runtime ? seenBy(work.runtime, stage, work) : enlargedAndSeen(stage, rgb, work));
  return { map, channels: CLASSES, kind: "probabilities", picture };
}

/** The runtime enlarges the picture itself. */
function seenBy(runtime: Runtime, stage: Stage, work: Work): Promise<Raster> {
  const { height, width } = stage.size;
  return runtime.map(stage, work, { stays: runtime.holds(4 * height * width * CLASSES.length) });
}

async function enlargedAndSeen({ model, network, size }: Stage, rgb: Raster, work: Work): Promise<Raster> {
  const picture = await enlargedTo(size, rgb, network.inputs.image!, { ...work, progress: () => {} });
  try {
    const image = read(picture, whole(size));
    try {
      await readyFor(model, work);
      return await runInPortions(model, network, { image }, work);
    } finally {
      image.dispose();
    }
  } finally {
    picture.dispose();
  }
}

/** The model's network: a picture as it is seen, RGB 0 to 1, to probabilities of the same size. */
export function segmentationNet(model: Model): Network {
  requireSegmenter(model);
  return model.architecture === "segmenter" ? segmenter(model) : outdoorSceneSeg(model);
}

/** The size at which a picture is looked at, and of its prior. */
export const seenSize = (picture: Size, limit: number): Size =>
  bounded(scaledSize(picture, SCALE), limit || Number.POSITIVE_INFINITY);

/** The size shrunk, if need be, until its longer side is at most `limit`. */
const bounded = (size: Size, limit: number): Size =>
  wholeSize(scaledSize(size, Math.min(1, limit / Math.max(size.height, size.width))));

function checkMemory(seen: Size, limit: number, bytesPerPixel: number, budget: number): void {
  const bytes = seen.height * seen.width * bytesPerPixel;
  if (bytes <= budget) return;
  const most = Math.max(seen.height, seen.width) * Math.sqrt(budget / bytes);
  const asked = limit ? `${limit} px` : `0, all ${sizeText(seen)} px`;
  const gigabytes = (count: number) => `${(count / 2 ** 30).toFixed(2)} GB`;
  throw new Error(
    `limit is ${asked}, which needs ${gigabytes(bytes)}; at most ${gigabytes(budget)} are allowed: ` +
      `set limit to ${Math.max(LIMIT_STEP, LIMIT_STEP * Math.floor(most / LIMIT_STEP))}`,
  );
}

/** The picture as the network sees it. */
function enlargedTo(size: Size, rgb: Raster, input: Input, work: Work): Promise<Raster> {
  const perPixel = Math.ceil(sizeOf(rgb).height / size.height) * Math.ceil(sizeOf(rgb).width / size.width);
  const bytesPerPixel = 4 * 3 * (4 + 7 * perPixel);
  return mapTiles({ size, reach: 0, scale: 1, channels: 3, bytesPerPixel }, work, (window) =>
    readInput(rgb, input, size, window),
  );
}
