import { number as setting } from "../src/graph/node";
import { heatMap } from "../src/image/colour-map";
import { difference } from "../src/image/difference";
import { colourBar } from "../src/image/legend";
import { statistics } from "../src/image/statistics";
import { defineNode, image, number } from "./sockets";

/** Where two pictures differ: of two priors' results, the influence of one prior over the other. */
export default defineNode({
  type: "sftgan/difference",
  title: "Difference",
  description: "How far two pictures are apart at each pixel: |a − b|, the mean of red, green and blue. Dark blue: equal.",
  sink: "always",
  inputs: { a: image("a picture"), b: image("another, of the same size") },
  params: {
    gain: setting({ default: 8, min: 0.1, max: 256, step: 0.1, help: "yellow stands for a difference of 1/gain and more" }),
  },
  outputs: {
    image: image("the difference in viridis, 0 to 1/gain [1, h, w, 3]"),
    mean: number("over all pixels, 0 to 1"),
    max: number("the largest, 0 to 1"),
  },

  async run({ a, b }, { gain }, context) {
    const map = await difference(a.rgb, b.rgb, { ...context, progress: () => {} });
    try {
      const found = (await statistics(map, context))[0]!;
      const range = { low: 0, high: 1 / gain };
      const legend = colourBar("viridis", "|a − b|", range, found);
      return { image: { rgb: await heatMap(map, range, legend.map, context), legend }, mean: found.mean, max: found.max };
    } finally {
      map.dispose();
    }
  },
});
