/** Segmentation as a stage: a low-resolution picture to a prior, by either network. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { sizeOf, whole } from "../image/raster";
import { readScaled } from "../image/scaled";
import { CLASSES, type Image, type Model, type Prior, SCALE, type Size } from "../types";
import { outdoorSceneSeg } from "./outdoor-scene-seg";
import { requireSegmenter } from "./roles";
import { segmenter } from "./segmenter";

/** Without a bound a picture larger than this each way, enlarged, would not fit on a GPU. */
const LARGEST_SIDE = 8192;

/**
 * Class probabilities `[1, H, W, 8]` of the picture enlarged four times bicubically (the authors' test code, `bic` priors);
 * `limit` bounds the longer side of what the network sees, in pixels, 0 for no bound.
 */
export async function segmentPicture(model: Model, { rgb }: Image, limit: number, pause: Context["pause"]): Promise<Prior> {
  requireSegmenter(model);
  const picture = sizeOf(rgb);
  const seen = bounded({ height: SCALE * picture.height, width: SCALE * picture.width }, limit || LARGEST_SIDE);
  const network = model.architecture === "segmenter" ? segmenter : outdoorSceneSeg;
  const map = tf.tidy(() => network(model, tf.clipByValue(readScaled(rgb, seen, whole(seen), "cubic"), 0, 1)));
  try {
    await pause();
  } catch (error) {
    map.dispose();
    throw error;
  }
  return { map, channels: CLASSES, kind: "probabilities", picture };
}

/** The size shrunk, if need be, until its longer side is at most `limit`. */
function bounded({ height, width }: Size, limit: number): Size {
  const factor = Math.min(1, limit / Math.max(height, width));
  return { height: Math.max(1, Math.round(height * factor)), width: Math.max(1, Math.round(width * factor)) };
}
