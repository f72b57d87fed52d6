import { number } from "../src/graph/node";
import { cropPrior } from "../src/prior/crop";
import { defineNode, prior } from "./sockets";

/** The prior of a cropped picture. */
export default defineNode({
  type: "sftgan/crop-prior",
  title: "Crop Prior",
  description:
    "The prior of a region of its picture, as Crop cuts it out. The result there is that of the whole picture's prior.",
  inputs: { prior: prior("the whole picture's prior [1, H, W, K]") },
  params: {
    left: number({ default: 0, min: 0, max: 65535, step: 1, unit: "px", help: "first column of the low-resolution picture" }),
    top: number({ default: 0, min: 0, max: 65535, step: 1, unit: "px", help: "first row of the low-resolution picture" }),
    width: number({ default: 64, min: 0, max: 65535, step: 1, unit: "px", help: "columns; 0: all that follow" }),
    height: number({ default: 64, min: 0, max: 65535, step: 1, unit: "px", help: "rows; 0: all that follow" }),
  },
  outputs: { prior: prior("the region's prior, at four times its size [1, 4·height, 4·width, K]") },

  run: async ({ prior }, region, context) => ({ prior: await cropPrior(prior, region, context) }),
});
