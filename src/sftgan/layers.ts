/** The few PyTorch layers the networks are made of, with PyTorch's semantics on NHWC tensors `[1, h, w, c]`. */
import * as tf from "@tensorflow/tfjs-core";
import { read } from "../image/raster";
import type { Size, Weights } from "../types";

/** What follows a convolution in the same GPU pass: nothing, ReLU, or LeakyReLU of the given slope. */
export type Activation = "linear" | "relu" | { readonly leaky: number };

export interface ConvOptions {
  readonly activation?: Activation;
  readonly stride?: number;
  readonly dilation?: number;
  /** Pixels of zeros on every side. Default: what keeps the size at stride 1. */
  readonly pad?: number;
}

/** The tensor called `name`. Throws where the weights lack it. */
export function weight<T extends tf.Tensor = tf.Tensor>(weights: Weights, name: string): T {
  const tensor = weights[name];
  if (tensor === undefined) throw new Error(`The weights lack "${name}"; load a complete checkpoint of this architecture.`);
  return tensor as T;
}

/** Conv2d `name`: kernel `NAME.weight` `[kh, kw, in, out]`, bias `NAME.bias` `[out]` where there is one. */
export function conv(weights: Weights, name: string, x: tf.Tensor4D, options: ConvOptions = {}): tf.Tensor4D {
  const bias = weights[`${name}.bias`] as tf.Tensor1D | undefined;
  return convolve(x, weight<tf.Tensor4D>(weights, `${name}.weight`), bias, options);
}

/** Conv2d with a kernel `[k, k, in, out]` and a bias `[out]`, and its activation, in one pass. */
export function convolve(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias?: tf.Tensor1D,
  { activation = "linear", stride = 1, dilation = 1, pad = (dilation * (kernel.shape[0] - 1)) / 2 }: ConvOptions = {},
): tf.Tensor4D {
  return tf.fused.conv2d({
    x,
    filter: kernel,
    bias,
    strides: [stride, stride],
    dilations: [dilation, dilation],
    // "valid" and not zeros: it is what lets a 1x1 convolution run as one matrix product.
    pad:
      pad === 0
        ? "valid"
        : [
            [0, 0],
            [pad, pad],
            [pad, pad],
            [0, 0],
          ],
    ...(typeof activation === "string" ? { activation } : { activation: "leakyrelu", leakyreluAlpha: activation.leaky }),
  });
}

/** PixelShuffle(r): channel `c*r*r + i*r + j` of pixel (y, x) becomes channel `c` of pixel (y*r + i, x*r + j). */
export function pixelShuffle(x: tf.Tensor4D, r: number): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  const depth = c / (r * r);
  return tf.tidy(() =>
    tf.reshape(tf.transpose(tf.reshape(x, [n * h, w, depth, r, r]), [0, 3, 1, 4, 2]), [n, h * r, w * r, depth]),
  );
}

/**
 * Conv2d `name`, its activation, then PixelShuffle(r). `depthToSpace` has channel `(i*r + j)*C + c` where PyTorch has
 * `c*r*r + i*r + j`: here the kernel's output channels are reordered, which is little beside reordering the picture's.
 */
export function convShuffle(weights: Weights, name: string, x: tf.Tensor4D, r: number, activation: Activation): tf.Tensor4D {
  return tf.tidy(() => {
    const kernel = weight<tf.Tensor4D>(weights, `${name}.weight`);
    const bias = weight<tf.Tensor1D>(weights, `${name}.bias`);
    const depth = kernel.shape[3] / (r * r);
    const order = tf.tensor1d(
      Array.from({ length: kernel.shape[3] }, (_, k) => (k % depth) * r * r + Math.floor(k / depth)),
      "int32",
    );
    // Not gathered as the kernel is: the wasm backend would take the result's rank, as a fused bias, for four.
    const reorderedBias = tf.concat(tf.unstack(tf.reshape(bias, [depth, r * r]), 1)) as tf.Tensor1D;
    return tf.depthToSpace(convolve(x, tf.gather(kernel, order, 3), reorderedBias, { activation }), r);
  });
}

/** Upsample(scale_factor=2, mode="nearest"). */
export const nearest2 = (x: tf.Tensor4D): tf.Tensor4D => tf.image.resizeNearestNeighbor(x, [2 * x.shape[1], 2 * x.shape[2]]);

/** The last row and column repeated until both sides are multiples of `multiple`, for a network that wants them so. */
export function padSides(multiple: number, x: tf.Tensor4D): tf.Tensor4D {
  const [, h, w] = x.shape;
  const bottom = (multiple - (h % multiple)) % multiple;
  const right = (multiple - (w % multiple)) % multiple;
  return tf.tidy(() => {
    let padded = tf.clone(x);
    if (bottom > 0) padded = tf.concat([padded, tf.tile(tf.slice(padded, [0, h - 1], [1, 1]), [1, bottom, 1, 1])], 1);
    if (right > 0) padded = tf.concat([padded, tf.tile(tf.slice(padded, [0, 0, w - 1], [1, -1, 1]), [1, 1, right, 1])], 2);
    return padded;
  });
}

/** What `padSides` put on cut off again: the top left of a map, of `size`. */
export const cropped = (x: tf.Tensor4D, { height, width }: Size): tf.Tensor4D => read(x, { top: 0, left: 0, height, width });

/** `f(x)`, after which `x` is disposed: a long chain of layers then holds one map at a time. */
export function consume(x: tf.Tensor4D, f: (x: tf.Tensor4D) => tf.Tensor4D): tf.Tensor4D {
  try {
    return f(x);
  } finally {
    x.dispose();
  }
}
