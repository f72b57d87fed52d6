import type * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import metrics from "../../nodes/metrics";
import expected from "../fixtures/image-expected.json";
import { disturbedLevels, fromLevels, pattern } from "../image/pictures";
import { refusal } from "../message";
import { imageOf, noise, runNode } from "../support";

const run = (a: tf.Tensor4D, b: tf.Tensor4D) => runNode(metrics, { image: imageOf(a), reference: imageOf(b) });

describe("Metrics", () => {
  it("gives what numpy computes by definition", async () => {
    const result = await run(fromLevels(disturbedLevels(25, 31), 25, 31), pattern(25, 31));
    expect(result.psnr).toBeCloseTo(expected.psnr.disturbed, 4);
    expect(result.ssim).toBeCloseTo(expected.ssim.disturbed, 4);
  });

  it("is Infinity and 1 for equal pictures", async () => {
    const picture = noise([1, 24, 20, 3]);
    const { psnr, ssim } = await run(picture, picture);
    expect(psnr).toBe(Number.POSITIVE_INFINITY);
    expect(ssim).toBeCloseTo(1, 5);
  });

  it("refuses pictures of two sizes, and ones too small to measure", async () => {
    expect(await refusal(() => run(noise([1, 24, 20, 3]), noise([1, 24, 21, 3])))).toMatch(/20 × 24.*21 × 24/);
    expect(await refusal(() => run(noise([1, 8, 8, 3]), noise([1, 8, 8, 3])))).toMatch(/8 × 8/);
    expect(await refusal(() => run(noise([1, 18, 30, 3]), noise([1, 18, 30, 3])))).toMatch(/SSIM/);
  });
});
