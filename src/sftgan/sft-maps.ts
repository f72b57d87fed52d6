/** What the SFT layers do with a condition, as maps to look at. */
import * as tf from "@tensorflow/tfjs-core";
import type { Range } from "../image/colour-map";
import { read, sizeOf } from "../image/raster";
import { statistics } from "../image/statistics";
import { mapTiles } from "../image/tiles";
import { run } from "../kernels/tfjs/run";
import type { Condition, Model, Raster } from "../types";
import { sftMap } from "./generator";
import { requireCondition } from "./roles";
import { bytesPerPixel, type Work } from "./stage";

export interface SftMap {
  /** Residual block, from 1; one more than the model has: the layer at the trunk's end. */
  readonly block: number;
  /** Which of the block's two layers. */
  readonly layer: "first" | "second";
  readonly which: "scale" | "shift";
  /** Feature channel, from 1; 0: how far all of them are, in the mean, from leaving features as they are. */
  readonly channel: number;
}

/** The value that leaves features as they are. */
export const NEUTRAL = { scale: 1, shift: 0 } as const;

/**
 * A layer's scale (what features are multiplied by) or shift for one channel, or the mean of its absolute distance from
 * neutral over all channels: `[1, h, w, 1]`. Throws an error where the model has no such layer or channel, or the condition
 * is another model's.
 */
export async function sftMapOf(
  model: Model,
  condition: Condition,
  { block, layer, which, channel }: SftMap,
  work: Work,
): Promise<Raster> {
  requireCondition(model);
  if (!(Number.isInteger(block) && block >= 1 && block <= model.blocks + 1))
    throw new Error(
      `block is ${block}, but "${model.name}" has ${model.blocks}: choose 1 to ${model.blocks}, or ${model.blocks + 1} for the trunk's end`,
    );
  if (!(Number.isInteger(channel) && channel >= 0 && channel <= model.features))
    throw new Error(
      `channel is ${channel}, but "${model.name}" has ${model.features}: choose 1 to ${model.features}, or 0 for all together`,
    );
  const channels = condition.map.shape[3];
  if (channels !== model.condition)
    throw new Error(
      `the condition has ${channels} channels, but "${model.name}" takes ${model.condition}: give the Condition Net the same weights`,
    );
  const end = block > model.blocks;
  const name = end ? `sft_branch.${model.blocks}` : `sft_branch.${block - 1}.sft${layer === "first" ? 0 : 1}`;
  const network = sftMap(model, name, which);
  const tiling = { size: sizeOf(condition.map), reach: 0, scale: 1, channels: 1, bytesPerPixel: bytesPerPixel(model, network) };
  return mapTiles(tiling, work, (window) =>
    tf.tidy(() => {
      const map = run(model, network, { condition: read(condition.map, window) });
      return channel > 0
        ? tf.slice(map, [0, 0, 0, channel - 1], [-1, -1, -1, 1])
        : tf.mean(tf.abs(tf.sub(map, NEUTRAL[which])), 3, true);
    }),
  );
}

/**
 * Colours' range: from the smallest to the largest mean distance, or as far to both sides of neutral as one channel's values go.
 */
export async function sftRange(
  map: Raster,
  { which, channel }: SftMap,
  work: Pick<Work, "budget" | "checkpoint">,
): Promise<Range> {
  const { min, max } = (await statistics(map, work))[0]!;
  if (channel === 0) return { low: min, high: max };
  const neutral = NEUTRAL[which];
  const far = Math.max(max - neutral, neutral - min);
  return { low: neutral - far, high: neutral + far };
}

/** What the numbers of a map are. */
export function sftLabel({ which, channel }: SftMap): string {
  if (channel > 0) return `${which === "scale" ? "scale γ" : "shift β"} of channel ${channel}`;
  return which === "scale" ? "mean |γ − 1|" : "mean |β|";
}
