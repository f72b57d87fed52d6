import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { hardened, temper } from "../../src/prior/sharpen";
import { expectClose, noise } from "../support";

const probabilities = () => tf.softmax(tf.mul(noise([1, 3, 4, 8], 2), 4)) as tf.Tensor4D;

describe("temper", () => {
  it.each([0.05, 0.5, 1, 3, 20])("is the power of 1 over a temperature of %f, scaled to sum 1", async (temperature) => {
    const map = probabilities();
    const samples = await map.data();
    const expected = Float32Array.from(samples, (value, i) => {
      const place = i - (i % 8);
      const powers = Array.from({ length: 8 }, (_, c) => samples[place + c]! ** (1 / temperature));
      return value ** (1 / temperature) / powers.reduce((a, b) => a + b);
    });
    await expectClose(temper(map, temperature), tf.tensor4d(expected, [1, 3, 4, 8]), 1e-4);
  });

  it("keeps what is impossible impossible, and what is empty undecided", async () => {
    const map = tf.tensor4d([0, 1, 0.5, 0.5, 0, 0], [1, 1, 3, 2]);
    for (const temperature of [0.05, 20])
      await expectClose(temper(map, temperature), tf.tensor4d([0, 1, 0.5, 0.5, 0.5, 0.5], [1, 1, 3, 2]), 1e-6);
  });

  it("refuses a temperature that is none", () => {
    for (const temperature of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => temper(probabilities(), temperature)).toThrow(`no temperature of ${temperature}: give a number above 0`);
  });
});

it("hardened gives all to the most probable channel, the first of equals", async () => {
  const map = tf.tensor4d([0.2, 0.5, 0.3, 0.4, 0.4, 0.2], [1, 1, 2, 3]);
  const before = tf.memory().numTensors;
  const hard = hardened(map);
  expect(tf.memory().numTensors).toBe(before + 1);
  expect(hard.dtype).toBe("float32");
  expect(Array.from(await hard.data())).toEqual([0, 1, 0, 1, 0, 0]);
});
