import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import degrade from "../../nodes/degrade";
import { degrade8bit, degradeFloat } from "../../src/image/degrade";
import { npyFixture, pngFixture } from "../image/pictures";
import { refusal } from "../message";
import { expectClose, imageOf, noise, runNode } from "../support";
import { tensorOf } from "./values";

describe("Degrade", () => {
  it("reduces as the authors' imresize does", async () => {
    const { image } = await runNode(degrade, { image: imageOf(await pngFixture("image-hr.png")) });
    await expectClose(tensorOf(image.rgb), await npyFixture("image-lr_float.npy", [1, 32, 32, 3]), 1e-6);
  });

  it("in 8 bit mode gives whole levels", async () => {
    const hr = await pngFixture("image-hr.png");
    const { image } = await runNode(degrade, { image: imageOf(hr) }, { mode: "8 bit" });
    await expectClose(tensorOf(image.rgb), degrade8bit(hr), 1e-7);
    for (const value of await tensorOf(image.rgb).data())
      expect(Math.abs(value * 255 - Math.round(value * 255))).toBeLessThan(1e-4);
  });

  it("reduces opacity too, without overshoot", async () => {
    const alpha = tf.round(noise([1, 9, 14, 1])) as tf.Tensor4D;
    for (const mode of ["float", "8 bit"] as const) {
      const { image } = await runNode(degrade, { image: { rgb: noise([1, 9, 14, 3]), alpha } }, { mode });
      expect(image.rgb.shape).toEqual([1, 3, 4, 3]);
      await expectClose(tensorOf(image.alpha!), tf.clipByValue(degradeFloat(alpha), 0, 1), 1e-6);
    }
  });

  it.each(["float", "8 bit"] as const)("gives the same in tiles as in one piece, %s", async (mode) => {
    const hr = noise([1, 150, 210, 3]);
    const progress = vi.fn();
    const { image } = await runNode(degrade, { image: imageOf(hr) }, { mode }, { budget: 2 ** 18, progress });
    expect(progress.mock.calls.length).toBeGreaterThan(4);
    const whole = mode === "float" ? degradeFloat(hr) : degrade8bit(hr);
    await expectClose(tensorOf(image.rgb), whole, 1e-6);
  });

  it("stops between tiles when cancelled", async () => {
    const checkpoint = vi.fn(() => Promise.reject(new Error("it was cancelled")));
    const image = { rgb: noise([1, 90, 90, 3]), alpha: noise([1, 90, 90, 1]) };
    await refusal(() => runNode(degrade, { image }, {}, { budget: 2 ** 17, checkpoint }));
    expect(checkpoint).toHaveBeenCalledTimes(1);
  });

  it("takes a picture of one pixel", async () => {
    const { image } = await runNode(degrade, { image: imageOf(tf.fill([1, 1, 1, 3], 0.5)) });
    await expectClose(tensorOf(image.rgb), tf.fill([1, 1, 1, 3], 0.5), 1e-6);
  });
});
