import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import difference from "../../nodes/difference";
import { colourMap } from "../../src/image/colour-map";
import { HostRaster } from "../../src/image/raster";
import { refusal } from "../message";
import { expectClose, imageOf, noise, runNode } from "../support";
import { tensorOf } from "./values";

const run = (a: tf.Tensor4D, b: tf.Tensor4D, gain = 8, context = {}) =>
  runNode(difference, { a: imageOf(a), b: imageOf(b) }, { gain }, context);

describe("Difference", () => {
  it("is the mean of the three channels' distances, in colours up to 1/gain", async () => {
    const a = tf.tensor4d([0.5, 0.5, 0.5, 0, 0, 0, 1, 1, 1], [1, 1, 3, 3]);
    const b = tf.tensor4d([0.5, 0.5, 0.5, 0.1, 0, -0.2, 1, 0.25, 1], [1, 1, 3, 3]);
    const { image, mean, max } = await run(a, b, 2);
    expect(mean).toBeCloseTo((0 + 0.1 + 0.25) / 3, 5);
    expect(max).toBeCloseTo(0.25, 5);
    await expectClose(
      tensorOf(image.rgb),
      colourMap(tf.tensor4d([0, 0.1, 0.25], [1, 1, 3, 1]), { low: 0, high: 0.5 }, "viridis"),
      1e-5,
    );
  });

  it("says what its colours stand for, and whether there is more than they show", async () => {
    const [a, b] = [tf.zeros([1, 1, 2, 3]) as tf.Tensor4D, tf.tensor4d([0.2, 0.2, 0.2, 0, 0, 0], [1, 1, 2, 3])];
    const bar = { kind: "bar", map: "viridis", label: "|a − b|", low: 0, below: false };
    expect((await run(a, b, 4)).image.legend).toEqual({ ...bar, high: 0.25, above: false });
    expect((await run(a, b, 8)).image.legend).toEqual({ ...bar, high: 0.125, above: true });
  });

  it("says the same in tiles", async () => {
    const [a, b] = [noise([1, 13, 17, 3]), noise([1, 13, 17, 3], 2)];
    const [once, tiled] = [await run(a, b), await run(a, b, 8, { budget: 4000 })];
    expect(tiled.image.rgb).toBeInstanceOf(HostRaster);
    expect([tiled.mean, tiled.max]).toEqual([expect.closeTo(once.mean, 5), expect.closeTo(once.max, 6)]);
  });

  it("refuses pictures of two sizes", async () => {
    expect(await refusal(() => run(noise([1, 3, 4, 3]), noise([1, 4, 4, 3])))).toBe(
      "the pictures have 4 × 3 and 4 × 4 pixels: give two of one size",
    );
  });
});
