import { number } from "../src/graph/node";
import { mapTiles } from "../src/image/tiles";
import { updateMap } from "../src/image/update";
import { smoothed } from "../src/prior/smooth";
import type { Prior } from "../src/types";
import { defineNode, image, prior } from "./sockets";

/** Smooth inside things, sharp between them. */
export default defineNode({
  type: "sftgan/smooth-prior",
  title: "Smooth Prior",
  description:
    "Smooths a prior along the edges of its picture: a guided filter, led by luma, over each channel. The cost grows with the places of the prior times the radius.",
  inputs: { prior: prior("the prior [1, H, W, K]"), picture: image("the low-resolution picture the prior is for") },
  params: {
    radius: number({ default: 8, min: 1, max: 32, step: 1, unit: "places", help: "of the window, in places of the prior" }),
    epsilon: number({
      default: 0.001,
      min: 0.000001,
      max: 1,
      step: 0.0001,
      help: "variance of luma (0 to 1) that counts as an edge: larger smooths over more",
    }),
  },
  outputs: { prior: prior("the same at the same resolution; probabilities sum to 1 again") },

  async run({ prior, picture }, settings, context) {
    const { tiling, compute } = smoothed(prior, picture, settings);
    return { prior: { ...prior, map: await mapTiles(tiling, context, compute) } };
  },

  async update({ prior, picture }, settings, context, { params, outputs, changed }) {
    const last = outputs.prior as Prior;
    if (params.radius !== settings.radius || params.epsilon !== settings.epsilon || changed.picture) return undefined;
    if (!changed.prior) return { outputs: { prior: last }, changed: {} };
    const update = await updateMap(smoothed(prior, picture, settings), last.map, changed.prior, context);
    return update && { outputs: { prior: { ...prior, map: update.map } }, changed: { prior: update.region } };
  },
});
