/** Slopes of a grey picture: edges, and the normals of a height map. */
import * as tf from "@tensorflow/tfjs-core";

/** Pixels around each that its slope depends on. */
export const GRADIENT_REACH = 1;

/**
 * Slope of `[1, h, w, 1]` to the right and down, per pixel, as `[1, h, w, 2]`: Sobel's operator over 8, exact on a ramp. The
 * edge is repeated beyond it. The caller owns the result.
 */
export function gradient(grey: tf.Tensor4D): tf.Tensor4D {
  const right = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
  const down = [-1, -2, -1, 0, 0, 0, 1, 2, 1];
  const kernel = right.flatMap((weight, i) => [weight / 8, down[i]! / 8]);
  return tf.tidy(() => {
    const bordered = tf.mirrorPad(
      grey,
      [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ],
      "symmetric",
    ) as tf.Tensor4D;
    return tf.conv2d(bordered, tf.tensor4d(kernel, [3, 3, 1, 2]), 1, "valid");
  });
}

/** Length of the slope `[1, h, w, 1]`: 1 is from black to white within one pixel. The caller owns the result. */
export const edges = (grey: tf.Tensor4D): tf.Tensor4D =>
  tf.tidy(() => tf.norm(gradient(grey), "euclidean", 3, true) as tf.Tensor4D);

/**
 * Unit normals `[1, h, w, 3]` of the heights `[1, h, w, 1]`, which are `strength` pixels high from black to white: x to the
 * right, y up, z to the viewer, each −1…1 stored as 0…1, as normal maps of OpenGL are. The caller owns the result.
 */
export function normals(heights: tf.Tensor4D, strength: number): tf.Tensor4D {
  const [, height, width] = heights.shape;
  return tf.tidy(() => {
    const [right, down] = tf.split(tf.mul(gradient(heights), strength), 2, 3) as [tf.Tensor4D, tf.Tensor4D];
    const vectors = tf.concat([tf.neg(right), down, tf.ones([1, height, width, 1])], 3);
    return tf.add(tf.div(tf.div(vectors, tf.norm(vectors, "euclidean", 3, true)), 2), 0.5) as tf.Tensor4D;
  });
}
