import { number } from "../src/graph/node";
import { expectPrior } from "../src/sftgan/expected";
import { segmentPicture } from "../src/sftgan/segment";
import { defineNode, image, modelOrShipped, prior } from "./sockets";

/** Tells the eight classes apart, on the picture enlarged four times as in the paper, section 3.2. */
export default defineNode({
  type: "sftgan/segment",
  title: "Segment",
  description:
    "What each region shows, as probabilities of eight classes. Works on the enlarged picture at a bounded size, so a large photo costs no more than a medium one.",
  inputs: {
    image: image("the low-resolution picture [1, h, w, 3]"),
    model: modelOrShipped("segment", "segmentation weights; unconnected: those that ship with the package"),
  },
  params: {
    limit: number({
      default: 768,
      min: 0,
      max: 8192,
      step: 32,
      unit: "px",
      help: "longer side of the enlarged picture that is looked at; 0: all of it, four times the picture, if it fits",
    }),
  },
  outputs: { prior: prior("class probabilities [1, H, W, 8]") },

  run: async ({ image, model }, { limit }, context) => ({
    prior: await segmentPicture(model, image, limit, context),
  }),

  expect: ({ image, model }, { limit }) => expectPrior(model, image, limit),
});
