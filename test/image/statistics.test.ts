import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { statistics } from "../../src/image/statistics";
import { noise, testContext } from "../support";

/** By definition, in double precision. */
function expected(samples: Float32Array, channels: number, c: number) {
  const own = Array.from(samples).filter((_, i) => i % channels === c);
  const mean = own.reduce((a, b) => a + b) / own.length;
  const deviation = Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / own.length);
  return { min: Math.min(...own), max: Math.max(...own), mean, deviation };
}

it.each([2 ** 29, 4000])("statistics are those of each channel, with %i bytes to work in", async (budget) => {
  const map = tf.tidy(() => tf.mul(tf.sub(noise([1, 23, 31, 3], 4), 0.3), tf.tensor1d([1, 10, -0.1]))) as tf.Tensor4D;
  const samples = await map.data<"float32">();
  const before = tf.memory().numTensors;
  const found = await statistics(map, testContext({ budget }));
  expect(tf.memory().numTensors).toBe(before);
  expect(found).toHaveLength(3);
  for (const [c, one] of found.entries())
    for (const [name, value] of Object.entries(expected(samples, 3, c)))
      expect(one[name as keyof typeof one], `${name} of ${c}`).toBeCloseTo(value, 5);
});

it("statistics of one value have no spread", async () => {
  expect(await statistics(tf.fill([1, 4, 5, 1], 0.25) as tf.Tensor4D, testContext())).toEqual([
    { min: 0.25, max: 0.25, mean: 0.25, deviation: 0 },
  ]);
});
