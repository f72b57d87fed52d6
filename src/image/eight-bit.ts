/** Rounding to the 256 levels of an 8-bit picture, as MATLAB's uint8: half upwards, clipped at both ends. */
import * as tf from "@tensorflow/tfjs-core";

/** The level of every value on the scale where 1 is 255: whole numbers 0 to 255. */
export const toLevels = (x: tf.Tensor4D): tf.Tensor4D => tf.tidy(() => roundLevels(tf.mul(x, 255)));

/** Rounds values on the scale 0 to 255 to whole numbers. */
export const roundLevels = (x: tf.Tensor4D): tf.Tensor4D => tf.tidy(() => tf.clipByValue(tf.floor(tf.add(x, 0.5)), 0, 255));
