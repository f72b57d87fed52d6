/** What tests share: seeded inputs and closeness at the tolerance of the backend. */
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/** Largest difference allowed between a picture and the original PyTorch code's: stated here and nowhere else. */
export const tolerance = (): number => (tf.getBackend() === "webgl" ? 1e-3 : 1e-4);

/** Pseudo-random values in [0, 1), the same on every backend: made on the CPU from a seed. */
export function noise(shape: number[], seed = 1): tf.Tensor4D {
  const data = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  });
  return tf.tensor(data, shape as [number, number, number, number]);
}

/** Fails unless both have one shape and differ nowhere by `limit` or more. */
export async function expectClose(actual: tf.Tensor, expected: tf.Tensor, limit = tolerance()): Promise<void> {
  expect(actual.shape).toEqual(expected.shape);
  const worst = tf.tidy(() => tf.max(tf.abs(tf.sub(actual, expected))));
  expect((await worst.data())[0], "largest difference").toBeLessThan(limit);
  worst.dispose();
}
