/**
 * Residual blocks on a part of a picture: computed on a window as much wider as they see, which is cut every few blocks to
 * what the rest of them needs. A window's size follows from the part's alone, wherever it lies, so that textures and shaders
 * are used again.
 */
import * as tf from "@tensorflow/tfjs-core";
import { read } from "../image/raster";
import { run } from "../kernels/tfjs/run";
import { grow, within } from "../region";
import type { Condition, Model, Raster, Region, Size } from "../types";
import { residualBlocks } from "./generator";
import { stageReach } from "./reach";

/** Blocks between two cuts of the window: a cut costs a copy. */
const BLOCKS_PER_CUT = 4;

/** Blocks `from` (counted in the model) up to `until`, on `window`; of what they give, `next` is of use. */
export interface Step {
  readonly from: number;
  readonly until: number;
  readonly window: Region;
  readonly next: Region;
}

/** The steps through blocks `from` to `until`; `needed` says what of the features is of use with as many blocks to come. */
export function stepsThrough(from: number, until: number, needed: (left: number) => Region): Step[] {
  const steps: Step[] = [];
  for (let at = from; at < until; at += BLOCKS_PER_CUT) {
    const end = Math.min(at + BLOCKS_PER_CUT, until);
    steps.push({ from: at, until: end, window: needed(until - at), next: needed(until - end) });
  }
  return steps;
}

/** The steps that lead through `count` blocks after `from` to the features of `part` of a picture of `size`. */
export function stepsTo(model: Model, part: Region, from: number, count: number, size: Size): Step[] {
  const reach = count === 0 ? 0 : stageReach(model).block;
  return stepsThrough(from, from + count, (left) => (left === 0 ? part : grow(part, reach * left, size)));
}

/** One step: features `[1, h, w, F]` of its window to those of its `next`, owned by the caller. `x` is disposed. */
export function passStep(
  model: Model,
  x: tf.Tensor4D,
  condition: Condition | undefined,
  { from, until, window, next }: Step,
): tf.Tensor4D {
  try {
    return tf.tidy(() => {
      const given = { features: x, condition: condition && read(condition.map, window) };
      return read(run(model, residualBlocks(model, from, until, condition !== undefined), given), within(next, window));
    });
  } finally {
    x.dispose();
  }
}

/**
 * The features of `part` of a picture after `count` more blocks than `features` has passed, owned by the caller. Without a
 * condition nothing is modulated. Call it in `tf.tidy`.
 */
export function passPart(
  model: Model,
  features: { readonly map: Raster; readonly blocks: number },
  condition: Condition | undefined,
  count: number,
  part: Region,
): tf.Tensor4D {
  const [, height, width] = features.map.shape;
  const steps = stepsTo(model, part, features.blocks, count, { height, width });
  return steps.reduce((x, step) => passStep(model, x, condition, step), read(features.map, steps[0]?.window ?? part));
}
