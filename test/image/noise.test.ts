import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { gaussianNoise } from "../../src/image/noise";
import { read } from "../../src/image/raster";
import { expectClose } from "../support";

const square = { top: 0, left: 0, height: 96, width: 96 };

describe("gaussianNoise", () => {
  it("has mean 0, standard deviation 1 and a Gaussian's tails, and its neighbours are independent", async () => {
    const samples = await gaussianNoise(square, 3, 0).data<"float32">();
    const mean = (of: (value: number, i: number) => number) =>
      samples.reduce((sum, value, i) => sum + of(value, i), 0) / samples.length;
    expect(mean((v) => v)).toBeCloseTo(0, 1);
    expect(mean((v) => v * v)).toBeCloseTo(1, 1);
    expect(mean((v) => v ** 4) / 3).toBeCloseTo(1, 0);
    expect(mean((v) => Number(Math.abs(v) > 2))).toBeCloseTo(0.0455, 2);
    for (const step of [1, 3, 3 * 96]) expect(mean((v, i) => v * (samples[(i + step) % samples.length] ?? 0))).toBeCloseTo(0, 1);
  });

  it("is the same at a place whatever region it is seen in", async () => {
    const region = { top: 31, left: 17, height: 5, width: 40 };
    await expectClose(gaussianNoise(region, 3, 7), read(gaussianNoise(square, 3, 7), region), 1e-7);
  });

  it("is another for another seed", async () => {
    const product = tf.mean(tf.mul(gaussianNoise(square, 3, 1), gaussianNoise(square, 3, 2)));
    expect(Math.abs((await product.data())[0]!)).toBeLessThan(0.03);
  });
});
