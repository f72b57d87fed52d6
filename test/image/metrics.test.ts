import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import { psnr, ssim } from "../../src/image/metrics";
import { HostRaster } from "../../src/image/raster";
import expected from "../fixtures/image-expected.json";
import { noise } from "../support";
import { disturbedLevels, fromLevels, pattern, patternLevels } from "./pictures";

const disturbed = () => fromLevels(disturbedLevels(25, 31), 25, 31);
const work = { budget: 2 ** 28, checkpoint: async () => {}, progress: () => {} };
const grey = () => tf.fill<tf.Rank.R4>([1, 25, 31, 3], 128 / 255);

describe("psnr", () => {
  it("agrees with numpy", async () => {
    expect(await psnr(pattern(25, 31), disturbed(), work)).toBeCloseTo(expected.psnr.disturbed, 4);
    expect(await psnr(pattern(25, 31), grey(), work)).toBeCloseTo(expected.psnr.grey, 4);
  });

  it("is infinite for equal pictures, and for pictures that round to the same bytes", async () => {
    const a = pattern(9, 9);
    expect(await psnr(a, a, work)).toBe(Number.POSITIVE_INFINITY);
    expect(await psnr(a, tf.add(a, 0.3 / 255), work)).toBe(Number.POSITIVE_INFINITY);
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
    expect(await psnr(a, framed as tf.Tensor4D, work)).toBe(Number.POSITIVE_INFINITY);
  });

  it("clips overshoot, which no 8-bit picture has", async () => {
    const white = tf.ones<tf.Rank.R4>([1, 9, 9, 3]);
    expect(await psnr(white, tf.mul(white, 1.4), work)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("ssim", () => {
  it("agrees with numpy", async () => {
    expect(await ssim(pattern(25, 31), disturbed(), work)).toBeCloseTo(expected.ssim.disturbed, 5);
    expect(await ssim(pattern(25, 31), grey(), work)).toBeCloseTo(expected.ssim.grey, 5);
  });

  it("is 1 for equal pictures", async () => {
    const a = pattern(19, 19);
    expect(await ssim(a, a, work)).toBeCloseTo(1, 6);
  });
});

describe("both", () => {
  it("refuse pictures of different sizes", async () => {
    await expect(psnr(pattern(20, 30), pattern(30, 20), work)).rejects.toThrow(
      "PSNR compares pictures of one size, and these are 30 × 20 and 20 × 30 pixels: resize or crop one of them",
    );
    await expect(ssim(pattern(20, 30), pattern(20, 31), work)).rejects.toThrow("SSIM compares pictures of one size");
  });

  it("refuse pictures that leave nothing to measure", async () => {
    await expect(psnr(pattern(8, 9), pattern(8, 9), work)).rejects.toThrow(
      "PSNR needs pictures of 9 × 9 pixels or more, and these are 9 × 8: give larger ones",
    );
    await expect(ssim(pattern(18, 40), pattern(18, 40), work)).rejects.toThrow("SSIM needs pictures of 19 × 19 pixels or more");
  });

  it("measure large pictures tile by tile, to the same numbers", async () => {
    const checkpoint = vi.fn(async () => {});
    const small = { ...work, budget: 12 * 12 * 4 * 40 * 2, checkpoint };
    expect(await psnr(pattern(25, 31), disturbed(), small)).toBeCloseTo(expected.psnr.disturbed, 4);
    expect(await ssim(pattern(25, 31), disturbed(), small)).toBeCloseTo(expected.ssim.disturbed, 5);
    expect(checkpoint.mock.calls.length).toBeGreaterThan(4);
  });

  it("read pictures in host memory", async () => {
    const host = new HostRaster({ height: 25, width: 31 }, 3, patternLevels(25, 31), 255);
    expect(await psnr(host, disturbed(), work)).toBeCloseTo(expected.psnr.disturbed, 4);
    expect(await ssim(host, disturbed(), work)).toBeCloseTo(expected.ssim.disturbed, 5);
  });

  it("stop at the next tile when cancelled and leave no tensor behind", async () => {
    const [a, b] = [pattern(25, 31), disturbed()];
    const before = tf.memory().numTensors;
    const checkpoint = vi.fn(() => Promise.reject(new Error("cancelled")));
    await expect(psnr(a, b, { ...work, budget: 1, checkpoint })).rejects.toThrow("cancelled");
    await expect(ssim(a, b, { ...work, budget: 1, checkpoint })).rejects.toThrow("cancelled");
    expect(checkpoint).toHaveBeenCalledTimes(2);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("leave no tensor behind", async () => {
    const [a, b] = [pattern(25, 31), disturbed()];
    const before = tf.memory().numTensors;
    await psnr(a, b, work);
    await ssim(a, b, work);
    expect(tf.memory().numTensors).toBe(before);
  });
});
