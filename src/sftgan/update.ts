/**
 * The generator's stages where little has changed: only what an edit of the condition or of the features can reach is
 * computed again, and put into the last result. Windows shrink from block to block, as what they are good for does.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Update } from "../graph/node";
import { union } from "../graph/rectangle";
import { expand, read, sameSize, scaled, sizeOf, splice, whole, within } from "../image/raster";
import { mapTiles } from "../image/tiles";
import { type Condition, type Features, type Image, type Model, type Prior, type Region, SCALE, type Size } from "../types";
import { conditionOf } from "./condition";
import { REACH, residualBlock } from "./generator";
import { STEP_MAPS, upsampleWindow, type Work } from "./trunk";

/** Of a picture more of which than this has changed, all is computed: tiles without margins cost less. */
const MOST_CHANGED = 0.5;
/** A window with more pixels is cut into tiles, which is what a full run does. */
const LARGEST_WINDOW = 512 * 512;
/** Blocks between two cuts of the window: a cut costs a copy. */
const BLOCKS_PER_CUT = 4;
/** Windows have sides that are multiples of this, so that textures and shaders are used again. */
const GRID = 16;

const area = ({ height, width }: Size) => height * width;

/** Whether a last result is a tensor of the size at hand, and little enough of it changes. */
function worthwhile(last: { readonly shape: readonly number[] }, size: Size, out: Region): last is tf.Tensor4D {
  return last instanceof tf.Tensor && sameSize(sizeOf(last as tf.Tensor4D), size) && area(out) <= MOST_CHANGED * area(size);
}

/** The smallest region that holds all of them. */
const unionOf = (regions: readonly Region[]) => regions.reduce(union);

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
  const out = onGrid(onPicture(unionOf(changed), places, size), size);
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
  const { top, left, height, width } = sameSize(places, { height: SCALE * size.height, width: SCALE * size.width })
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
  { pause, progress }: Work,
): Promise<Update<{ features: Features }> | undefined> {
  if (changed.length === 0) return { outputs: { features: last }, changed: {} };
  const size = sizeOf(features.map);
  const out = expand(unionOf(changed), REACH.block * blocks, size);
  const needed = expand(out, REACH.block * blocks, size);
  if (!worthwhile(last.map, size, out) || area(needed) > LARGEST_WINDOW) return undefined;

  let window = onGrid(needed, size);
  let x = read(features.map, window);
  try {
    for (let done = 0; done < blocks; ) {
      const until = Math.min(done + BLOCKS_PER_CUT, blocks);
      const next = shrink(window, REACH.block * (until - done), size);
      const step = tf.tidy(() => {
        let y = x;
        const slice = modulation && condition ? read(condition.map, window) : undefined;
        for (let i = features.blocks + done; i < features.blocks + until; i++) y = residualBlock(model, i, y, slice, modulation);
        return read(y, within(next, window));
      });
      x.dispose();
      [x, window, done] = [step, next, until];
      progress(done / blocks);
      await pause();
    }
    const map = tf.tidy(() => splice(last.map as tf.Tensor4D, read(x, within(out, window)), out));
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
  const region = expand(unionOf(changed), REACH.upsample, size);
  const large = { height: SCALE * size.height, width: SCALE * size.width };
  if (!worthwhile(last.rgb, large, scaled(region, SCALE))) return undefined;
  const bytesPerPixel = SCALE * SCALE * model.features * 4 * STEP_MAPS;
  const tiling = { size, region: onGrid(region, size), reach: REACH.upsample, scale: SCALE, channels: 3, bytesPerPixel };
  const part = await mapTiles(tiling, work, (window) => upsampleWindow(model, features, condition, modulation, window));
  try {
    const place = scaled(tiling.region, SCALE);
    const rgb = tf.tidy(() => splice(last.rgb as tf.Tensor4D, read(part, whole(place)), place));
    return { outputs: { image: { ...last, rgb } }, changed: { image: place } };
  } finally {
    part.dispose();
  }
}

/** The region grown to sides that are multiples of the grid, as far as the picture allows. */
function onGrid({ top, left, height, width }: Region, size: Size): Region {
  const up = (length: number, limit: number) => Math.min(limit, Math.ceil(length / GRID) * GRID);
  const [tall, wide] = [up(height, size.height), up(width, size.width)];
  return { top: Math.min(top, size.height - tall), left: Math.min(left, size.width - wide), height: tall, width: wide };
}

/** What of a window is right after convolutions that reach `by`: all of it but its margins inside the picture. */
function shrink({ top, left, height, width }: Region, by: number, size: Size): Region {
  const y = top === 0 ? 0 : top + by;
  const x = left === 0 ? 0 : left + by;
  const bottom = top + height === size.height ? size.height : top + height - by;
  const right = left + width === size.width ? size.width : left + width - by;
  return { top: y, left: x, height: bottom - y, width: right - x };
}
