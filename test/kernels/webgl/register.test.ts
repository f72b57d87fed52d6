/** The kernels that tfjs runs by name. What one that resamples gives is tested where resampling is. */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { resample } from "../../../src/image/resample";
import { deviceOf } from "../../../src/kernels/webgl/device";
import { noise } from "../../support";

const sumOf = async (x: tf.Tensor): Promise<number> => {
  const sum = tf.engine().runKernel("SumOfSquares", { x }) as tf.Tensor;
  const [value] = await sum.data();
  sum.dispose();
  return value!;
};
const sumHere = (values: ArrayLike<number>) => Array.from(values).reduce((sum, y) => sum + y * y, 0);

describe("The sum of squares", () => {
  it.each([
    [1, 1, 1],
    [1, 9, 3],
    [7, 1, 5],
    [13, 7, 3],
    [40, 41, 8],
  ])("of %i × %i pixels with %i channels is that of what is there, packed or not, a part or all", async (h, w, c) => {
    const x = noise([1, h, w, c]);
    const before = tf.memory().numTensors;
    const values = await x.data();
    // A packed texture has ones where there is no pixel or channel.
    const forms = tf.tidy(() => [tf.exp(x), tf.slice(tf.concat([tf.exp(x), x], 1), [0, h, 0, 0], [1, h, w, c])]);
    const expected = [values, values.map(Math.exp), values].map(sumHere);
    for (const [i, form] of [x, ...forms].entries()) expect((await sumOf(form)) / expected[i]!).toBeCloseTo(1, 5);
    tf.dispose(forms);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("is no number, or infinite, where one value is", async () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e30]) {
      const data = Float32Array.from(await noise([1, 9, 7, 3]).data());
      data[100] = value;
      const x = tf.tensor4d(data, [1, 9, 7, 3]);
      expect(Number.isFinite(await sumOf(x))).toBe(false);
      x.dispose();
    }
  });
});

describe("Kernels that tfjs runs by name", () => {
  it("compile nothing for another size, and keep no textures", async () => {
    const device = deviceOf(tf.backend() as MathBackendWebGL);
    const both = async (h: number, w: number) => {
      const x = tf.tidy(() => tf.exp(noise([1, h, w, 3])) as tf.Tensor4D);
      const larger = resample(x, { outputSize: { height: 3 * h, width: 2 * w }, kernel: "linear", border: "replicate" });
      await sumOf(larger);
      tf.dispose([x, larger]);
      return [device.programs.count, device.maps.memory.textures, tf.memory().numTensors];
    };
    const before = await both(5, 7);
    for (let i = 0; i < 5; i++) expect(await both(5 + i, 7 + 2 * i)).toEqual(before);
  });
});
