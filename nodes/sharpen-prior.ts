import { flag, number } from "../src/graph/node";
import { requireProbabilities } from "../src/image/classes";
import { read, sizeOf } from "../src/image/raster";
import { hardened, temper } from "../src/image/sharpen";
import { mapTiles } from "../src/image/tiles";
import { defineNode, prior } from "./sockets";

/** More or less decided, place by place. */
export default defineNode({
  type: "sftgan/sharpen-prior",
  title: "Sharpen Prior",
  description: "Makes a prior more decided, or less: probabilities to the power of 1/temperature, scaled to sum 1.",
  inputs: { prior: prior("class probabilities [1, H, W, K]") },
  params: {
    temperature: number({ default: 0.5, min: 0.05, max: 20, step: 0.05, help: "below 1 sharper, above 1 softer" }),
    hard: flag({
      default: false,
      help: "all to the most probable class, whatever the temperature; the networks expect soft priors",
    }),
  },
  outputs: { prior: prior("probabilities [1, H, W, K]") },

  async run({ prior }, { temperature, hard }, context) {
    requireProbabilities(prior);
    const channels = prior.map.shape[3];
    const tiling = { size: sizeOf(prior.map), reach: 0, scale: 1, channels, bytesPerPixel: 4 * 5 * channels };
    const map = await mapTiles(tiling, context, (window) => {
      const part = read(prior.map, window);
      return hard ? hardened(part) : temper(part, temperature);
    });
    return { prior: { ...prior, map } };
  },
});
