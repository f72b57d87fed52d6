import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { bicubicUp4 } from "../../src/image/bicubic";
import { HostRaster } from "../../src/image/raster";
import { readScaled } from "../../src/image/scaled";
import { expectClose, noise } from "../support";

const map = tf.softmax(noise([1, 9, 6, 8])) as tf.Tensor4D;
const all = (height: number, width: number) => ({ top: 0, left: 0, height, width });

describe("readScaled", () => {
  it("is a slice where the size is the map's own", async () => {
    const region = { top: 2, left: 1, height: 3, width: 4 };
    await expectClose(readScaled(map, { height: 9, width: 6 }, region), tf.slice(map, [0, 2, 1, 0], [1, 3, 4, 8]), 1e-7);
  });

  it.each([
    [36, 24],
    [20, 50],
    [3, 2],
    [1, 1],
  ])("keeps probabilities probabilities at %i × %i, and is the same in parts from host memory", async (height, width) => {
    const whole = readScaled(map, { height, width }, all(height, width));
    await expectClose(tf.sum(whole, 3), tf.ones([1, height, width]), 1e-5);
    const host = new HostRaster({ height: 9, width: 6 }, 8, (await map.data()) as Float32Array);
    const top = Math.floor(height / 2);
    const before = tf.memory().numTensors;
    const lower = readScaled(host, { height, width }, { top, left: 0, height: height - top, width });
    expect(tf.memory().numTensors - before).toBe(1);
    await expectClose(lower, tf.slice(whole, [0, top, 0, 0], [1, height - top, width, 8]), 1e-6);
  });

  it("with the cubic kernel is the authors' enlargement, borders included", async () => {
    await expectClose(readScaled(map, { height: 36, width: 24 }, all(36, 24), "cubic"), bicubicUp4(map), 1e-6);
  });
});
