import { number } from "../src/graph/node";
import { sizeOf } from "../src/image/raster";
import { resizePrior } from "../src/prior/crop";
import { defineNode, image, prior } from "./sockets";

/** The same prior for a picture of another size. */
export default defineNode({
  type: "sftgan/resize-prior",
  title: "Resize Prior",
  description: "Stretches a prior to another picture, such as a smaller version of its own, and makes its map finer or coarser.",
  inputs: { prior: prior("the prior [1, H, W, K]"), picture: image("the low-resolution picture it is to be for") },
  params: {
    side: number({
      default: 0,
      min: 0,
      max: 8192,
      step: 1,
      unit: "places",
      help: "longer side of the map; 0: the map as it is, which the condition net enlarges",
    }),
  },
  outputs: { prior: prior("the prior for that picture") },

  run: async ({ prior, picture }, { side }, context) => ({
    prior: await resizePrior(prior, sizeOf(picture.rgb), side, context),
  }),
});
