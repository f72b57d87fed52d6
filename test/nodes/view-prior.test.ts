import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import viewPrior from "../../nodes/view-prior";
import { oneHot } from "../../src/image/classes";
import { CLASS_COLOURS, type Image, type Prior } from "../../src/types";
import { expectClose, imageOf, noise, runNode } from "../support";
import { priorOf, tensorOf } from "./values";

const show = async (prior: Prior, picture?: Image, opacity = 0.6, context = {}) =>
  tensorOf((await runNode(viewPrior, { prior, picture }, { opacity }, context)).image.rgb);
const labels = priorOf(
  oneHot(
    Uint8Array.from({ length: 8 }, (_, i) => i),
    { height: 2, width: 4 },
  ),
);

describe("View Prior", () => {
  it("shows each class in its colour", async () => {
    expect(Array.from(await (await show(labels)).data(), (value) => Math.round(255 * value))).toEqual(CLASS_COLOURS.flat());
  });

  it("lays the colours over the photo", async () => {
    const photo = noise([1, 2, 4, 3]);
    const colours = await show(labels);
    for (const opacity of [0, 0.6, 1])
      await expectClose(
        await show(labels, imageOf(photo), opacity),
        tf.add(tf.mul(photo, 1 - opacity), tf.mul(colours, opacity)),
        1e-6,
      );
  });

  it("keeps the photo sharp where the prior has fewer places", async () => {
    const photo = noise([1, 5, 7, 3]);
    const sky = priorOf(oneHot(Uint8Array.of(1), { height: 1, width: 1 }), { picture: { height: 5, width: 7 } });
    await expectClose(await show(sky, imageOf(photo), 0), photo, 1e-6);
    expect((await show(sky)).shape).toEqual([1, 1, 1, 3]);
  });

  it("shows any number of channels", async () => {
    for (const channels of [1, 2, 5, 40]) {
      const shown = await show(priorOf(tf.softmax(noise([1, 3, 3, channels])) as tf.Tensor4D));
      expect((await shown.data()).every((value) => value >= 0 && value <= 1.001)).toBe(true);
    }
  });

  it("is the same in tiles", async () => {
    const prior = priorOf(tf.softmax(noise([1, 40, 36, 8])) as tf.Tensor4D);
    const photo = imageOf(noise([1, 10, 9, 3]));
    await expectClose(await show(prior, photo, 0.5, { budget: 40 * 36 * 24 + 5000 }), await show(prior, photo, 0.5), 1e-5);
  });
});
