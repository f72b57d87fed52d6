/** Segmentation as a stage: a low-resolution picture to a prior, by either network. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { read, sizeOf, sizeText, whole } from "../image/raster";
import { readScaled } from "../image/scaled";
import { mapTiles } from "../image/tiles";
import { CLASSES, type Image, type Model, type Prior, type Raster, SCALE, type Size } from "../types";
import { outdoorSceneSegSteps } from "./outdoor-scene-seg";
import { requireSegmenter } from "./roles";
import { segmenterSteps } from "./segmenter";
import { runInSteps } from "./steps";

type Work = Pick<Context, "budget" | "pause" | "progress">;

/** Bytes of maps that each network holds at most at once, per pixel it sees: measured with the published weights. */
const BYTES_PER_PIXEL = { segmenter: 360, outdoor: 700 };
/** The parameter `limit` goes in steps of so many pixels. */
const LIMIT_STEP = 32;

/**
 * Class probabilities `[1, H, W, 8]` of the picture enlarged four times bicubically (the authors' test code, `bic` priors);
 * `limit` bounds the longer side of what the network sees, in pixels, 0 for no bound. The network sees the whole picture at
 * once: throws a sentence where its maps would not fit into the budget. Stops between layers when cancelled.
 */
export async function segmentPicture(model: Model, { rgb }: Image, limit: number, work: Work): Promise<Prior> {
  requireSegmenter(model);
  const picture = sizeOf(rgb);
  const enlarged = { height: SCALE * picture.height, width: SCALE * picture.width };
  const seen = bounded(enlarged, limit || Number.POSITIVE_INFINITY);
  const ours = model.architecture === "segmenter";
  checkMemory(seen, limit, BYTES_PER_PIXEL[ours ? "segmenter" : "outdoor"], work.budget);

  const steps = (ours ? segmenterSteps : outdoorSceneSegSteps)(model, seen);
  const input = await enlargedTo(seen, rgb, { ...work, progress: () => {} });
  const x = read(input, whole(seen));
  input.dispose();
  try {
    return { map: await runInSteps(steps, x, work), channels: CLASSES, kind: "probabilities", picture };
  } finally {
    x.dispose();
  }
}

/** The size shrunk, if need be, until its longer side is at most `limit`. */
function bounded({ height, width }: Size, limit: number): Size {
  const factor = Math.min(1, limit / Math.max(height, width));
  return { height: Math.max(1, Math.round(height * factor)), width: Math.max(1, Math.round(width * factor)) };
}

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

/** The picture as the network sees it: bicubic, without overshoot. */
function enlargedTo(size: Size, rgb: Raster, work: Work): Promise<Raster> {
  const perPixel = Math.ceil(sizeOf(rgb).height / size.height) * Math.ceil(sizeOf(rgb).width / size.width);
  const bytesPerPixel = 4 * 3 * (4 + 7 * perPixel);
  return mapTiles({ size, reach: 0, scale: 1, channels: 3, bytesPerPixel }, work, (window) =>
    tf.clipByValue(readScaled(rgb, size, window, "cubic"), 0, 1),
  );
}
