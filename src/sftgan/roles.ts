/** What a node may do with a model: checks at the door that say what to connect instead. */
import type { Model } from "../types";

const GENERATORS = new Set<Model["architecture"]>(["sft-net", "sft-net-torch", "srresnet"]);

/** Whether the model enlarges pictures. */
export const isGenerator = (model: Model): boolean => GENERATORS.has(model.architecture);

/** Throws an error unless the model enlarges pictures. */
export function requireGenerator(model: Model): void {
  if (!isGenerator(model))
    throw new Error(`"${model.name}" is a segmentation network, not a generator: connect SFT-GAN or SRResNet weights here`);
}

/** Throws an error unless the model tells classes apart. */
export function requireSegmenter(model: Model): void {
  if (isGenerator(model))
    throw new Error(`"${model.name}" is a generator, not a segmentation network: connect segmentation weights here`);
}

/** Throws an error unless the model has SFT layers and a condition net. */
export function requireCondition(model: Model): void {
  requireGenerator(model);
  if (model.condition === 0)
    throw new Error(
      `"${model.name}" is a plain SRResNet without SFT layers: remove the Condition Net, or connect SFT-GAN weights`,
    );
}
