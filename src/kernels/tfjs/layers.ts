/** PyTorch's layers on NHWC tensors `[1, h, w, c]`, by tfjs. Each gives a tensor of its own. */
import * as tf from "@tensorflow/tfjs-core";
import { read, sizeOf } from "../../image/raster";
import type { Weights } from "../../types";
import { type Activation, type Conv, layerOf, type Operation, padding, type Rgb, type SftBranches } from "../network";
import { bias, copyOf, depthwiseKernel, hostTensor, kernel, shuffledBias, shuffledKernel, upKernel, vector } from "./copies";

type Maps = (name: string) => tf.Tensor4D;

/** One operation on maps that are there. Call it in `tf.tidy`. */
export function apply(weights: Weights, operation: Operation, map: Maps): tf.Tensor4D {
  const x = map(operation.x);
  switch (operation.op) {
    case "conv":
      return conv(weights, operation, x, operation.residual === undefined ? undefined : map(operation.residual));
    case "sft": {
      const [gamma, beta] = (["scale", "shift"] as const).map(
        (which) => () => sftMap(weights, layerOf(operation), which, map(operation.condition), operation),
      );
      return activate(
        weights,
        consume(
          consume(gamma!(), (gamma) => tf.mul(x, gamma)),
          (y) => tf.add(y, beta!()),
        ),
        operation.activation,
      );
    }
    case "sftMap":
      return sftMap(weights, layerOf(operation), operation.which, x, operation);
    case "activate":
      return activate(weights, tf.clone(x), operation.activation);
    case "pixelShuffle":
      return pixelShuffle(x, operation.factor);
    case "nearest2":
      return tf.image.resizeNearestNeighbor(x, [2 * x.shape[1], 2 * x.shape[2]]);
    case "resizeLike": {
      const [, height, width] = map(operation.like).shape;
      const { times = 1 } = operation;
      return tf.image.resizeBilinear(x, [times * height, times * width], false, true);
    }
    case "concat":
      return tf.concat([x, ...operation.others.map(map)], 3);
    case "add":
      return activate(weights, tf.add(x, map(operation.other)), operation.activation);
    case "scaleShift": {
      const [scale, shift] = ["weight", "bias"].map((part) => vector(weights, `${layerOf(operation)}.${part}`));
      return activate(weights, tf.add(tf.mul(x, scale!), shift!), operation.activation);
    }
    case "normalise": {
      const [mean, deviation] = (["mean", "deviation"] as const).map((part) => rgb(weights, operation[part]));
      const y = tf.div<tf.Tensor4D>(tf.sub(x, mean!), deviation!);
      return operation.bgr ? tf.reverse(y, 3) : y;
    }
    case "avgPool": {
      const around: [number, number] = [1, 1];
      return consume(tf.pad(x, [[0, 0], around, around, [0, 0]]), (x) => tf.avgPool(x, 3, 2, "valid"));
    }
    case "maxPool":
      return tf.maxPool(x, 3, 2, "same"); // without padding and rounded up, as sides are even: see `padTo`
    case "mean":
      return tf.mean(x, [1, 2], true);
    case "upConv":
      return upConv(weights, layerOf(operation), x, operation.stride);
    case "padTo":
      return padTo(x, operation.multiple);
    case "cropLike":
      return read(x, { top: 0, left: 0, ...sizeOf(map(operation.like)) });
    case "softmax":
      return tf.softmax(x);
  }
}

/** Three numbers as a tensor, kept beside the weights. */
const rgb = (weights: Weights, values: Rgb): tf.Tensor1D =>
  copyOf(weights, `rgb ${values}`, () => tf.tensor1d([...values], "float32"));

/** Conv2d with its bias, residual and activation; those that tfjs can fuse are in one pass. */
function conv(weights: Weights, operation: Conv, x: tf.Tensor4D, residual?: tf.Tensor4D): tf.Tensor4D {
  const { activation } = operation;
  const name = layerOf(operation);
  const { shape } = hostTensor(weights, `${name}.weight`);
  const [out, within] = shape as [number, number];
  const depthwise = within === 1 && out > 1 && x.shape[3] === out;
  const fused = residual === undefined ? activation : undefined;
  const y = depthwise
    ? depthwiseConv(weights, operation, x, fused)
    : convolve(x, kernel(weights, name, x.shape[3]), bias(weights, name), { ...operation, activation: fused });
  const sum = residual ? consume(y, (y) => tf.add(residual, y)) : y;
  return (depthwise ? typeof fused === "string" : isFused(fused)) ? sum : activate(weights, sum, activation);
}

/** Conv2d, its activation, then PixelShuffle(r), by a kernel in tfjs's order. */
export function convShuffle(weights: Weights, operation: Conv, x: tf.Tensor4D, r: number): tf.Tensor4D {
  const { activation } = operation;
  const name = layerOf(operation);
  const y = convolve(x, shuffledKernel(weights, name, x.shape[3], r), shuffledBias(weights, name, r), operation);
  return consume(isFused(activation) ? y : activate(weights, y, activation), (y) => tf.depthToSpace(y, r));
}

/** Whether tfjs computes the activation with the convolution. */
const isFused = (activation: Activation | undefined) =>
  typeof activation === "string" || (activation !== undefined && "leaky" in activation);

/** Conv2d with a kernel `[k, k, in, out]`, a bias `[out]`, and ReLU, ReLU6 or LeakyReLU, in one pass. */
export function convolve(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias?: tf.Tensor1D,
  options: Omit<Partial<Conv>, "op"> = {},
): tf.Tensor4D {
  const { activation, stride = 1, dilation = 1 } = options;
  const [before, after] = padding(kernel.shape[0], options);
  return tf.fused.conv2d({
    x,
    filter: kernel,
    bias,
    strides: [stride, stride],
    dilations: [dilation, dilation],
    // "valid" and not zeros: it is what lets a 1x1 convolution run as one matrix product.
    pad:
      before + after === 0
        ? "valid"
        : [
            [0, 0],
            [before, after],
            [before, after],
            [0, 0],
          ],
    ...(typeof activation === "string" && { activation }),
    ...(typeof activation === "object" &&
      "leaky" in activation && { activation: "leakyrelu" as const, leakyreluAlpha: activation.leaky }),
  });
}

/**
 * Depth-wise convolution with its bias, and ReLU or ReLU6 in the same pass; it is padded as `operation` says, or by half the
 * kernel. tfjs has no stride beside a dilation and none with equal padding: every other pixel is taken.
 */
function depthwiseConv(weights: Weights, operation: Conv, x: tf.Tensor4D, activation?: Activation): tf.Tensor4D {
  const { dilation = 1, stride = 1, pad } = operation;
  const taken = pad === "same" ? 1 : stride;
  const y = tf.fused.depthwiseConv2d({
    x,
    filter: depthwiseKernel(weights, layerOf(operation)),
    strides: stride / taken,
    pad: "same",
    dilations: dilation,
    bias: bias(weights, layerOf(operation)),
    ...(typeof activation === "string" && { activation }),
  });
  return taken === 1 ? y : consume(y, (y) => tf.stridedSlice(y, [0, 0, 0, 0], y.shape, [1, taken, taken, 1]) as tf.Tensor4D);
}

/**
 * What an SFT layer multiplies features by or adds to them, `[1, h, w, F]` from the condition `[1, h, w, C]`. The 1 that a
 * variant adds to γ is in the bias.
 */
function sftMap(
  weights: Weights,
  layer: string,
  which: "scale" | "shift",
  condition: tf.Tensor4D,
  { slope, unitScale }: SftBranches,
): tf.Tensor4D {
  const [first, second] = [`${layer}.SFT_${which}_conv0`, `${layer}.SFT_${which}_conv1`];
  const width = hostTensor(weights, `${second}.weight`).shape[1]!;
  const plus = which === "scale" && unitScale ? 1 : 0;
  const hidden = convolve(condition, kernel(weights, first, condition.shape[3]), bias(weights, first), {
    activation: { leaky: slope },
  });
  return consume(hidden, (hidden) => convolve(hidden, kernel(weights, second, width), bias(weights, second, plus)));
}

/** The activation; takes `x` over. */
function activate(weights: Weights, x: tf.Tensor4D, activation: Activation | undefined): tf.Tensor4D {
  if (activation === undefined) return x;
  if (activation === "relu") return consume(x, (x) => tf.relu(x));
  if (activation === "relu6") return consume(x, (x) => tf.relu6(x));
  if ("leaky" in activation) return consume(x, (x) => tf.leakyRelu(x, activation.leaky));
  return consume(x, (x) => tf.prelu<tf.Tensor4D>(x, vector(weights, `${activation.prelu}.weight`) as tf.Tensor as tf.Tensor4D));
}

/** PixelShuffle(r): channel `c·r² + i·r + j` of pixel (y, x) becomes channel `c` of pixel (y·r + i, x·r + j). */
export function pixelShuffle(x: tf.Tensor4D, r: number): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  const depth = c / (r * r);
  const apart = tf.transpose(tf.reshape(x, [n * h, w, depth, r, r]), [0, 3, 1, 4, 2]);
  return tf.reshape(apart, [n, h * r, w * r, depth]);
}

/** ConvTranspose2d(K, K, 2s, s, padding s / 2, groups K, no bias): each channel is enlarged by a kernel of its own. */
export function upConv(weights: Weights, name: string, x: tf.Tensor4D, stride: number): tf.Tensor4D {
  const { shape } = hostTensor(weights, `${name}.weight`);
  const expected = [x.shape[3], 1, 2 * stride, 2 * stride];
  if (shape.join() !== expected.join())
    throw new Error(`"${name}.weight" has shape [${shape}] where [${expected}] is needed; load the official checkpoint.`);
  return consume(tf.depthwiseConv2d(x, upKernel(weights, name, stride), 1, "same"), (y) => pixelShuffle(y, stride));
}

/** The last row and column repeated until both sides are multiples of `multiple`. */
export function padTo(x: tf.Tensor4D, multiple: number): tf.Tensor4D {
  const [, h, w] = x.shape;
  const bottom = (multiple - (h % multiple)) % multiple;
  const right = (multiple - (w % multiple)) % multiple;
  let padded = tf.clone(x);
  if (bottom > 0) padded = consume(padded, (x) => tf.concat([x, tf.tile(tf.slice(x, [0, h - 1], [1, 1]), [1, bottom, 1, 1])], 1));
  if (right > 0)
    padded = consume(padded, (x) => tf.concat([x, tf.tile(tf.slice(x, [0, 0, w - 1], [1, -1, 1]), [1, 1, right, 1])], 2));
  return padded;
}

/** `f(x)`, after which `x` is disposed. */
function consume(x: tf.Tensor4D, f: (x: tf.Tensor4D) => tf.Tensor4D): tf.Tensor4D {
  try {
    return f(x);
  } finally {
    x.dispose();
  }
}
