/** PyTorch's layers on NHWC tensors `[1, h, w, c]`, by tfjs. Each gives a tensor of its own. */
import * as tf from "@tensorflow/tfjs-core";
import { read, sizeOf } from "../../image/raster";
import type { Weights } from "../../types";
import { hostTensor } from "../../weights/weights";
import { type Activation, type Conv, layerOf, type Operation, padding, type Rgb, type SftBranches } from "../network";
import { bias, copyOf, depthwiseKernel, kernel, shuffledBias, shuffledKernel, upKernel } from "./copies";

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
      return activate(tf.clone(x), operation.activation);
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
      return activate(tf.add(x, map(operation.other)), operation.activation);
    case "normalise": {
      const [mean, deviation] = (["mean", "deviation"] as const).map((part) => rgb(weights, operation[part]));
      const y = tf.div<tf.Tensor4D>(tf.sub(x, mean!), deviation!);
      return operation.bgr ? tf.reverse(y, 3) : y;
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

/** Conv2d with its bias, residual and activation, in one pass where there is no residual. */
function conv(weights: Weights, operation: Conv, x: tf.Tensor4D, residual?: tf.Tensor4D): tf.Tensor4D {
  const { activation } = operation;
  const name = layerOf(operation);
  const { shape } = hostTensor(weights, `${name}.weight`);
  const [out, within] = shape as [number, number];
  const depthwise = within === 1 && out > 1 && x.shape[3] === out;
  const fused = residual === undefined ? activation : undefined;
  const filter = depthwise ? depthwiseKernel(weights, name) : kernel(weights, name, x.shape[3]);
  const y = (depthwise ? convolveDepthwise : convolve)(x, filter, bias(weights, name), { ...operation, activation: fused });
  if (residual === undefined) return y;
  return activate(
    consume(y, (y) => tf.add(residual, y)),
    activation,
  );
}

/** Conv2d, its activation, then PixelShuffle(r), by a kernel in tfjs's order. */
export function convShuffle(weights: Weights, operation: Conv, x: tf.Tensor4D, r: number): tf.Tensor4D {
  const name = layerOf(operation);
  const y = convolve(x, shuffledKernel(weights, name, x.shape[3], r), shuffledBias(weights, name, r), operation);
  return consume(y, (y) => tf.depthToSpace(y, r));
}

type Convolution = (x: tf.Tensor4D, kernel: tf.Tensor4D, bias?: tf.Tensor1D, options?: Omit<Partial<Conv>, "op">) => tf.Tensor4D;

/** Conv2d with a kernel `[k, k, in, out]`, a bias `[out]` and an activation, in one pass. */
export const convolve: Convolution = (x, filter, bias, options = {}) =>
  tf.fused.conv2d({ x, filter, bias, ...convolving(filter, options) });

/** The same with a kernel `[k, k, channels, 1]` that goes over each channel by itself. tfjs pads here as TensorFlow does, or not. */
const convolveDepthwise: Convolution = (x, filter, bias, options = {}) => {
  const convolve = (x: tf.Tensor4D, pad: "same" | "valid") =>
    tf.fused.depthwiseConv2d({ x, filter, bias, ...convolving(filter, options), pad });
  const { stride = 1, pad } = options;
  if (pad === "same" || (pad === undefined && stride === 1)) return convolve(x, "same");
  const around = [...padding(filter.shape[0], options)] as [number, number];
  return consume(tf.pad(x, [[0, 0], around, around, [0, 0]]), (x) => convolve(x, "valid"));
};

function convolving(kernel: tf.Tensor4D, options: Omit<Partial<Conv>, "op">) {
  const { activation, stride = 1, dilation = 1 } = options;
  const around = [...padding(kernel.shape[0], options)] as [number, number];
  const zeros: [[number, number], [number, number], [number, number], [number, number]] = [[0, 0], around, around, [0, 0]];
  return {
    strides: [stride, stride] as [number, number],
    dilations: [dilation, dilation] as [number, number],
    // "valid" and not zeros: it is what lets a 1x1 convolution run as one matrix product.
    pad: around[0] + around[1] === 0 ? ("valid" as const) : zeros,
    ...(typeof activation === "string" && { activation }),
    ...(typeof activation === "object" && { activation: "leakyrelu" as const, leakyreluAlpha: activation.leaky }),
  };
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
function activate(x: tf.Tensor4D, activation: Activation | undefined): tf.Tensor4D {
  if (activation === undefined) return x;
  if (activation === "relu") return consume(x, (x) => tf.relu(x));
  if (activation === "relu6") return consume(x, (x) => tf.relu6(x));
  return consume(x, (x) => tf.leakyRelu(x, activation.leaky));
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
