import { choice, number as setting } from "../src/graph/node";
import { heatMap } from "../src/image/colour-map";
import { colourBar } from "../src/image/legend";
import { sftLabel, sftMapOf, sftRange } from "../src/sftgan/sft-maps";
import { condition, defineNode, image, modelOrShipped, number } from "./sockets";

/** γ and β of one SFT layer (paper, equation 3). */
export default defineNode({
  type: "sftgan/sft-maps",
  title: "SFT Maps",
  description:
    "What an SFT layer does at each place: the scale γ or shift β of one channel (grey leaves features as they are, blue less, red more), or how far all channels are from that.",
  sink: "always",
  inputs: {
    condition: condition("what scales and shifts [1, h, w, C]"),
    model: modelOrShipped("sftgan", "generator weights; unconnected: those that ship with the package"),
  },
  params: {
    block: setting({
      default: 1,
      min: 1,
      max: 257,
      step: 1,
      help: "residual block; one past the last: the layer at the trunk's end",
    }),
    layer: choice(["first", "second"], { default: "first", help: "which of the block's two; the trunk's end has one" }),
    which: choice(["scale", "shift"], { default: "scale", help: "γ, what features are multiplied by, or β, what is added" }),
    channel: setting({
      default: 0,
      min: 0,
      max: 1024,
      step: 1,
      help: "feature channel from 1; 0: mean of |γ − 1| or |β| over all",
    }),
  },
  outputs: {
    image: image("the map in colours [1, h, w, 3]"),
    low: number("the number that the colours begin with"),
    high: number("the number that the colours end with"),
  },

  async run({ condition, model }, params, context) {
    const map = await sftMapOf(model, condition, params, { ...context, progress: () => {} });
    try {
      const range = await sftRange(map, params, context);
      const legend = colourBar(params.channel ? "cool-warm" : "viridis", sftLabel(params), range, {
        min: range.low,
        max: range.high,
      });
      return { image: { rgb: await heatMap(map, range, legend.map, context), legend }, ...range };
    } finally {
      map.dispose();
    }
  },
});
