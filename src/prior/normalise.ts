/** Scaling what should be probabilities so that they are. */
import * as tf from "@tensorflow/tfjs-core";

/** Less than this in all channels together is nothing to go by. */
export const NOTHING = 1e-6;

/**
 * Scales each place of `[1, H, W, K]` to sum 1, anything below 0 taken for 0; where nothing is left, all channels are
 * equally probable. The caller owns the result.
 */
export function normalised(map: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const positive = tf.relu(map);
    const sum = tf.sum(positive, 3, true);
    const uniform = tf.fill(map.shape, 1 / map.shape[3]);
    const empty = tf.less(sum, NOTHING);
    return tf.where(tf.broadcastTo(empty, map.shape), uniform, tf.div(positive, tf.maximum(sum, NOTHING))) as tf.Tensor4D;
  });
}
