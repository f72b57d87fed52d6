import { sizeOf } from "../src/image/raster";
import { sizeText } from "../src/region";
import { conditionOfAll } from "../src/sftgan/condition";
import { expectCondition } from "../src/sftgan/expected";
import { requireCondition } from "../src/sftgan/roles";
import { updateCondition } from "../src/sftgan/update";
import { type Condition, SCALE } from "../src/types";
import { condition, defineNode, modelOrShipped, prior } from "./sockets";

/** The condition network: 1×1 convolutions only, so that neighbouring classes never mix (paper, section 3.1). */
export default defineNode({
  type: "sftgan/condition-net",
  title: "Condition Net",
  description: "Turns the prior into the condition that all SFT layers share, at the low-resolution picture's size.",
  inputs: {
    prior: prior("class probabilities [1, H, W, K]"),
    model: modelOrShipped("sftgan", "generator weights; unconnected: those that ship with the package"),
  },
  params: {},
  outputs: { condition: condition("[1, h, w, C]") },

  async run({ prior, model }, _, context) {
    requireCondition(model);
    const found = sizeOf(prior.map);
    if (prior.channels.length !== model.classes)
      throw new Error(
        `the prior has ${prior.channels.length} channels (${prior.channels.slice(0, 8).join(", ")}), but "${model.name}" takes ${model.classes}: connect a prior of that many`,
      );
    if (!prior.picture && (found.height % SCALE || found.width % SCALE))
      throw new Error(
        `the prior has ${sizeText(found)} places, not a multiple of ${SCALE} each way: connect the picture it is for to its node`,
      );
    const size = prior.picture ?? { height: found.height / SCALE, width: found.width / SCALE };
    return { condition: { map: await conditionOfAll(model, prior, size, context) } };
  },

  async update({ prior, model }, _, context, { outputs, changed }) {
    return updateCondition(model, prior, outputs.condition as Condition, Object.values(changed), context);
  },

  expect: ({ prior, model }) => expectCondition(model, prior),
});
