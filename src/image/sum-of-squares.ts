/** The sum of a map's squares. */
import * as tf from "@tensorflow/tfjs-core";

/** A kernel of ours, on backends that have it: see src/kernels/webgl/sum-of-squares.ts. */
export const SUM_OF_SQUARES = "SumOfSquares";

/** Of `[1, h, w, c]`, as a tensor of one value that the caller owns. Infinity and NaN go through. */
export const sumOfSquares = (x: tf.Tensor4D): tf.Tensor =>
  tf.getKernel(SUM_OF_SQUARES, tf.getBackend())
    ? tf.engine().runKernel(SUM_OF_SQUARES, { x })
    : tf.tidy(() => tf.sum(tf.square(x)));
