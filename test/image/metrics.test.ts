import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { psnr, ssim } from "../../src/image/metrics";
import expected from "../fixtures/image-expected.json";
import { noise } from "../support";
import { disturbedLevels, fromLevels, pattern } from "./pictures";

const disturbed = () => fromLevels(disturbedLevels(25, 31), 25, 31);
const grey = () => tf.fill<tf.Rank.R4>([1, 25, 31, 3], 128 / 255);

describe("psnr", () => {
  it("agrees with numpy", async () => {
    expect(await psnr(pattern(25, 31), disturbed())).toBeCloseTo(expected.psnr.disturbed, 4);
    expect(await psnr(pattern(25, 31), grey())).toBeCloseTo(expected.psnr.grey, 4);
  });

  it("is infinite for equal pictures, and for pictures that round to the same bytes", async () => {
    const a = pattern(9, 9);
    expect(await psnr(a, a)).toBe(Number.POSITIVE_INFINITY);
    expect(await psnr(a, tf.add(a, 0.3 / 255))).toBe(Number.POSITIVE_INFINITY);
  });

  it("does not look at the four outermost pixels of each side", async () => {
    const a = noise([1, 12, 12, 3]);
    const framed = tf.pad(
      tf.slice(a, [0, 4, 4, 0], [1, 4, 4, 3]),
      [
        [0, 0],
        [4, 4],
        [4, 4],
        [0, 0],
      ],
      1,
    );
    expect(await psnr(a, framed as tf.Tensor4D)).toBe(Number.POSITIVE_INFINITY);
  });

  it("clips overshoot, which no 8-bit picture has", async () => {
    const white = tf.ones<tf.Rank.R4>([1, 9, 9, 3]);
    expect(await psnr(white, tf.mul(white, 1.4))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("ssim", () => {
  it("agrees with numpy", async () => {
    expect(await ssim(pattern(25, 31), disturbed())).toBeCloseTo(expected.ssim.disturbed, 5);
    expect(await ssim(pattern(25, 31), grey())).toBeCloseTo(expected.ssim.grey, 5);
  });

  it("is 1 for equal pictures", async () => {
    const a = pattern(19, 19);
    expect(await ssim(a, a)).toBeCloseTo(1, 6);
  });
});

describe("both", () => {
  it("refuse pictures of different sizes", async () => {
    await expect(psnr(pattern(20, 30), pattern(30, 20))).rejects.toThrow(
      "PSNR compares pictures of one size, and these are 30 × 20 and 20 × 30 pixels: resize or crop one of them",
    );
    await expect(ssim(pattern(20, 30), pattern(20, 31))).rejects.toThrow("SSIM compares pictures of one size");
  });

  it("refuse pictures that leave nothing to measure", async () => {
    await expect(psnr(pattern(8, 9), pattern(8, 9))).rejects.toThrow(
      "PSNR needs pictures of 9 × 9 pixels or more, and these are 9 × 8: give larger ones",
    );
    await expect(ssim(pattern(18, 40), pattern(18, 40))).rejects.toThrow("SSIM needs pictures of 19 × 19 pixels or more");
  });

  it("leave no tensor behind", async () => {
    const [a, b] = [pattern(25, 31), disturbed()];
    const before = tf.memory().numTensors;
    await psnr(a, b);
    await ssim(a, b);
    expect(tf.memory().numTensors).toBe(before);
  });
});
