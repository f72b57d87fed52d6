import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { Network, Operation } from "../../../src/kernels/network";
import { convolve, padTo, pixelShuffle, upConv } from "../../../src/kernels/tfjs/layers";
import { run } from "../../../src/kernels/tfjs/run";
import type { HostTensor, Model } from "../../../src/types";
import { weightsOf } from "../../../src/weights/weights";
import { expectClose, noise, random, tinyModel } from "../../support";

const grid = (values: number[][]) => tf.tensor4d(values.flat(), [1, values.length, values[0]!.length, 1]);
const host = (shape: number[], seed: number): HostTensor => ({
  shape,
  data: Float32Array.from({ length: tf.util.sizeFromShape(shape) }, random(seed)),
});
const modelOf = (tensors: Record<string, HostTensor>): Model => ({ ...tinyModel(), weights: weightsOf(tensors) });
const on = (x: tf.Tensor4D, operations: Operation[], tensors: Record<string, HostTensor> = {}) => {
  const network: Network = { inputs: { x: { channels: x.shape[3], scale: 1 } }, operations };
  return run(modelOf(tensors), network, { x });
};

describe("conv", () => {
  it("pads stride-2 convolutions with a pixel on every side, even ones included", async () => {
    const x = grid([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    const y = convolve(x, tf.ones([3, 3, 1, 1]), undefined, { stride: 2 });
    await expectClose(y, grid([[1 + 2 + 5 + 6, 2 + 3 + 4 + 6 + 7 + 8]]));
  });

  it("pads as TensorFlow does where it is asked to: one pixel less at the top and left at stride 2", async () => {
    const x = grid([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    const y = convolve(x, tf.ones([3, 3, 1, 1]), undefined, { stride: 2, pad: "same" });
    await expectClose(y, grid([[1 + 2 + 3 + 5 + 6 + 7, 3 + 4 + 7 + 8]]));
  });

  it("has a bias, ReLU6 and TensorFlow's padding where it goes over each channel by itself", async () => {
    const tensors = { "c.weight": host([2, 1, 5, 5], 1), "c.bias": host([2], 2) };
    const x = noise([1, 8, 6, 2], 3);
    const conv: Operation = { op: "conv", name: "c", x: "x", stride: 2, pad: "same", activation: "relu6" };
    const [kernel, values, y] = [tensors["c.weight"].data, await x.data(), await on(x, [conv], tensors).data()];
    for (const [oy, ox] of [
      [0, 0],
      [1, 2],
      [3, 1],
    ] as const)
      for (const c of [0, 1]) {
        let sum = tensors["c.bias"].data[c]!;
        for (let i = 0; i < 25; i++) {
          const [sy, sx] = [2 * oy - 1 + Math.floor(i / 5), 2 * ox - 1 + (i % 5)];
          if (sy >= 0 && sy < 8 && sx >= 0 && sx < 6) sum += kernel[25 * c + i]! * values[(6 * sy + sx) * 2 + c]!;
        }
        expect(y[(3 * oy + ox) * 2 + c]).toBeCloseTo(Math.min(6, Math.max(0, sum)), 4);
      }
  });

  it("stops at 6 with ReLU6, with a residual too", async () => {
    const tensors = { "c.weight": { shape: [1, 1, 1, 1], data: Float32Array.of(1) } };
    const conv: Operation = { op: "conv", name: "c", x: "x", activation: "relu6" };
    await expectClose(on(grid([[7, -2, 2]]), [conv], tensors), grid([[6, 0, 2]]), 1e-6);
    await expectClose(on(grid([[4, -2, 2]]), [{ ...conv, residual: "x" }], tensors), grid([[6, 0, 4]]), 1e-6);
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

  it("has as many groups as its kernel", async () => {
    const tensors = { "c.weight": host([6, 2, 1, 1], 1), "c.bias": host([6], 2) };
    const x = noise([1, 2, 3, 4], 3);
    const y = await on(x, [{ op: "conv", name: "c", x: "x" }], tensors).data();
    const data = await x.data();
    for (let place = 0; place < 6; place++)
      for (let o = 0; o < 6; o++) {
        const first = o < 3 ? 0 : 2;
        const { "c.weight": kernel, "c.bias": bias } = tensors;
        const sum = [0, 1].reduce((sum, i) => sum + kernel.data[2 * o + i]! * data[4 * place + first + i]!, bias.data[o]!);
        expect(y[6 * place + o]).toBeCloseTo(sum, 4);
      }
  });

  it("adds its residual before the activation", async () => {
    const tensors = { "c.weight": { shape: [1, 1, 1, 1], data: Float32Array.of(1) } };
    const y = on(grid([[1, -2]]), [{ op: "conv", name: "c", x: "x", residual: "x", activation: "relu" }], tensors);
    await expectClose(y, grid([[2, 0]]), 1e-6);
  });
});

describe("pixelShuffle", () => {
  it("orders channels as PyTorch does", async () => {
    const x = tf.tensor4d([0, 1, 2, 3, 10, 11, 12, 13], [1, 1, 1, 8]);
    const y = tf.tensor4d([0, 10, 1, 11, 2, 12, 3, 13], [1, 2, 2, 2]);
    await expectClose(pixelShuffle(x, 2), y);
  });

  it("is the same after a convolution, whose kernel is then reordered, as by itself", async () => {
    const tensors = { "up.weight": host([12, 5, 3, 3], 1), "up.bias": host([12], 2) };
    const x = noise([1, 5, 7, 5], 3);
    const conv: Operation = { op: "conv", name: "up", x: "x", activation: "relu" };
    const apart = pixelShuffle(on(x, [conv], tensors), 2);
    const shuffle: Operation = { op: "pixelShuffle", name: "larger", x: "up", factor: 2 };
    await expectClose(on(x, [conv, shuffle], tensors), apart, 1e-5);
    const seen: Operation = { op: "concat", name: "both", x: "up", others: ["up"] };
    const crop: Operation = { op: "cropLike", name: "end", x: "larger", like: "larger" };
    await expectClose(on(x, [conv, shuffle, seen, crop], tensors), apart, 1e-5);
  });
});

describe("nearest2", () => {
  it("repeats every pixel twice each way", async () => {
    await expectClose(
      on(grid([[1, 2]]), [{ op: "nearest2", name: "y", x: "x" }]),
      grid([
        [1, 1, 2, 2],
        [1, 1, 2, 2],
      ]),
    );
  });
});

describe("upConv", () => {
  it("enlarges each channel by a kernel of its own, as a grouped transposed convolution does", async () => {
    const x = noise([1, 3, 5, 8]);
    const kernel = host([8, 1, 16, 16], 2);
    const turned = tf.transpose(tf.tensor4d(kernel.data, [8, 1, 16, 16]), [2, 3, 1, 0]);
    // One kernel for all channels, with zeros where they would mix; "same" is PyTorch's padding of 4 here.
    const apart = tf.mul(turned, tf.reshape(tf.eye(8), [1, 1, 8, 8])) as tf.Tensor4D;
    const expected = tf.conv2dTranspose(x, apart, [1, 24, 40, 8], 8, "same") as tf.Tensor4D;
    await expectClose(upConv(weightsOf({ "deconv.weight": kernel }), "deconv", x, 8), expected, 1e-5);
  });
});

describe("padTo", () => {
  const x = grid([
    [1, 2, 3],
    [4, 5, 6],
  ]);

  it("repeats the last row and column, which cropLike cuts off again", async () => {
    await expectClose(
      padTo(x, 4),
      grid([
        [1, 2, 3, 3],
        [4, 5, 6, 6],
        [4, 5, 6, 6],
        [4, 5, 6, 6],
      ]),
    );
    const both: Operation[] = [
      { op: "padTo", name: "padded", x: "x", multiple: 4 },
      { op: "cropLike", name: "cropped", x: "padded", like: "x" },
    ];
    await expectClose(on(x, both), x);
  });

  it("leaves the picture it is given alone where there is nothing to repeat", async () => {
    padTo(x, 1).dispose();
    expect(x.isDisposed).toBe(false);
  });
});
