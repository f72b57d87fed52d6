/** What of a model's networks nodes run, one by one, and what of them kernels are tried on. */
import * as tf from "@tensorflow/tfjs-core";
import type { Trial } from "../kernels/choose";
import { conditionNet, head, residualBlocks, upsample } from "../sftgan/generator";
import { segmentationNet } from "../sftgan/segment";
import { type Model, SCALE } from "../types";

/** Sides of the pictures of a trial. */
const SIDES = [16, 64];
const SEGMENT_SIDES = [32, 256];

/** The networks that nodes run, each by itself. */
export const stagesOf = (model: Model) => [
  head(model),
  residualBlocks(model, 0, 1),
  upsample(model),
  ...(model.condition > 0 ? [conditionNet(model), residualBlocks(model, 0, 1, false), upsample(model, false)] : []),
];

/** A whole network that segments, on a picture of noise as it sees it. */
export const segmentTrialOf = (model: Model, sides: readonly number[] = SEGMENT_SIDES): Trial => ({
  model,
  stages: [{ name: "probabilities", network: segmentationNet(model), inputs: {} }],
  sides,
  poison: "image",
  given: (side) => ({ image: tf.randomUniform([1, side, side, 3], 0, 1, "float32", 1) }),
});

/** One block and what follows the last, on the features of a picture of noise. */
export function trialOf(model: Model, sides: readonly number[] = SIDES): Trial {
  const steered = model.condition > 0;
  const stages: Trial["stages"] = [
    { name: "features", network: head(model), inputs: {} },
    ...(steered ? [{ name: "condition", network: conditionNet(model), inputs: {} }] : []),
    { name: "after", network: residualBlocks(model, 0, 1), inputs: {} },
    { name: "picture", network: upsample(model), inputs: { features: "after", head: "features" } },
  ];
  return {
    model,
    stages,
    sides,
    poison: "image",
    given: (side) => ({
      image: tf.randomUniform([1, side, side, 3], 0, 1, "float32", 1),
      ...(steered && { prior: tf.randomUniform([1, SCALE * side, SCALE * side, model.classes], 0, 1, "float32", 2) }),
    }),
  };
}
