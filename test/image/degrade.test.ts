import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { degrade8bit, degradedSize, degradeFloat } from "../../src/image/degrade";
import expected from "../fixtures/image-expected.json";
import { expectClose } from "../support";
import { fromLevels, npyFixture, pattern, patternLevels, pngFixture } from "./pictures";

describe("degradeFloat", () => {
  it("reduces as the authors' imresize does", async () => {
    const hr = await pngFixture("image-hr.png");
    await expectClose(degradeFloat(hr), await npyFixture("image-lr_float.npy", [1, 32, 32, 3]), 1e-6);
  });

  it("rounds sizes up", () => {
    expect(degradedSize({ height: 7, width: 20000 })).toEqual({ height: 2, width: 5000 });
    expect(degradeFloat(pattern(5, 1)).shape).toEqual([1, 2, 1, 3]);
  });
});

describe("degrade8bit", () => {
  it("gives MATLAB's bytes, sides not a multiple of four included", async () => {
    const result = await degrade8bit(pattern(10, 13)).data();
    expect(Array.from(result, (v) => v * 255)).toEqual(expected.degrade8bit.map((level) => expect.closeTo(level, 4)));
  });

  it("rounds its input to 8 bits first", async () => {
    const levels = patternLevels(8, 8);
    const blurred = tf.add(fromLevels(levels, 8, 8), 0.4 / 255) as tf.Tensor4D;
    await expectClose(degrade8bit(blurred), degrade8bit(fromLevels(levels, 8, 8)), 1e-7);
  });

  it("leaves one tensor behind: its result", () => {
    const hr = pattern(8, 8);
    const before = tf.memory().numTensors;
    degrade8bit(hr);
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});
