import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { blurInside, gaussianReach } from "../../src/image/gaussian";
import { expectClose, noise } from "../support";

describe("blurInside", () => {
  it("spreads a point by the sigma it is given", async () => {
    const at = 12;
    const point = tf.reshape(
      tf.cast(tf.oneHot(tf.tensor1d([at * 25 + at], "int32"), 625), "float32"),
      [1, 25, 25, 1],
    ) as tf.Tensor4D;
    for (const sigma of [0.5, 1, 2]) {
      const reach = gaussianReach(sigma);
      const values = (await tf.sum(blurInside(point, sigma), [0, 2, 3]).data()) as Float32Array;
      const variance = values.reduce((sum, value, y) => sum + value * (y + reach - at) ** 2, 0);
      expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
      expect(Math.sqrt(variance)).toBeCloseTo(sigma, 1);
    }
  });

  it("blurs each channel by itself", async () => {
    const picture = noise([1, 20, 16, 3]);
    const channels = tf.split(picture, 3, 3).map((channel) => blurInside(channel as tf.Tensor4D, 1));
    await expectClose(blurInside(picture, 1), tf.concat(channels, 3), 1e-6);
  });

  it("leaves one tensor behind: its result", () => {
    const picture = noise([1, 20, 16, 3]);
    const before = tf.memory().numTensors;
    blurInside(picture, 1);
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});
