import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { classesOfBins, DEPTH_CHANNELS, depthBins, nearAndFar, withEmpty } from "../../src/prior/depth";
import { expectClose, noise } from "../support";

const ALL = { near: 0, far: 1, invert: false, bins: 3 };
const depths = (...values: number[]) => tf.tensor4d(values, [1, 1, values.length, 1]);

describe("depthBins", () => {
  it("fills a bin at its own depth and shares the depths between two", async () => {
    const bins = depthBins(depths(0, 0.25, 0.5, 1), ALL);
    await expectClose(bins, tf.tensor4d([1, 0, 0, 0.5, 0.5, 0, 0, 1, 0, 0, 0, 1], [1, 1, 4, 3]), 1e-6);
  });

  it("gives what is nearer than near to the first bin and what is further than far to the last", async () => {
    const bins = depthBins(depths(0, 0.2, 0.4, 0.6, 1), { ...ALL, near: 0.2, far: 0.6, bins: 2 });
    await expectClose(bins, tf.tensor4d([1, 0, 1, 0, 0.5, 0.5, 0, 1, 0, 1], [1, 1, 5, 2]), 1e-6);
  });

  it("reads a disparity the other way round", async () => {
    const value = noise([1, 4, 5, 1]);
    const inverted = depthBins(value, { ...ALL, invert: true, near: 0.1 });
    await expectClose(inverted, depthBins(tf.sub(1, value), { ...ALL, near: 0.1 }), 1e-6);
  });

  it.each([1, 2, 7, 64])("sums to 1 everywhere with %i bins", async (bins) => {
    const sums = tf.sum(depthBins(noise([1, 6, 5, 1]), { ...ALL, bins }), 3);
    await expectClose(sums, tf.ones([1, 6, 5]), 1e-5);
  });

  it("refuses an empty range, a number of bins that is none, and a picture with colours", () => {
    const depth = noise([1, 2, 2, 1]);
    expect(() => depthBins(depth, { ...ALL, near: 0.5, far: 0.5 })).toThrow("near 0.5 and far 0.5 do not bound a range");
    expect(() => depthBins(depth, { ...ALL, far: Number.NaN })).toThrow("far NaN");
    expect(() => depthBins(depth, { ...ALL, bins: 2.5 })).toThrow(
      "a depth cannot be cut into 2.5 bins: give a whole number from 1 to 256",
    );
    expect(() => depthBins(noise([1, 2, 2, 3]), ALL)).toThrow("a depth picture has one channel, and this has 3");
  });

  it("leaves one tensor behind: its result", () => {
    const depth = noise([1, 2, 2, 1]);
    const before = tf.memory().numTensors;
    depthBins(depth, ALL);
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});

describe("classesOfBins", () => {
  it("gives each bin to its class and adds up bins of one class", async () => {
    const result = classesOfBins(tf.tensor4d([0.2, 0.3, 0.5], [1, 1, 1, 3]), [7, 1, 7]);
    await expectClose(result, tf.tensor4d([0, 0.3, 0, 0, 0, 0, 0, 0.7], [1, 1, 1, 8]), 1e-6);
  });

  it("refuses a class that does not exist and a list of the wrong length", () => {
    expect(() => classesOfBins(noise([1, 1, 1, 2]), [0, 8])).toThrow("there is no class 8 for a bin to stand for");
    expect(() => classesOfBins(noise([1, 1, 1, 2]), [0])).toThrow("2 bins cannot stand for 1 classes");
  });
});

describe("nearAndFar", () => {
  it("are 1 − depth and depth within the range, and six empty channels", async () => {
    const found = nearAndFar(depths(0, 0.5, 0.75, 1), { near: 0.5, far: 1, invert: false });
    const none = [0, 0, 0, 0, 0, 0];
    const rows = [
      [1, 0],
      [1, 0],
      [0.5, 0.5],
      [0, 1],
    ].flatMap((row) => [...row, ...none]);
    await expectClose(found, tf.tensor4d(rows, [1, 1, 4, 8]), 1e-6);
  });

  it("have a name for each channel", () => {
    expect(DEPTH_CHANNELS).toEqual(["near", "far", "empty 1", "empty 2", "empty 3", "empty 4", "empty 5", "empty 6"]);
    expect(withEmpty(["a", "b"], 2)).toEqual(["a", "b"]);
  });
});
