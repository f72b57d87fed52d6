import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import resize from "../../nodes/resize";
import { warningsOf } from "../../src/engine/view";
import { read, sizeOf } from "../../src/image/raster";
import { resample } from "../../src/image/resample";
import { whole } from "../../src/region";
import { refusal } from "../message";
import { expectClose, imageOf, noise, runNode } from "../support";
import { tensorOf } from "./values";

/** Width and height of what comes of a picture of 40 × 30. */
async function sizeFor(params: { width?: number; height?: number; factor?: number }, of?: tf.Tensor4D): Promise<number[]> {
  const inputs = { image: imageOf(noise([1, 30, 40, 3])), ...(of && { of: imageOf(of) }) };
  const [, height, width] = (await runNode(resize, inputs, params)).image.rgb.shape;
  return [width, height];
}

describe("Resize", () => {
  it("keeps the proportions: by the width, by the height, or the largest that fits into both", async () => {
    expect(await sizeFor({ width: 20 })).toEqual([20, 15]);
    expect(await sizeFor({ height: 10 })).toEqual([13, 10]);
    expect(await sizeFor({ width: 20, height: 10 })).toEqual([13, 10]);
    expect(await sizeFor({ width: 20, height: 25 })).toEqual([20, 15]);
    expect(await sizeFor({ width: 1 })).toEqual([1, 1]);
  });

  it("goes by a factor of the picture, or of another one, where no size is given", async () => {
    expect(await sizeFor({})).toEqual([40, 30]);
    expect(await sizeFor({ factor: 0.5 })).toEqual([20, 15]);
    expect(await sizeFor({ factor: 3 }, tf.zeros([1, 8, 10, 3]))).toEqual([30, 24]);
  });

  it("antialiases as MATLAB's imresize does, and gives the same in tiles as in one piece", async () => {
    const picture = noise([1, 150, 210, 3]);
    const progress = vi.fn();
    const { image } = await runNode(resize, { image: imageOf(picture) }, { width: 157 }, { budget: 2 ** 18, progress });
    expect(progress.mock.calls.length).toBeGreaterThan(4);
    await expectClose(
      read(image.rgb, whole(sizeOf(image.rgb))),
      resample(picture, { outputSize: { width: 157, height: 112 } }),
      1e-6,
    );
  });

  it("resizes opacity without overshoot, and keeps a grey picture grey", async () => {
    const alpha = tf.round(noise([1, 9, 14, 1])) as tf.Tensor4D;
    const { image } = await runNode(resize, { image: { rgb: noise([1, 9, 14, 3]), alpha, grey: true } }, { width: 5 });
    expect([image.grey, image.alpha!.shape]).toEqual([true, [1, 3, 5, 1]]);
    const samples = await tensorOf(image.alpha!).data();
    expect(samples.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it("says where it is asked for more than there is, and refuses what no picture can be", async () => {
    const warned = await runNode(resize, { image: imageOf(noise([1, 3, 4, 3])) }, { width: 6 });
    expect(warningsOf(warned)).toEqual(["6 × 5 is more than the 4 × 3 it is made from: the rest is interpolated"]);
    const long = imageOf(noise([1, 300, 2, 3]));
    expect(await refusal(() => runNode(resize, { image: long }, { width: 262_144 }))).toContain("a side ends at 262144");
  });

  it("stops between tiles when cancelled, with nothing left behind", async () => {
    const checkpoint = vi.fn(() => Promise.reject(new Error("it was cancelled")));
    const image = { rgb: noise([1, 90, 90, 3]), alpha: noise([1, 90, 90, 1]) };
    await refusal(() => runNode(resize, { image }, { width: 60 }, { budget: 2 ** 17, checkpoint }));
    expect(checkpoint).toHaveBeenCalledTimes(1);
  });
});
