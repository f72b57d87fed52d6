/** How undecided probabilities are. */
import * as tf from "@tensorflow/tfjs-core";
import { normalised } from "./normalise";

/**
 * Shannon entropy in bits `[1, H, W, 1]` of probabilities `[1, H, W, K]`, scaled to sum 1: 0 to log2 K. The caller owns the
 * result.
 */
export function entropy(map: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const p = normalised(map);
    const bits = tf.div(tf.mul(p, tf.log(tf.maximum(p, 1e-30))), -Math.LN2);
    return tf.relu(tf.sum(bits, 3, true)) as tf.Tensor4D;
  });
}
