import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { compressedRegion, quantisation } from "../../src/image/jpeg";
import { read } from "../../src/image/raster";
import { whole } from "../../src/region";
import type { Region } from "../../src/types";
import { expectClose } from "../support";
import { pattern, pngFixture } from "./pictures";

const all = (picture: tf.Tensor4D): Region => whole({ height: picture.shape[1], width: picture.shape[2] });

/** The corner that fixtures/image-expected.py compresses: neither side is a multiple of two. */
const corner = async () => tf.slice(await pngFixture("image-hr.png"), [0, 5, 3, 0], [1, 45, 61, 3]);

describe("compressedRegion", () => {
  it.each([40, 85])("loses what libjpeg loses at a quality of %i", async (quality) => {
    const found = compressedRegion(await corner(), all(await corner()), quality);
    const expected = await pngFixture(`image-jpeg-${quality}.png`);
    const levels = tf.mul(tf.abs(tf.sub(found, expected)), 255);
    const lost = tf.mul(tf.abs(tf.sub(await corner(), expected)), 255);
    // libjpeg computes in whole numbers, so a level may round the other way; what it loses is many times as much.
    const [apart, loss] = [(await tf.mean(levels).data())[0]!, (await tf.mean(lost).data())[0]!];
    expect(apart).toBeLessThan(0.3);
    expect(apart / loss).toBeLessThan(0.2);
    expect((await tf.max(levels).data())[0]).toBeLessThan(3.5);
  });

  it("scales Annex K's tables as libjpeg does", () => {
    expect(quantisation("luma", 50).slice(0, 4)).toEqual([16, 11, 10, 16]);
    expect(quantisation("colours", 50).slice(0, 5)).toEqual([17, 18, 24, 47, 99]);
    expect(quantisation("luma", 25).slice(0, 4)).toEqual([32, 22, 20, 32]);
    expect(quantisation("luma", 100)).toEqual(Array(64).fill(1));
    expect(Math.max(...quantisation("colours", 1))).toBe(255);
    expect(quantisation("luma", 75)).toHaveLength(64);
  });

  it("gives the same of a region as of the whole", async () => {
    const picture = pattern(53, 70);
    const together = compressedRegion(picture, all(picture), 60);
    for (const region of [
      { top: 0, left: 0, height: 16, width: 16 },
      { top: 13, left: 31, height: 9, width: 22 },
      { top: 52, left: 69, height: 1, width: 1 },
      { top: 30, left: 0, height: 23, width: 70 },
    ])
      await expectClose(compressedRegion(picture, region, 60), read(together, region), 1e-6);
  });

  it("leaves even tones and single pixels as they are, and rounds to whole levels", async () => {
    for (const [height, width] of [
      [40, 24],
      [1, 1],
    ] as const) {
      const grey = tf.fill([1, height, width, 3], 128 / 255) as tf.Tensor4D;
      await expectClose(compressedRegion(grey, all(grey), 50), grey, 1e-6);
    }
    for (const value of await compressedRegion(pattern(9, 9), all(pattern(9, 9)), 70).data())
      expect(Math.abs(value * 255 - Math.round(value * 255))).toBeLessThan(1e-4);
  });

  it("leaves one tensor behind: its result", () => {
    const picture = pattern(20, 20);
    const before = tf.memory().numTensors;
    compressedRegion(picture, all(picture), 50);
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});
