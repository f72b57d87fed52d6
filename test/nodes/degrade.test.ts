import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import degrade from "../../nodes/degrade";
import { degrade8bit, degradeFloat } from "../../src/image/degrade";
import { npyFixture, pngFixture } from "../image/pictures";
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

  it("takes a picture of one pixel", async () => {
    const { image } = await runNode(degrade, { image: imageOf(tf.fill([1, 1, 1, 3], 0.5)) });
    await expectClose(tensorOf(image.rgb), tf.fill([1, 1, 1, 3], 0.5), 1e-6);
  });
});
