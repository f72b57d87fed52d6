import { choice, flag } from "../src/graph/node";
import { expectEnlarged } from "../src/sftgan/expected";
import { requireGenerator } from "../src/sftgan/roles";
import { deferEnlarged, enlarge } from "../src/sftgan/trunk";
import { updateEnlarged } from "../src/sftgan/update";
import type { Features, Image } from "../src/types";
import { condition, defineNode, features, image, modelOrShipped, optional } from "./sockets";

/** The trunk's end, the long skip and the two ×2 stages. */
export default defineNode({
  type: "sftgan/upsample",
  title: "Upsample",
  description: "Ends the trunk, adds the long skip and enlarges the features into a picture four times the size.",
  inputs: {
    features: features("what the residual blocks gave [1, h, w, F]"),
    condition: optional(condition("for the trunk's last SFT layer; not for a plain SRResNet")),
    model: modelOrShipped("sftgan", "generator weights; unconnected: those that ship with the package"),
  },
  params: {
    modulation: flag({ default: true, help: "off: the last SFT layer passes features as they are (×1 +0), untrained for" }),
    grey: choice(["keep", "as the network says"], {
      default: "keep",
      help: "keep: a grey picture (three equal channels, all over) stays grey. As the network says: with the tint that the original code gives it",
    }),
  },
  outputs: { image: image("the picture [1, 4h, 4w, 3]") },

  async run({ features, condition, model }, { modulation, grey }, context) {
    requireGenerator(model);
    return { image: await enlarge(model, steered(features, grey), condition, modulation, context) };
  },

  async defer({ features, condition, model }, { modulation, grey }) {
    requireGenerator(model);
    return { image: deferEnlarged(model, steered(features, grey), condition, modulation) };
  },

  async update({ features, condition, model }, { modulation, grey }, context, { params: then, outputs, changed }) {
    if (then.modulation !== modulation || then.grey !== grey) return undefined;
    const last = outputs.image as Image;
    return updateEnlarged(model, steered(features, grey), condition, modulation, last, Object.values(changed), context);
  },

  expect: ({ features, model }, { modulation }) => expectEnlarged(model, features, modulation),
});

/** Features say whether what is made of them is to be grey. */
const steered = (features: Features, grey: "keep" | "as the network says"): Features =>
  grey === "as the network says" ? { ...features, grey: false } : features;
