/**
 * The official segmentation network (OutdoorSceneSeg, segmentation_OST_bic.pth): a dilated ResNet-101 with a grouped
 * transposed convolution at its end. Widths are read from the weights; names and layers are the checkpoint's.
 */
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../image/raster";
import type { Model, Size, Weights } from "../types";
import { conv, cropped, padSides, pixelShuffle, weight } from "./layers";
import { make, runAtOnce, type Step } from "./steps";

/** Mean of the training pictures, blue, green, red, 0 to 255. */
const MEAN_BGR = [103.939, 116.779, 123.68];

/** Output pixels per pixel of the coarsest map. */
const STRIDE = 8;

/** Bottlenecks by the numbers of their layers, with the dilation of their 3x3; the first of a stage may have a stride. */
const STAGES = [
  { first: 10, last: 12, stride: 1, dilation: 1 },
  { first: 13, last: 16, stride: 2, dilation: 1 },
  { first: 17, last: 39, stride: 1, dilation: 2 },
  { first: 40, last: 42, stride: 1, dilation: 4 },
] as const;

const relu = { activation: "relu" } as const;

/**
 * What each place shows: a picture `[1, H, W, 3]`, RGB 0 to 1, already enlarged four times and of any size, to class
 * probabilities `[1, H, W, K]`. Batch norms are folded into the convolutions, as src/weights/fold.ts does. The caller owns
 * the result.
 */
export const outdoorSceneSeg = (model: Model, image: tf.Tensor4D): tf.Tensor4D =>
  runAtOnce(outdoorSceneSegSteps(model, sizeOf(image)), image);

/** `outdoorSceneSeg` for a picture of `size`, layer by layer. */
export const outdoorSceneSegSteps = ({ weights: w }: Model, size: Size): Step[] => [
  make("x", ({ x }) => padSides(STRIDE, tf.sub(tf.mul(tf.reverse(x, 3), 255), MEAN_BGR))),
  make("x", ({ x }) => conv(w, "feature.0", x, { ...relu, stride: 2, pad: 1 })),
  make("x", ({ x }) => conv(w, "feature.3", x, relu)),
  make("x", ({ x }) => conv(w, "feature.6", x, relu)),
  // The original has no padding and rounds sizes up, which on even sides is what "same" does.
  make("x", ({ x }) => tf.maxPool(x, 3, 2, "same")),
  ...STAGES.flatMap(({ first, last, stride, dilation }) =>
    Array.from({ length: last - first + 1 }, (_, i) =>
      make("x", ({ x }) => bottleneck(w, `feature.${first + i}`, x, i === 0 ? stride : 1, dilation)),
    ),
  ),
  make("x", ({ x }) => conv(w, "feature.43", x, relu)),
  make("x", ({ x }) => conv(w, "feature.47", x)),
  make("x", ({ x }) => transposedConv(w, "deconv", x)),
  make("x", ({ x }) => tf.softmax(cropped(x, size))),
];

function bottleneck(w: Weights, name: string, x: tf.Tensor4D, stride: number, dilation: number): tf.Tensor4D {
  return tf.tidy(() => {
    const squeezed = conv(w, `${name}.res.0`, x, relu);
    const seen = conv(w, `${name}.res.3`, squeezed, { ...relu, stride, dilation, pad: dilation });
    const skip = `${name}.proj.0.weight` in w ? conv(w, `${name}.proj.0`, x, { stride }) : x;
    return tf.relu(tf.add(conv(w, `${name}.res.6`, seen), skip));
  });
}

/**
 * ConvTranspose2d(K, K, 16, stride 8, padding 4, groups K, no bias), its kernel stored `[16, 16, 1, K]`: each channel is
 * enlarged 8 times by a kernel of its own. Along one side, output 8y + i takes kernel element 8(y - k) + i + 4 of input k,
 * so only inputs y - 1 to y + 1 count: padded to 24 elements, the kernel is a 3x3 depthwise convolution that computes the
 * 8x8 output pixels of each input pixel as channels.
 */
export function transposedConv(w: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const kernel = weight<tf.Tensor4D>(w, `${name}.weight`);
    const k = x.shape[3];
    if (kernel.shape.join() !== [16, 16, 1, k].join()) {
      throw new Error(
        `"${name}.weight" has shape [${kernel.shape}] where [16, 16, 1, ${k}] is needed; load the official checkpoint.`,
      );
    }
    const padded = tf.pad(tf.reshape(kernel, [16, 16, k]), [
      [4, 4],
      [4, 4],
      [0, 0],
    ]);
    const taps = tf.reverse(tf.reshape(padded, [3, STRIDE, 3, STRIDE * k]), [0, 2]);
    const ordered = tf.transpose(tf.reshape(taps, [3, STRIDE, 3, STRIDE, k]), [0, 2, 4, 1, 3]);
    const filter = tf.reshape(ordered, [3, 3, k, STRIDE * STRIDE]) as tf.Tensor4D;
    return pixelShuffle(tf.depthwiseConv2d(x, filter, 1, "same"), STRIDE);
  });
}
