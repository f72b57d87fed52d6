import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { mixPriors } from "../../src/prior/mix";
import { expectClose, noise } from "../support";

const probabilities = (seed: number) => tf.softmax(noise([1, 3, 4, 8], seed));

describe("mixPriors", () => {
  it("goes from the first prior to the second as the share goes from 0 to 1", async () => {
    const [a, b] = [probabilities(1), probabilities(2)];
    await expectClose(mixPriors(a, b, 0), a, 1e-6);
    await expectClose(mixPriors(a, b, 1), b, 1e-6);
    await expectClose(mixPriors(a, b, 0.25), tf.add(tf.mul(a, 0.75), tf.mul(b, 0.25)), 1e-6);
  });

  it("takes each place from the prior the mask chooses", async () => {
    const [a, b] = [probabilities(1), probabilities(2)];
    const mask = tf.tensor4d(
      Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? 2 : -1)),
      [1, 3, 4, 1],
    );
    const chosen = tf.where(tf.tile(tf.greater(mask, 0), [1, 1, 1, 8]), b, a);
    await expectClose(mixPriors(a, b, mask), chosen, 1e-6);
  });

  it("sums to 1 whatever the priors summed to, and is undecided where both are empty", async () => {
    const a = tf.tensor4d([4, 0, 0, 0], [1, 1, 2, 2]);
    const b = tf.tensor4d([0, 4, 0, 0], [1, 1, 2, 2]);
    await expectClose(mixPriors(a, b, 0.5), tf.fill([1, 1, 2, 2], 0.5), 1e-6);
  });

  it("refuses priors and masks that do not fit each other, and a share that is none", () => {
    const a = probabilities(1);
    expect(() => mixPriors(a, noise([1, 3, 4, 5]), 0.5)).toThrow("a prior of 8 channels cannot be mixed with one of 5");
    expect(() => mixPriors(a, noise([1, 6, 8, 8]), 0.5)).toThrow("a prior of 4 × 3 places cannot be mixed with one of 8 × 6");
    expect(() => mixPriors(a, a, noise([1, 1, 4, 1]))).toThrow(
      "a mask of 4 × 1 places and 1 channels cannot mix priors of 4 × 3",
    );
    expect(() => mixPriors(a, a, 1.5)).toThrow("priors cannot be mixed by a weight of 1.5: give 0 to 1");
  });

  it("leaves one tensor behind: its result", () => {
    const [a, b] = [probabilities(1), probabilities(2)];
    const before = tf.memory().numTensors;
    mixPriors(a, b, 0.5);
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});
