/**
 * The generator's stages on pictures of any size. Blocks run one after another over the whole picture, each in tiles, as
 * long as the features of the whole picture fit; otherwise the features are deferred, and Upsample computes them tile by
 * tile, each tile through the whole chain.
 */
import { bicubicEnlargeRaster, deferEnlargedRaster } from "../image/enlarge";
import { isGrey, madeGrey, toGrey } from "../image/grey";
import { DeferredRaster, read, sizeOf } from "../image/raster";
import type { Network } from "../kernels/network";
import type { Stage } from "../kernels/runtime";
import { grow, sameSize, scaled, sizeText, within } from "../region";
import { type Condition, type Features, type Image, type Model, type Raster, SCALE, type Size } from "../types";
import { passPart } from "./blocks";
import { head, residualBlocks, upsample } from "./generator";
import { stageReach } from "./reach";
import { covering, mapStage, runWindow, StageRaster, type Work } from "./stage";

/** Maps of a whole picture that a block needs at once: its input, its output, the head's, and one on the way. */
const MAPS = 4;
/** Whether the features of a whole picture fit beside what else a block needs, here or in the host's runtime. */
export function fits({ height, width }: Size, model: Model, { budget, runtime }: Pick<Work, "budget" | "runtime">): boolean {
  const bytes = height * width * model.features * 4 * MAPS;
  return runtime ? runtime.holds(bytes) : bytes <= budget;
}

/** Blocks at a time, where all of them would take tiles with too much around them: a call costs little, a wide margin much. */
const BLOCKS_PER_CALL = 4;

/** How many blocks a call is to pass: tfjs is as fast one by one, a runtime is not. */
function blocksPerCall(all: Network, model: Model, { height, width }: Size, { runtime }: Work): number {
  if (!runtime) return 1;
  return height * width <= runtime.pixels(model, all) ? model.blocks : BLOCKS_PER_CALL;
}

/**
 * The first convolution, over a whole picture: `[1, h, w, 3]` to `[1, h, w, F]`, no block passed yet. Source: `SFT_Net.conv0`.
 */
export async function applyHead(model: Model, image: Image, work: Work): Promise<Features> {
  const size = sizeOf(image.rgb);
  const kept = { grey: await isGrey(image, work), ...(image.alpha && { alpha: image.alpha }) };
  const stage = { model, network: head(model), inputs: { image: image.rgb }, size };
  const map = fits(size, model, work) ? await mapStage(stage, work, { stays: true }) : new StageRaster(stage);
  return { map, head: map, blocks: 0, ...kept };
}

/**
 * Passes the next `blocks` residual blocks (paper, figure 3; `sft_branch.N`). `modulation` off leaves features as they are
 * between convolutions (×1 +0). The result shares `head` with `features`. Throws an error where the model has too few
 * blocks, or features or condition do not fit.
 */
export async function passBlocks(
  model: Model,
  features: Features,
  condition: Condition | undefined,
  { blocks, modulation }: { readonly blocks: number; readonly modulation: boolean },
  work: Work,
): Promise<Features> {
  const size = sizeOf(features.map);
  const last = features.blocks + blocks;
  checkBlocks(model, features, blocks);
  checkCondition(model, size, condition, modulation);
  if (blocks === 0) return features;
  const all = residualBlocks(model, features.blocks, last, modulation);
  const inputs = { features: features.map, condition: modulation ? condition?.map : undefined };
  if (!fits(size, model, work)) {
    if (!work.runtime) return deferBlocks(model, features, condition, { blocks, modulation });
    return { ...features, map: new StageRaster({ model, network: all, inputs, size }), blocks: last };
  }
  const step = blocksPerCall(all, model, size, work);
  let x: Raster = features.map;
  try {
    for (let i = features.blocks; i < last; i += step) {
      const before: Raster = x;
      const until = Math.min(i + step, last);
      const progress = (fraction: number) => work.progress((i - features.blocks + fraction * (until - i)) / blocks);
      const network = residualBlocks(model, i, until, modulation);
      const stage = { model, network, inputs: { ...inputs, features: before }, size };
      x = await mapStage(stage, { ...work, progress }, { stays: true });
      if (before !== features.map) before.dispose();
    }
    return { ...features, map: x, blocks: last };
  } catch (error) {
    if (x !== features.map) x.dispose();
    throw error;
  }
}

/** `passBlocks` for looking at parts: each region of the features is computed when it is read. Throws the same errors. */
export function deferBlocks(
  model: Model,
  features: Features,
  condition: Condition | undefined,
  { blocks, modulation }: { readonly blocks: number; readonly modulation: boolean },
): Features {
  const size = sizeOf(features.map);
  checkBlocks(model, features, blocks);
  checkCondition(model, size, condition, modulation);
  const steered = modulation ? condition : undefined;
  const sources = [features.map, ...(condition ? [condition.map] : []), model.weights];
  const map = new DeferredRaster([1, size.height, size.width, model.features], sources, (region) =>
    passPart(model, features, steered, blocks, region),
  );
  return { ...features, map, blocks: features.blocks + blocks };
}

/**
 * Trunk end, long skip and HR branch, in tiles (`sft_branch.16`, `.17`, `HR_branch`): `[1, 4h, 4w, 3]`, unclipped, without its
 * colours where the features are of a grey picture. Opacity is enlarged bicubically and clipped.
 */
export async function enlarge(
  model: Model,
  features: Features,
  condition: Condition | undefined,
  modulation: boolean,
  work: Work,
): Promise<Image> {
  const size = sizeOf(features.map);
  checkFeatures(model, features);
  checkCondition(model, size, condition, modulation);
  const coloured = await mapStage(upsampling(model, features, condition, modulation), work);
  const rgb = features.grey ? madeGrey(coloured) : coloured;
  const colours = { rgb, ...(features.grey && { grey: true }) };
  if (!features.alpha) return colours;
  try {
    return { ...colours, alpha: await bicubicEnlargeRaster(features.alpha, work, { clip: true }) };
  } catch (error) {
    rgb.dispose();
    throw error;
  }
}

/** `enlarge` for looking at parts: each region of the picture is computed when it is read. Throws the same errors. */
export function deferEnlarged(model: Model, features: Features, condition: Condition | undefined, modulation: boolean): Image {
  const size = sizeOf(features.map);
  checkFeatures(model, features);
  checkCondition(model, size, condition, modulation);
  const sources = [features.map, features.head, ...(condition ? [condition.map] : []), model.weights];
  const stage = upsampling(model, features, condition, modulation);
  const rgb = new DeferredRaster([1, SCALE * size.height, SCALE * size.width, 3], sources, (region) => {
    const window = grow(covering(region, SCALE), stageReach(model).upsample, size);
    const part = read(runWindow(stage, window), within(region, scaled(window, SCALE)));
    return features.grey ? toGrey(part) : part;
  });
  const colours = { rgb, ...(features.grey && { grey: true }) };
  return features.alpha ? { ...colours, alpha: deferEnlargedRaster(features.alpha, { clip: true }) } : colours;
}

/** Trunk end, long skip and HR branch, over the picture that the features are of. */
export const upsampling = (model: Model, features: Features, condition: Condition | undefined, modulation: boolean): Stage => ({
  model,
  network: upsample(model, modulation),
  inputs: { features: features.map, head: features.head, condition: modulation ? condition?.map : undefined },
  size: sizeOf(features.map),
});

function checkBlocks(model: Model, features: Features, blocks: number): void {
  checkFeatures(model, features);
  const passed = features.blocks;
  if (passed > model.blocks)
    throw new Error(
      `${passed} blocks are already passed, but "${model.name}" has only ${model.blocks}: go on with the weights that made the features`,
    );
  if (passed + blocks > model.blocks)
    throw new Error(
      `blocks is ${blocks}, but "${model.name}" has ${model.blocks}${passed > 0 ? `, and ${passed} are already passed` : ""}: set blocks to ${model.blocks - passed} at most`,
    );
}

function checkFeatures(model: Model, features: Features): void {
  const found = features.map.shape[3];
  if (found !== model.features)
    throw new Error(
      `the features have ${found} channels, but "${model.name}" works with ${model.features}: make them with the same weights`,
    );
}

/** Said before anything is computed, and by the node that is wrong: deferred blocks run in a later one. */
function checkCondition(model: Model, size: Size, condition: Condition | undefined, modulation: boolean): void {
  if (model.condition === 0) {
    if (condition) throw new Error(`"${model.name}" is a plain SRResNet without SFT layers: leave the condition unconnected`);
    return;
  }
  if (!modulation) return;
  if (!condition)
    throw new Error(`"${model.name}" has SFT layers, and no condition is connected: connect one, or switch modulation off`);
  const channels = condition.map.shape[3];
  if (channels !== model.condition)
    throw new Error(
      `the condition has ${channels} channels, but "${model.name}" takes ${model.condition}: give the Condition Net the same weights`,
    );
  const found = sizeOf(condition.map);
  if (!sameSize(found, size))
    throw new Error(
      `the condition is for a picture of ${sizeText(found)}, but the features are of one of ${sizeText(size)}: connect that picture to the prior's node`,
    );
}
