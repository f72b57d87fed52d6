import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { normalised } from "../../src/prior/normalise";
import { expectClose } from "../support";

it("normalised sums to 1, takes what is below 0 for 0, and is undecided where there is nothing", async () => {
  const map = tf.tensor4d([2, 6, -1, 4, 0, 0], [1, 1, 3, 2]);
  const before = tf.memory().numTensors;
  const result = normalised(map);
  expect(tf.memory().numTensors).toBe(before + 1);
  await expectClose(result, tf.tensor4d([0.25, 0.75, 0, 1, 0.5, 0.5], [1, 1, 3, 2]), 1e-6);
});
