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

  describe("with what photographs from the web have met", () => {
    const harm = { blur: 0.8, noise: 6, jpeg: 70, seed: 3 };

    it("gives the same in tiles as in one piece", async () => {
      const image = imageOf(noise([1, 130, 170, 3]));
      const progress = vi.fn();
      const tiled = tensorOf(
        (await runNode(degrade, { image }, { ...harm, mode: "8 bit" }, { budget: 2 ** 20, progress })).image.rgb,
      );
      expect(progress.mock.calls.length).toBeGreaterThan(4);
      const apart = tf.abs(tf.sub(tiled, tensorOf((await runNode(degrade, { image }, { ...harm, mode: "8 bit" })).image.rgb)));
      // A level on the edge between two may round the other way, and with it a frequency.
      expect((await tf.mean(apart).data())[0]).toBeLessThan(1e-3);
    });

    it("adds noise of the sigma asked for, which the seed determines", async () => {
      const image = imageOf(tf.fill([1, 200, 200, 3], 0.5));
      const noisy = async (seed: number) => tensorOf((await runNode(degrade, { image }, { noise: 5, seed })).image.rgb);
      const sigma = tf.mul(tf.sqrt(tf.moments(await noisy(1)).variance), 255);
      expect((await sigma.data())[0]).toBeCloseTo(5, 0);
      await expectClose(await noisy(1), await noisy(1), 1e-7);
      expect((await tf.max(tf.abs(tf.sub(await noisy(1), await noisy(2)))).data())[0]).toBeGreaterThan(0.02);
    });

    it("blurs, and compresses to whole levels", async () => {
      const hr = await pngFixture("image-hr.png");
      const detail = async (params: { blur?: number; jpeg?: number }) => {
        const rgb = tensorOf((await runNode(degrade, { image: imageOf(hr) }, params)).image.rgb);
        return (
          await tf.moments(tf.sub(tf.slice(rgb, [0, 0, 1, 0]), tf.slice(rgb, [0, 0, 0, 0], [1, -1, 31, 3]))).variance.data()
        )[0]!;
      };
      expect(await detail({ blur: 1 })).toBeLessThan(0.8 * (await detail({})));
      const { image } = await runNode(degrade, { image: imageOf(hr) }, { jpeg: 60 });
      for (const value of await tensorOf(image.rgb).data())
        expect(Math.abs(value * 255 - Math.round(value * 255))).toBeLessThan(1e-4);
    });

    it("leaves opacity only shrunk, and takes a picture of one pixel", async () => {
      const image = { rgb: noise([1, 9, 14, 3]), alpha: tf.round(noise([1, 9, 14, 1])) as tf.Tensor4D };
      const found = (await runNode(degrade, { image }, harm)).image;
      await expectClose(tensorOf(found.alpha!), tf.clipByValue(degradeFloat(image.alpha), 0, 1), 1e-6);
      const one = await runNode(degrade, { image: imageOf(tf.fill([1, 1, 1, 3], 0.5)) }, { ...harm, blur: 4 });
      expect(one.image.rgb.shape).toEqual([1, 1, 1, 3]);
    });

    it("leaves nothing behind when it is cancelled while it compresses", async () => {
      const checkpoint = vi.fn(async () => {
        if (checkpoint.mock.calls.length > 1) throw new Error("it was cancelled");
      });
      await refusal(() => runNode(degrade, { image: imageOf(noise([1, 40, 40, 3])) }, harm, { checkpoint }));
      expect(checkpoint).toHaveBeenCalledTimes(2);
    });
  });
});
