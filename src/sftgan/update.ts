/**
 * The generator's stages where little has changed: only what an edit of the condition or of the features can reach is
 * computed again, and put into the last result. Windows shrink from block to block, as what they are good for does; they
 * come in few sizes, for a shader is compiled for each.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Update } from "../graph/node";
import { toGrey } from "../image/grey";
import { read, sizeOf, splice } from "../image/raster";
import { expand, grow, sameSize, scaled, scaledSize, union, whole } from "../region";
import { type Condition, type Features, type Image, type Model, type Prior, type Region, SCALE, type Size } from "../types";
import { passStep, stepsTo } from "./blocks";
import { conditionOf } from "./condition";
import { stageReach } from "./reach";
import { mapStage, type Work } from "./stage";
import { upsampling } from "./trunk";

/** Of a picture more of which than this has changed, all is computed: tiles without margins cost less. */
const MOST_CHANGED = 0.5;
/** A window with more pixels is cut into tiles, which is what a full run does. */
const LARGEST_WINDOW = 512 * 512;
/** Changed regions are rounded up to multiples of this, for few window sizes: a shader is compiled for each. */
const GRID = 32;
/** The same after the condition: what a few blocks more or less reach is such a multiple. */
const FINE_GRID = 8;
/** Up to this side a changed region is made square. */
const SQUARE = 64;

const area = ({ height, width }: Size) => height * width;

/** Whether a last result is a tensor of the size at hand, and little enough of it changes. */
function worthwhile(last: { readonly shape: readonly number[] }, size: Size, out: Region): last is tf.Tensor4D {
  return last instanceof tf.Tensor && sameSize(sizeOf(last as tf.Tensor4D), size) && area(out) <= MOST_CHANGED * area(size);
}

/** The region grown to sides that are multiples of the grid and moved inside the picture, as far as that allows. */
function onGrid({ top, left, height, width }: Region, size: Size, grid = FINE_GRID): Region {
  const up = (length: number, limit: number) => Math.min(limit, Math.ceil(length / grid) * grid);
  const [tall, wide] = [up(height, size.height), up(width, size.width)];
  return { top: Math.min(top, size.height - tall), left: Math.min(left, size.width - wide), height: tall, width: wide };
}

/** The region in one of few sizes: square where it is small, no side less than half the other where it is not. */
function inFewSizes(region: Region, size: Size): Region {
  const longer = Math.max(region.height, region.width);
  const least = longer <= SQUARE ? longer : longer / 2;
  return onGrid({ ...region, height: Math.max(region.height, least), width: Math.max(region.width, least) }, size, GRID);
}

/**
 * `conditionOf` all of a picture where the prior has changed in `changed` only, in the prior's own pixels. The result equals
 * a full run's. Undefined where that is not worth while.
 */
export async function updateCondition(
  model: Model,
  prior: Prior,
  last: Condition,
  changed: readonly Region[],
  work: Work,
): Promise<Update<{ condition: Condition }> | undefined> {
  if (changed.length === 0) return { outputs: { condition: last }, changed: {} };
  const size = sizeOf(last.map);
  const places = sizeOf(prior.map);
  const out = inFewSizes(onPicture(changed.reduce(union), places, size), size);
  if (!worthwhile(last.map, size, out)) return undefined;
  const part = await conditionOf(model, prior, out, size, work);
  try {
    const map = tf.tidy(() => splice(last.map as tf.Tensor4D, read(part, whole(out)), out));
    return { outputs: { condition: { map } }, changed: { condition: out } };
  } finally {
    part.dispose();
  }
}

/** The pixels of a picture that a region of a map of another resolution has a say in: enlarging looks one place further. */
function onPicture(region: Region, places: Size, size: Size): Region {
  const { top, left, height, width } = sameSize(places, scaledSize(size, SCALE))
    ? region
    : expand(region, 1 + Math.ceil(Math.max(1, places.height / (SCALE * size.height))), places);
  const [down, across] = [size.height / places.height, size.width / places.width];
  const [y, x] = [Math.max(0, Math.floor(top * down)), Math.max(0, Math.floor(left * across))];
  return {
    top: y,
    left: x,
    height: Math.min(size.height, Math.ceil((top + height) * down)) - y,
    width: Math.min(size.width, Math.ceil((left + width) * across)) - x,
  };
}

/**
 * `passBlocks` where condition or features have changed in `changed` only. The result equals a full run's. Undefined where
 * that is not worth while.
 */
export async function updateBlocks(
  model: Model,
  features: Features,
  condition: Condition | undefined,
  { blocks, modulation }: { readonly blocks: number; readonly modulation: boolean },
  last: Features,
  changed: readonly Region[],
  { checkpoint, progress }: Work,
): Promise<Update<{ features: Features }> | undefined> {
  if (changed.length === 0) return { outputs: { features: last }, changed: {} };
  const size = sizeOf(features.map);
  const out = grow(onGrid(changed.reduce(union), size), stageReach(model).block * blocks, size);
  const steps = stepsTo(model, out, features.blocks, blocks, size);
  const first = steps[0]?.window ?? out;
  if (!worthwhile(last.map, size, out) || area(first) > LARGEST_WINDOW) return undefined;

  let x = read(features.map, first);
  try {
    for (const [index, step] of steps.entries()) {
      x = passStep(model, x, modulation ? condition : undefined, step);
      progress((index + 1) / steps.length);
      await checkpoint();
    }
    const map = tf.tidy(() => splice(last.map as tf.Tensor4D, x, out));
    return { outputs: { features: { ...features, map, blocks: features.blocks + blocks } }, changed: { features: out } };
  } finally {
    x.dispose();
  }
}

/** `enlarge` where condition or features have changed in `changed` only, in low-resolution pixels. As `updateBlocks`. */
export async function updateEnlarged(
  model: Model,
  features: Features,
  condition: Condition | undefined,
  modulation: boolean,
  last: Image,
  changed: readonly Region[],
  work: Work,
): Promise<Update<{ image: Image }> | undefined> {
  if (changed.length === 0) return { outputs: { image: last }, changed: {} };
  const size = sizeOf(features.map);
  const region = grow(onGrid(changed.reduce(union), size), stageReach(model).upsample, size);
  const large = scaledSize(size, SCALE);
  if (!worthwhile(last.rgb, large, scaled(region, SCALE)) || Boolean(features.grey) !== Boolean(last.grey)) return undefined;
  const part = await mapStage({ ...upsampling(model, features, condition, modulation), region }, work);
  try {
    const place = scaled(region, SCALE);
    const coloured = () => read(part, whole(place));
    const rgb = tf.tidy(() => splice(last.rgb as tf.Tensor4D, features.grey ? toGrey(coloured()) : coloured(), place));
    return { outputs: { image: { ...last, rgb } }, changed: { image: place } };
  } finally {
    part.dispose();
  }
}
