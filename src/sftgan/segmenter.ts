/**
 * The package's own small segmentation network (3 M parameters, batch norms folded): a residual encoder down to 1/32 of the
 * picture, the whole picture's mean, and a decoder up to 1/4. The mean makes every output depend on every pixel, so it runs
 * on the whole picture at a bounded size and never in tiles.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Model, Weights } from "../types";
import { consume, conv, withSidesMultipleOf } from "./layers";

/** Sides are padded to a multiple of this: the size of the coarsest map's pixel. */
const STRIDE = 32;

const relu = { activation: "relu" } as const;

/**
 * What each place shows: a picture `[1, H, W, 3]`, RGB 0 to 1, already enlarged four times and of any size, to class
 * probabilities `[1, H, W, K]`.
 */
export function segmenter({ weights }: Model, image: tf.Tensor4D): tf.Tensor4D {
  return withSidesMultipleOf(STRIDE, image, (x) => tf.softmax(logits(weights, x)));
}

function logits(w: Weights, image: tf.Tensor4D): tf.Tensor4D {
  const a = tf.tidy(() => {
    const normalised = tf.div(tf.sub(image, 0.5), 0.25) as tf.Tensor4D;
    const stem = conv(w, "stem.0", normalised, { ...relu, stride: 2, pad: 1 });
    return residual(w, "stem.2", conv(w, "stem.1", stem, { ...relu, stride: 2, pad: 1 }));
  });
  const b = stage(w, "d8", a);
  const c = stage(w, "d16", b);
  const d = tf.tidy(() => {
    const d = stage(w, "d32", c);
    return tf.add(d, conv(w, "gp", tf.mean(d, [1, 2], true), relu)) as tf.Tensor4D;
  });

  /** The coarser map enlarged, with the finer one beside it added, through a convolution. */
  const refine = (y: tf.Tensor4D, level: 8 | 16, finer: tf.Tensor4D) =>
    tf.tidy(() => conv(w, `f${level}`, tf.add(enlarge(y, 2), conv(w, `l${level}`, finer, relu)), relu));
  let y = conv(w, "l32", d, relu);
  y = consume(y, (y) => refine(y, 16, c));
  y = consume(y, (y) => refine(y, 8, b));
  y = consume(y, (y) => tf.tidy(() => conv(w, "f4", tf.concat([enlarge(y, 2), conv(w, "l4", a, relu)], 3), relu)));
  return enlarge(conv(w, "out", y), 4);
}

/** A strided convolution, then as many residual blocks as the weights have. */
function stage(w: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  let y = conv(w, `${name}.0`, x, { ...relu, stride: 2, pad: 1 });
  for (let i = 1; `${name}.${i}.a.weight` in w; i++) y = consume(y, (y) => residual(w, `${name}.${i}`, y));
  return y;
}

/** ReLU(x + conv b(ReLU(conv a(x)))). */
const residual = (w: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D =>
  tf.tidy(() => tf.relu(tf.add(x, conv(w, `${name}.b`, conv(w, `${name}.a`, x, relu)))));

/** Bilinear, with the centres of pixels at half coordinates (PyTorch's align_corners=False). */
const enlarge = (x: tf.Tensor4D, by: number): tf.Tensor4D =>
  tf.image.resizeBilinear(x, [by * x.shape[1], by * x.shape[2]], false, true);
