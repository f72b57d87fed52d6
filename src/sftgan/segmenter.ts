/**
 * The package's own small segmentation network (3 M parameters, batch norms folded): a residual encoder down to 1/32 of the
 * picture, the whole picture's mean, and a decoder up to 1/4. The mean makes every output depend on every pixel, so it runs
 * on the whole picture at a bounded size and never in tiles.
 */
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../image/raster";
import type { Model, Size, Weights } from "../types";
import { conv, cropped, padSides } from "./layers";
import { type Maps, make, runAtOnce, type Step } from "./steps";

/** Sides are padded to a multiple of this: the size of the coarsest map's pixel. */
const STRIDE = 32;

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
  const refine = (x: tf.Tensor4D, level: 8 | 16, finer: tf.Tensor4D) =>
    conv(w, `f${level}`, tf.add(enlarge(x, 2), conv(w, `l${level}`, finer, relu)), relu);
  return [
    make("x", ({ x }) => padSides(STRIDE, x)),
    make("x", ({ x }) => conv(w, "stem.0", tf.div(tf.sub(x, 0.5), 0.25), { ...relu, stride: 2, pad: 1 })),
    make("x", ({ x }) => conv(w, "stem.1", x, { ...relu, stride: 2, pad: 1 })),
    ({ x }) => ({ a: residual(w, "stem.2", x) }),
    ...stage(w, "d8", "a", "b"),
    ...stage(w, "d16", "b", "c"),
    ...stage(w, "d32", "c", "d"),
    make("d", ({ d }) => tf.add(d, conv(w, "gp", tf.mean(d, [1, 2], true), relu))),
    ({ a, b, c, d }) => ({ a, b, c, x: conv(w, "l32", d, relu) }),
    ({ a, b, c, x }) => ({ a, b, x: refine(x, 16, c) }),
    ({ a, b, x }) => ({ a, x: refine(x, 8, b) }),
    ({ a, x }) => ({ x: conv(w, "f4", tf.concat([enlarge(x, 2), conv(w, "l4", a, relu)], 3), relu) }),
    make("x", ({ x }) => enlarge(conv(w, "out", x), 4)),
    make("x", ({ x }) => tf.softmax(cropped(x, size))),
  ];
}

/** From one map another at half its size: a strided convolution, then as many residual blocks as the weights have. */
function stage(w: Weights, name: string, from: keyof Maps, to: keyof Maps): Step[] {
  const steps = [make(to, (maps) => conv(w, `${name}.0`, maps[from], { ...relu, stride: 2, pad: 1 }))];
  for (let i = 1; `${name}.${i}.a.weight` in w; i++) steps.push(make(to, (maps) => residual(w, `${name}.${i}`, maps[to])));
  return steps;
}

/** ReLU(x + conv b(ReLU(conv a(x)))). */
const residual = (w: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D =>
  tf.tidy(() => tf.relu(tf.add(x, conv(w, `${name}.b`, conv(w, `${name}.a`, x, relu)))));

/** Bilinear, with the centres of pixels at half coordinates (PyTorch's align_corners=False). */
const enlarge = (x: tf.Tensor4D, by: number): tf.Tensor4D =>
  tf.image.resizeBilinear(x, [by * x.shape[1], by * x.shape[2]], false, true);
