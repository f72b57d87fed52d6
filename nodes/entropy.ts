import { heatMap } from "../src/image/colour-map";
import { colourBar } from "../src/image/legend";
import { read, sizeOf } from "../src/image/raster";
import { statistics } from "../src/image/statistics";
import { mapTiles } from "../src/image/tiles";
import { requireProbabilities } from "../src/prior/classes";
import { entropy } from "../src/prior/entropy";
import { defineNode, image, number, prior } from "./sockets";

/** Where the segmentation does not know. */
export default defineNode({
  type: "sftgan/entropy",
  title: "Entropy",
  description:
    "How undecided a prior is at each place, in bits: dark blue is certain, yellow is all classes alike (3 bits of eight).",
  sink: "always",
  inputs: { prior: prior("class probabilities [1, H, W, K]") },
  params: {},
  outputs: {
    image: image("entropy in viridis, 0 to log2 K bits [1, H, W, 3]"),
    mean: number("bits, over all places"),
    max: number("bits, the most undecided place"),
  },

  async run({ prior }, _, context) {
    requireProbabilities(prior);
    const channels = prior.map.shape[3];
    const tiling = { size: sizeOf(prior.map), reach: 0, scale: 1, channels: 1, bytesPerPixel: 4 * 5 * channels };
    const bits = await mapTiles(tiling, { ...context, progress: () => {} }, (window) => entropy(read(prior.map, window)));
    try {
      const found = (await statistics(bits, context))[0]!;
      const range = { low: 0, high: Math.log2(channels) };
      const legend = colourBar("viridis", "entropy, bits", range, found);
      return { image: { rgb: await heatMap(bits, range, legend.map, context), legend }, mean: found.mean, max: found.max };
    } finally {
      bits.dispose();
    }
  },
});
