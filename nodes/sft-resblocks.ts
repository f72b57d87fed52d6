import { type Context, flag, number } from "../src/graph/node";
import { sizeOf } from "../src/image/raster";
import { grow } from "../src/region";
import { expectBlocks } from "../src/sftgan/expected";
import { stageReach } from "../src/sftgan/reach";
import { requireGenerator } from "../src/sftgan/roles";
import { applyHead, deferBlocks, passBlocks } from "../src/sftgan/trunk";
import { updateBlocks } from "../src/sftgan/update";
import type { Features, Image, Model } from "../src/types";
import { condition, defineNode, features, image, modelOrShipped, optional } from "./sockets";

/** N residual blocks of the trunk, each with two SFT layers; given a picture it applies the head first. */
export default defineNode({
  type: "sftgan/sft-resblocks",
  title: "SFT ResBlock×N",
  description:
    "N residual blocks whose features the condition scales and shifts. Starts from a picture, or goes on where another such node stopped: two of 8 in a row are one of 16.",
  inputs: {
    image: optional(image("the low-resolution picture, to start from")),
    features: optional(features("features of earlier blocks, to go on from")),
    condition: optional(condition("what scales and shifts; not for a plain SRResNet")),
    model: modelOrShipped("sftgan", "generator weights; unconnected: those that ship with the package"),
  },
  params: {
    blocks: number({ default: 16, min: 0, max: 256, step: 1, help: "how many blocks to pass" }),
    modulation: flag({
      default: true,
      help: "off: features stay as they are (×1 +0). The network was not trained for that: look, but do not judge it by this",
    }),
  },
  outputs: { features: features("[1, h, w, F]") },

  async run({ image, features, condition, model }, { blocks, modulation }, context) {
    checkStart(image, features);
    requireGenerator(model);
    const start = features ?? (await afterHead(model, image!, context));
    return { features: await passBlocks(model, start, condition, { blocks, modulation }, context) };
  },

  async defer({ image, features, condition, model }, params, context) {
    checkStart(image, features);
    requireGenerator(model);
    const start = features ?? (await afterHead(model, image!, context));
    return { features: deferBlocks(model, start, condition, params) };
  },

  async update({ image, features, condition, model }, params, context, { params: then, outputs, changed }) {
    if (then.blocks !== params.blocks || then.modulation !== params.modulation) return undefined;
    const start = features ?? (await afterHead(model, image!, context));
    // The head looks at pixels beside each: features change as far around a picture's change.
    const { image: pixels, ...others } = changed;
    const beside = pixels && image && grow(pixels, stageReach(model).head, sizeOf(image.rgb));
    const regions = [...Object.values(others), ...(beside ? [beside] : [])];
    return updateBlocks(model, start, condition, params, outputs.features as Features, regions, context);
  },

  expect: ({ image, features, model }, params, context) => expectBlocks(model, { image, features }, params, context),
});

function checkStart(image: Image | undefined, features: Features | undefined): void {
  if (!image === !features)
    throw new Error(
      image
        ? "both a picture and features are connected: remove one"
        : "nothing is connected to start from: connect a picture or features",
    );
}

/** The picture's features before the first block, kept for as long as picture and weights are the same. */
const afterHead = (model: Model, image: Image, context: Context) =>
  context.memo("head", ["image", "model"], () => applyHead(model, image, { ...context, progress: () => {} }));
