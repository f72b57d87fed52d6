/**
 * The generator written by hand in stock tfjs, as one would without this plugin: what the graph's overhead is measured
 * against. Layout SFTGAN_noBN_OST_bg; same weights, same backend, one piece.
 */
import * as tf from "@tensorflow/tfjs";

export function handwritten(
  w: Readonly<Record<string, tf.Tensor>>,
  image: tf.Tensor4D,
  prior: tf.Tensor4D,
  blocks: number,
): tf.Tensor4D {
  const conv = (name: string, x: tf.Tensor4D, activation: "linear" | "relu" | "leakyrelu" = "linear", stride = 1) =>
    tf.fused.conv2d({
      x,
      filter: w[`${name}.weight`] as tf.Tensor4D,
      bias: w[`${name}.bias`]!,
      strides: stride,
      pad: stride === 1 ? "same" : "valid",
      activation,
      leakyreluAlpha: 0.1,
    }) as tf.Tensor4D;
  return tf.tidy(() => {
    let c = conv("CondNet.0", prior, "leakyrelu", 4);
    for (const i of [2, 4, 6]) c = conv(`CondNet.${i}`, c, "leakyrelu");
    c = conv("CondNet.8", c);
    const sft = (name: string, x: tf.Tensor4D) =>
      tf.tidy(() => {
        const gamma = conv(`${name}.SFT_scale_conv1`, conv(`${name}.SFT_scale_conv0`, c, "leakyrelu"));
        const beta = conv(`${name}.SFT_shift_conv1`, conv(`${name}.SFT_shift_conv0`, c, "leakyrelu"));
        return tf.add(tf.mul(x, tf.add(gamma, 1)), beta) as tf.Tensor4D;
      });
    const head = conv("conv0", image);
    let x = head;
    for (let i = 0; i < blocks; i++) {
      const name = `sft_branch.${i}`;
      x = tf.tidy(() =>
        tf.add(x, conv(`${name}.conv1`, sft(`${name}.sft1`, conv(`${name}.conv0`, sft(`${name}.sft0`, x), "relu")))),
      );
    }
    x = tf.add(head, conv(`sft_branch.${blocks + 1}`, sft(`sft_branch.${blocks}`, x)));
    for (const i of [0, 3]) x = tf.tidy(() => shuffle(conv(`HR_branch.${i}`, x, "relu")));
    return conv("HR_branch.8", conv("HR_branch.6", x, "relu"));
  });
}

/** PixelShuffle(2). */
function shuffle(x: tf.Tensor4D): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  return tf.reshape(tf.transpose(tf.reshape(x, [n * h, w, c / 4, 2, 2]), [0, 3, 1, 4, 2]), [n, 2 * h, 2 * w, c / 4]);
}
