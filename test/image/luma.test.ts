import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { greyOf, luma } from "../../src/image/luma";

it("is 16 for black, 235 for white, and as rgb2ycbcr weighs the primaries", async () => {
  const colours = tf.tensor4d([0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 1, 5, 3]);
  const y = luma(colours);
  expect(y.shape).toEqual([1, 1, 5, 1]);
  expect(Array.from(await y.data())).toEqual([16, 235, 81.481, 144.553, 40.966].map((v) => expect.closeTo(v, 3)));
});

it("goes from 0 for black to 1 for white as a grey", async () => {
  const greys = tf.tensor4d([0, 0, 0, 0.25, 0.25, 0.25, 1, 1, 1], [1, 1, 3, 3]);
  expect(Array.from(await greyOf(greys).data())).toEqual([0, 0.25, 1].map((v) => expect.closeTo(v, 5)));
});
