import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { colourMap } from "../../src/image/colour-map";
import { montage } from "../../src/image/montage";
import { expectClose, noise, testContext } from "../support";

const features = noise([1, 4, 6, 7], 3);
const channel = (c: number) => tf.slice(features, [0, 0, 0, c], [1, 4, 6, 1]);

describe("montage", () => {
  it("puts channels row by row, as they are, in one range of colours", async () => {
    const before = tf.memory().numTensors;
    const { rgb, range } = await montage(features, { first: 2, count: 5, limit: 256 }, testContext());
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(rgb.shape).toEqual([1, 2 * 5, 3 * 7, 3]);
    const shown = tf.slice(features, [0, 0, 0, 1], [1, 4, 6, 5]);
    expect(range.low).toBeCloseTo((await tf.min(shown).data())[0]!, 6);
    expect(range.high).toBeCloseTo((await tf.max(shown).data())[0]!, 6);
    for (let i = 0; i < 5; i++) {
      const cell = tf.slice(rgb, [0, 5 * Math.floor(i / 3), 7 * (i % 3), 0], [1, 4, 6, 3]);
      await expectClose(cell, colourMap(channel(1 + i), range, "viridis"), 1e-5);
    }
    await expectClose(tf.slice(rgb, [0, 5, 14, 0], [1, 5, 7, 3]), tf.zeros([1, 5, 7, 3]), 1e-6);
  });

  it("shrinks channels until the whole fits, in tiles too", async () => {
    const large = noise([1, 12, 20, 4], 5);
    for (const budget of [2 ** 29, 30_000]) {
      const { rgb } = await montage(large, { first: 1, count: 4, limit: 20 }, testContext({ budget }));
      expect(Math.max(rgb.shape[1], rgb.shape[2])).toBeLessThanOrEqual(20);
      expect(rgb.shape[2]).toBeGreaterThan(16);
    }
  });

  it("shows fewer where there are no more, and refuses a channel that is not there", async () => {
    const { rgb } = await montage(features, { first: 7, count: 16, limit: 256 }, testContext());
    expect(rgb.shape).toEqual([1, 5, 7, 3]);
    await expect(montage(features, { first: 8, count: 1, limit: 256 }, testContext())).rejects.toThrow(
      "there is no channel 8: the features have 7, choose 1 to 7",
    );
  });
});
