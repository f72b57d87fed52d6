import { choice, number } from "../src/graph/node";
import { sizeOf } from "../src/image/raster";
import { mapTiles } from "../src/image/tiles";
import { updateMap } from "../src/image/update";
import { FITS, requireOverlay } from "../src/prior/fit";
import { mixture } from "../src/prior/mix";
import { sameSize, union } from "../src/region";
import type { Prior } from "../src/types";
import { defineNode, image, optional, prior } from "./sockets";

/** Two priors in one, by weight or by mask. */
export default defineNode({
  type: "sftgan/mix-priors",
  title: "Mix Priors",
  description:
    "Two priors in one: by weight everywhere, or by a mask picture that is black for the first and white for the second.",
  inputs: {
    a: prior("the first prior"),
    b: prior("the second prior"),
    mask: optional(image("where the second prior holds, black to white; scales the weight")),
  },
  params: {
    weight: number({ default: 0.5, min: 0, max: 1, step: 0.01, help: "how much of the second prior" }),
    fit: choice(FITS, {
      default: "exact",
      legacyDefault: "resize",
      help: "of the mask. exact: another size than the picture's or four times that is refused. resize: it is stretched",
    }),
  },
  outputs: { prior: prior("the mixture, at the finer of the two resolutions") },

  async run({ a, b, mask }, { weight, fit }, context) {
    if (mask) requireOverlay("mask", sizeOf(mask.rgb), [a, b], fit);
    const { map, ...rest } = mixture(a, b, mask, weight);
    return { prior: { ...rest, map: await mapTiles(map.tiling, context, map.compute) } };
  },

  async update({ a, b, mask }, { weight, fit }, context, { params, outputs, changed: { mask: masked, ...priors } }) {
    const last = outputs.prior as Prior;
    if (params.weight !== weight || params.fit !== fit || masked) return undefined;
    const changed = Object.values(priors);
    if (!changed.length) return { outputs: { prior: last }, changed: {} };
    const { map, ...rest } = mixture(a, b, mask, weight);
    // A change is in the pixels of its own prior, which may be the coarser one.
    const { size } = map.tiling;
    if ((priors.a && !sameSize(sizeOf(a.map), size)) || (priors.b && !sameSize(sizeOf(b.map), size))) return undefined;
    const update = await updateMap(map, last.map, changed.reduce(union), context);
    return update && { outputs: { prior: { ...rest, map: update.map } }, changed: { prior: update.region } };
  },
});
