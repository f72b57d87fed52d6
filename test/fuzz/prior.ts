/** Priors from files: arrays, tensors and pictures whose shapes and values are none of a prior. */

import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { decode } from "../../src/headless/codec";
import { writeNpy } from "../../src/weights/npy";
import { PRIOR_FORMATS, readPrior } from "../../src/weights/prior-file";
import { floats, legacy, tensor } from "../weights/files";
import { holds, type Kind, NAME } from "./kind";
import { mutated } from "./mutate";
import { samples } from "./samples";

const side = fc.oneof(fc.nat(4), fc.constant(8), fc.constantFrom(256, 257, 65_537));
const value = fc.oneof(fc.float({ min: 0, max: 1 }), fc.constant(0.125), fc.float());
/** Arrays that hold what their shapes say. */
const array = fc
  .tuple(fc.array(side, { maxLength: 4 }), fc.array(value, { minLength: 1, maxLength: 8 }), fc.boolean())
  .filter(([shape]) => shape.reduce((a, b) => a * b, 1) <= 4096)
  .map(([shape, values, pth]) => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => values[i % values.length]!);
    if (!pth) return writeNpy(shape, data);
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    return legacy(tensor("0", data.length, shape, { strides }), { 0: floats(...data) });
  });

interface Input {
  readonly bytes: Uint8Array;
  readonly format: (typeof PRIOR_FORMATS)[number];
  readonly budget: number;
}

export const prior: Kind<Input> = {
  name: "prior",
  ending: "json",
  named: NAME,
  inputs: fc.record({
    bytes: fc.oneof(
      array,
      mutated(samples("prior_bic.pth", "prior_bic.zip.pth", ".npy", "palette.png", "labels.png", "grey.jpg"), 3),
    ),
    format: fc.constantFrom(...PRIOR_FORMATS),
    budget: fc.constantFrom(0, 2 ** 29),
  }),
  async check({ bytes, format, budget }) {
    const before = tf.memory().numTensors;
    try {
      const { map, channels, kind } = await readPrior(bytes, NAME, format, decode, budget);
      holds(kind === "probabilities" || kind === "map", `it is a ${kind}`);
      holds(channels.length >= 1 && channels.every((name) => typeof name === "string"), `its channels are ${channels}`);
      map.dispose();
    } finally {
      holds(tf.memory().numTensors === before, "tensors were left behind");
    }
  },
};
