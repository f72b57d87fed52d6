import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { conv, convolve, convShuffle, cropped, nearest2, padSides, pixelShuffle } from "../../src/sftgan/layers";
import { expectClose, noise } from "../support";
import { leaks } from "./nets";

const grid = (values: number[][]) => tf.tensor4d(values.flat(), [1, values.length, values[0]!.length, 1]);
/** Not reshaped from four dimensions: a bias keeps the rank its data had when they were made, on the wasm backend. */
const vector = (n: number, seed: number) => tf.tensor1d(noise([1, 1, 1, n], seed).dataSync());

describe("conv", () => {
  it("pads stride-2 convolutions with a pixel on every side, even ones included", async () => {
    const x = grid([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    const y = convolve(x, tf.ones([3, 3, 1, 1]), undefined, { stride: 2 });
    await expectClose(y, grid([[1 + 2 + 5 + 6, 2 + 3 + 4 + 6 + 7 + 8]]));
  });

  it("applies bias and LeakyReLU of the given slope", async () => {
    const x = grid([[1, 2]]);
    const y = convolve(x, tf.ones([1, 1, 1, 1]), tf.tensor1d([-2]), { activation: { leaky: 0.01 } });
    await expectClose(y, grid([[-0.01, 0]]), 1e-6);
  });

  it("keeps the size of dilated convolutions and looks that far", async () => {
    const x = grid([[1, 2, 4, 8, 16]]);
    await expectClose(convolve(x, tf.ones([3, 3, 1, 1]), undefined, { dilation: 2 }), grid([[5, 10, 21, 10, 20]]));
  });

  it("names the weights that are missing", () => {
    expect(() => conv({}, "conv0", grid([[1]]))).toThrow('The weights lack "conv0.weight"');
  });
});

describe("pixelShuffle", () => {
  it("orders channels as PyTorch does", async () => {
    const x = tf.tensor4d([0, 1, 2, 3, 10, 11, 12, 13], [1, 1, 1, 8]);
    const y = tf.tensor4d([0, 10, 1, 11, 2, 12, 3, 13], [1, 2, 2, 2]);
    await expectClose(pixelShuffle(x, 2), y);
  });

  it("is what a convolution with reordered kernels gives", async () => {
    const weights = { "up.weight": noise([3, 3, 5, 12], 1), "up.bias": vector(12, 2) };
    const x = noise([1, 5, 7, 5], 3);
    const shuffled = pixelShuffle(conv(weights, "up", x, { activation: "relu" }), 2);
    await expectClose(convShuffle(weights, "up", x, 2, "relu"), shuffled, 1e-5);
    expect(leaks(() => convShuffle(weights, "up", x, 2, "relu"))).toBe(0);
  });
});

describe("nearest2", () => {
  it("repeats every pixel twice each way", async () => {
    await expectClose(
      nearest2(grid([[1, 2]])),
      grid([
        [1, 1, 2, 2],
        [1, 1, 2, 2],
      ]),
    );
  });
});

describe("padSides", () => {
  it("repeats the last row and column, which cropped cuts off again", async () => {
    const x = grid([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const padded = padSides(4, x);
    await expectClose(
      padded,
      grid([
        [1, 2, 3, 3],
        [4, 5, 6, 6],
        [4, 5, 6, 6],
        [4, 5, 6, 6],
      ]),
    );
    await expectClose(cropped(padded, { height: 2, width: 3 }), x);
  });

  it("leaves the picture it is given alone where there is nothing to repeat", async () => {
    const x = grid([[7]]);
    padSides(1, x).dispose();
    expect(x.isDisposed).toBe(false);
  });
});
