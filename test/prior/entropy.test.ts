import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { entropy } from "../../src/prior/entropy";
import { expectClose } from "../support";

it("entropy is 0 bits for one class, 1 for two alike, 3 for eight, and does not depend on the sum", async () => {
  const places = [
    [1, 0, 0, 0, 0, 0, 0, 0],
    [0.5, 0, 0.5, 0, 0, 0, 0, 0],
    Array(8).fill(1 / 8),
    [0.5, 0.25, 0.25, 0, 0, 0, 0, 0],
    [2, 1, 1, 0, 0, 0, 0, 0],
    Array(8).fill(0),
  ];
  const map = tf.tensor4d(places.flat(), [1, 2, 3, 8]);
  const before = tf.memory().numTensors;
  const bits = entropy(map);
  expect(tf.memory().numTensors).toBe(before + 1);
  await expectClose(bits, tf.tensor4d([0, 1, 3, 1.5, 1.5, 3], [1, 2, 3, 1]), 1e-5);
});
