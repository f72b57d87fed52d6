import { number as setting } from "../src/graph/node";
import { colourBar } from "../src/image/legend";
import { montage } from "../src/image/montage";
import { defineNode, features, image, number } from "./sockets";

/** Features at any point of the trunk. */
export default defineNode({
  type: "sftgan/feature-montage",
  title: "Feature Montage",
  description:
    "Channels of features side by side, all in one range of colours: dark blue the smallest value, yellow the largest.",
  sink: "always",
  inputs: { features: features("[1, h, w, F], anywhere in the trunk") },
  params: {
    first: setting({ default: 1, min: 1, max: 1024, step: 1, help: "first channel" }),
    count: setting({ default: 16, min: 1, max: 256, step: 1, help: "how many; fewer where there are no more" }),
    limit: setting({
      default: 1024,
      min: 64,
      max: 2048,
      step: 32,
      unit: "px",
      help: "longest side; channels are shrunk to fit, never enlarged",
    }),
  },
  outputs: {
    image: image("the grid of channels, row by row"),
    low: number("the number that the colours begin with"),
    high: number("the number that the colours end with"),
  },

  async run({ features }, params, context) {
    const { rgb, range } = await montage(features.map, params, context);
    const legend = colourBar("viridis", "feature values", range, { min: range.low, max: range.high });
    return { image: { rgb, legend }, ...range };
  },
});
