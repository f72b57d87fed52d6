/** Reads probabilities back as the label indices that they are made of. */
import type * as tf from "@tensorflow/tfjs-core";
import { argmax } from "../../src/prior/classes";

/** Label indices, row by row, of probabilities `[1, H, W, 8]`. */
export async function labelsOf(map: tf.Tensor4D): Promise<Uint8Array> {
  const labels = argmax(map);
  try {
    return Uint8Array.from(await labels.data());
  } finally {
    labels.dispose();
  }
}
