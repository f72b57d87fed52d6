/** (d) Peak bytes in tensors, beyond what lies there before (weights). */
import * as tf from "@tensorflow/tfjs-core";
import { MEGABYTE, type Settings, type Setup } from "./setup";

export async function benchMemory({ executor, stages, say }: Setup, { memory }: Settings) {
  for (const output of memory) {
    const sized = executor({ height: output / 4, width: output / 4 });
    const before = tf.memory().numBytes;
    let peak = 0;
    const watch = { onEvent: () => (peak = Math.max(peak, tf.memory().numBytes)) };
    const profile = await tf.profile(async () => (await sized.run(stages(), ["Upsample"], watch)) as never);
    peak = Math.max(peak, profile.peakBytes);
    say({
      what: `(d) peak tensor bytes, ${output}² output`,
      median: `${((peak - before) / MEGABYTE).toFixed(0)} MB`,
      spread: "one run",
    });
    await sized.clear();
  }
}
