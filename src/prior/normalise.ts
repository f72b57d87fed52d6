/** Scaling what should be probabilities so that they are. */
import * as tf from "@tensorflow/tfjs-core";

/** Less than this in all channels together is nothing to go by. */
export const NOTHING = 1e-6;

/**
 * Scales each place of `[1, H, W, K]` to sum 1, anything below 0 taken for 0; where nothing is left, all channels are
 * equally probable. Holds three maps at a time. The caller owns the result.
 */
export function normalised(map: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const positive = tf.relu(map);
    const sum = tf.sum(positive, 3, true);
    const something = tf.cast(tf.greaterEqual(sum, NOTHING), "float32");
    const divided = tf.div(positive, tf.maximum(sum, NOTHING));
    positive.dispose();
    const scaled = tf.mul(divided, something);
    divided.dispose();
    return tf.add(scaled, tf.mul(tf.sub(1, something), 1 / map.shape[3]));
  });
}
