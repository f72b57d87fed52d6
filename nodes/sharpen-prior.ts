import { flag, number } from "../src/graph/node";
import { mapTiles } from "../src/image/tiles";
import { updateMap } from "../src/image/update";
import { sharpened } from "../src/prior/sharpen";
import type { Prior } from "../src/types";
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

  async run({ prior }, settings, context) {
    const { tiling, compute } = sharpened(prior, settings);
    return { prior: { ...prior, map: await mapTiles(tiling, context, compute) } };
  },

  async update({ prior }, settings, context, { params, outputs, changed }) {
    const last = outputs.prior as Prior;
    if (params.temperature !== settings.temperature || params.hard !== settings.hard) return undefined;
    if (!changed.prior) return { outputs: { prior: last }, changed: {} };
    const update = await updateMap(sharpened(prior, settings), last.map, changed.prior, context);
    return update && { outputs: { prior: { ...prior, map: update.map } }, changed: { prior: update.region } };
  },
});
