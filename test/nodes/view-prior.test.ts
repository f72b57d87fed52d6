import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import viewPrior from "../../nodes/view-prior";
import { oneHot } from "../../src/prior/classes";
import { colourKey } from "../../src/prior/legend";
import { CLASS_COLOURS, CLASSES, type Image, type Prior } from "../../src/types";
import { refusal } from "../message";
import { expectClose, imageOf, noise, runNode } from "../support";
import { priorOf, tensorOf } from "./values";

const show = async (prior: Prior, picture?: Image, opacity = 0.6, context = {}, fit: "exact" | "resize" = "exact") =>
  tensorOf((await runNode(viewPrior, { prior, picture }, { opacity, fit }, context)).image.rgb);
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

  it("lies over the picture, or that enlarged; over one of another size only to be stretched", async () => {
    const prior = priorOf(tf.softmax(noise([1, 8, 12, 8])) as tf.Tensor4D, { picture: { height: 2, width: 3 } });
    for (const [height, width] of [
      [2, 3],
      [8, 12],
    ] as const)
      expect((await show(prior, imageOf(noise([1, height, width, 3])))).shape).toEqual([1, 8, 12, 3]);
    const other = imageOf(noise([1, 9, 9, 3]));
    expect(await refusal(() => show(prior, other))).toBe(
      'the picture has 9 × 9 pixels, but the prior is for a picture of 3 × 2: give one of that size or of 12 × 8, or choose fit "resize"',
    );
    expect((await show(prior, other, 0.6, {}, "resize")).shape).toEqual([1, 8, 12, 3]);
    expect(await refusal(() => show(labels, other))).toBe(
      'the picture has 9 × 9 pixels, but the prior has 4 × 2 places: give one of that size, or choose fit "resize"',
    );
  });

  it("shows any number of channels", async () => {
    for (const channels of [1, 2, 5, 40]) {
      const shown = await show(priorOf(tf.softmax(noise([1, 3, 3, channels])) as tf.Tensor4D));
      expect((await shown.data()).every((value) => value >= 0 && value <= 1.001)).toBe(true);
    }
  });

  it("names the colours of classes; of one channel it gives the numbers, as long as no photo shines through", async () => {
    const legend = async (prior: Prior, picture?: Image, opacity = 0.6) =>
      (await runNode(viewPrior, { prior, picture }, { opacity })).image.legend;
    expect(await legend(labels)).toEqual(colourKey(CLASSES));
    const levels = tf.tensor4d([-0.1, 0, 0.5, 1], [1, 1, 4, 1]);
    const grey = priorOf(levels, { kind: "map", channels: ["luma"] });
    const bar = { kind: "bar", map: "grey", label: "luma", low: 0, high: 1, below: true, above: false };
    expect(await legend(grey)).toEqual(bar);
    const photo = imageOf(noise([1, 1, 4, 3]));
    expect(await legend(grey, photo)).toBeUndefined();
    expect(await legend(grey, photo, 1)).toEqual(bar);
  });

  it("is the same in tiles", async () => {
    const prior = priorOf(tf.softmax(noise([1, 40, 36, 8])) as tf.Tensor4D);
    const photo = imageOf(noise([1, 10, 9, 3]));
    await expectClose(await show(prior, photo, 0.5, { budget: 40 * 36 * 24 + 5000 }), await show(prior, photo, 0.5), 1e-5);
  });
});
