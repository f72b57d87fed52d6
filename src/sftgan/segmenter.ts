/**
 * The package's own segmentation network (1 M parameters, batch norms folded): the encoder of ESPNetv2 (Mehta et al., CVPR
 * 2019) down to 1/16 of the picture, the whole picture's mean, and a decoder up to 1/4. The mean makes every output depend on
 * every pixel, so it runs on the whole picture at a bounded size and never in tiles. In PyTorch: training/espnet.py.
 */
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../image/raster";
import type { Model, Size, Weights } from "../types";
import { conv, cropped, padSides, weight } from "./layers";
import { type Maps, make, runAtOnce, type Step } from "./steps";

/** Sides are padded to a multiple of this: the size of the coarsest map's pixel. */
const STRIDE = 16;
/** Of ImageNet, which the encoder was pretrained on. */
const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];
/** Dilations of a block's branches: of most, and of those at 1/16. */
const WIDE = [1, 2, 3, 4] as const;
const NARROW = [1, 1, 2, 3] as const;

const relu = { activation: "relu" } as const;

/**
 * What each place shows: a picture `[1, H, W, 3]`, RGB 0 to 1, already enlarged four times and of any size, to class
 * probabilities `[1, H, W, K]`. The caller owns the result.
 */
export const segmenter = (model: Model, image: tf.Tensor4D): tf.Tensor4D =>
  runAtOnce(segmenterSteps(model, sizeOf(image)), image);

/** `segmenter` for a picture of `size`, in steps of a few layers. */
export function segmenterSteps({ weights: w }: Model, size: Size): Step[] {
  /** The coarser map enlarged, with the finer one beside it added, through a convolution. */
  const refine = (x: tf.Tensor4D, name: string, across: number, finer: tf.Tensor4D) =>
    conv(w, name, tf.relu(tf.add(enlarge(x, 2), conv(w, `across.${across}`, finer))), relu);
  return [
    make("x", ({ x }) => tf.div(tf.sub(padSides(STRIDE, x), MEAN), DEVIATION)),
    make("a", ({ x }) => prelu(w, "encoder.level1.act", conv(w, "encoder.level1.conv", x, { stride: 2, pad: 1 }))),
    make("x", ({ x }) => pool(pool(x))),
    make("a", ({ a, x }) => halved(w, "encoder.level2_0", a, x)),
    make("x", ({ x }) => pool(x)),
    make("b", ({ a, x }) => halved(w, "encoder.level3_0", a, x)),
    ...blocks(w, "encoder.level3", "b", WIDE),
    make("x", ({ x }) => pool(x)),
    make("c", ({ b, x }) => halved(w, "encoder.level4_0", b, x)),
    ...blocks(w, "encoder.level4", "c", NARROW),
    ({ a, b, c }) => ({ a, b, x: tf.relu(tf.add(conv(w, "across.2", c), conv(w, "whole", tf.mean(c, [1, 2], true)))) }),
    ({ a, b, x }) => ({ a, x: refine(x, "f8", 1, b) }),
    ({ a, x }) => ({ x: refine(x, "f4", 0, a) }),
    make("x", ({ x }) => enlarge(conv(w, "out", x), 4)),
    make("x", ({ x }) => tf.softmax(cropped(x, size))),
  ];
}

/** As many blocks as the weights have, one after the other, on one map. */
function blocks(w: Weights, name: string, map: keyof Maps, dilations: readonly number[]): Step[] {
  const steps: Step[] = [];
  for (let i = 0; `${name}.${i}.module_act.weight` in w; i++) {
    const block = `${name}.${i}`;
    steps.push(make(map, ({ [map]: x }) => prelu(w, `${block}.module_act`, tf.add(pyramid(w, block, x, dilations, 1), x))));
  }
  return steps;
}

/** A map at half its size: pooled and convolved beside each other, with the picture itself, pooled to that size, added. */
function halved(w: Weights, name: string, x: tf.Tensor4D, picture: tf.Tensor4D): tf.Tensor4D {
  const reinforced = conv(
    w,
    `${name}.inp_reinf.1.conv`,
    prelu(w, `${name}.inp_reinf.0.act`, conv(w, `${name}.inp_reinf.0.conv`, picture)),
  );
  const both = tf.concat([pool(x), pyramid(w, `${name}.eesp`, x, WIDE, 2)], 3);
  return prelu(w, `${name}.act`, tf.add(both, reinforced));
}

/** EESP: a grouped 1×1 convolution, four dilated depth-wise ones summed in turn, and a grouped 1×1 convolution again. */
function pyramid(w: Weights, name: string, x: tf.Tensor4D, dilations: readonly number[], stride: 1 | 2): tf.Tensor4D {
  const narrow = tf.tidy(() => prelu(w, `${name}.proj_1x1.act`, conv(w, `${name}.proj_1x1.conv`, x)));
  const sums: tf.Tensor4D[] = [];
  for (const [i, dilation] of dilations.entries()) {
    const branch = depthwise(w, `${name}.spp_dw.${i}.conv`, narrow, dilation, stride);
    const before = sums.at(-1);
    sums.push(before ? tf.add(branch, before) : branch);
  }
  const scale = weight(w, `${name}.br_after_cat.bn.weight`);
  const shift = weight(w, `${name}.br_after_cat.bn.bias`);
  const all = prelu(w, `${name}.br_after_cat.act`, tf.add(tf.mul(tf.concat(sums, 3), scale), shift));
  return conv(w, `${name}.conv_1x1_exp.conv`, all);
}

const prelu = (w: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D => tf.prelu(x, weight(w, `${name}.weight`));

/** AvgPool2d(3, 2, 1), in which zeros around the map count. Sides are even. */
function pool(x: tf.Tensor4D): tf.Tensor4D {
  const around: [number, number] = [1, 1];
  return tf.tidy(() => tf.avgPool(tf.pad(x, [[0, 0], around, around, [0, 0]]), 3, 2, "valid"));
}

/** Depth-wise 3×3 convolution `name`, zeros around it. tfjs has no stride beside a dilation: every other pixel is taken. */
function depthwise(w: Weights, name: string, x: tf.Tensor4D, dilation: number, stride: 1 | 2): tf.Tensor4D {
  const kernel = weight<tf.Tensor4D>(w, `${name}.weight`);
  return tf.tidy(() => {
    const y = tf.depthwiseConv2d(x, tf.reshape(kernel, [3, 3, x.shape[3], 1]) as tf.Tensor4D, 1, "same", "NHWC", dilation);
    return stride === 1 ? y : (tf.stridedSlice(y, [0, 0, 0, 0], y.shape, [1, stride, stride, 1]) as tf.Tensor4D);
  });
}

/** Bilinear, with the centres of pixels at half coordinates (PyTorch's align_corners=False). */
const enlarge = (x: tf.Tensor4D, by: number): tf.Tensor4D =>
  tf.image.resizeBilinear(x, [by * x.shape[1], by * x.shape[2]], false, true);
