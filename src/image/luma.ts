/** Luma of ITU-R BT.601 in studio range, as MATLAB's rgb2ycbcr gives it. */
import * as tf from "@tensorflow/tfjs-core";

const KR = 65.481;
const KG = 128.553;
const KB = 24.966;
const FOOT = 16;
const HEAD = 235;

/** Luma `[1, h, w, 1]`, 16 to 235, of a picture `[1, h, w, 3]`, 0 to 1. Not rounded. The caller owns the result. */
export function luma(rgb: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = rgb.shape;
  return tf.tidy(() => {
    const pixels = tf.reshape(rgb, [height * width, 3]);
    const y = tf.add(tf.matMul(pixels, tf.tensor2d([KR, KG, KB], [3, 1])), FOOT);
    return tf.reshape(y, [1, height, width, 1]);
  });
}

/** Luma `[1, h, w, 1]` from 0, black, to 1, white. The caller owns the result. */
export const greyOf = (rgb: tf.Tensor4D): tf.Tensor4D => tf.tidy(() => tf.div(tf.sub(luma(rgb), FOOT), HEAD - FOOT));
