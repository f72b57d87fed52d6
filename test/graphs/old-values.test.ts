/** Graphs saved before a parameter existed give what they gave then. */
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { definitions } from "../../nodes";
import { readGraph } from "../../src/graph/clean";
import { Executor } from "../../src/graph/executor";
import { parseGraph } from "../../src/graph/parse";
import { CLASS_COLOURS, CLASSES, type Picture, type Prior } from "../../src/types";
import { drawn } from "../nodes/values";
import { expectClose, testHost } from "../support";
import mixByMask from "./old/v1-mix-by-mask.json?raw";

const HR = { height: 20, width: 24 };
const PICTURES: Record<string, Picture> = {
  "sample:scene.png": drawn({ height: 5, width: 6 }, () => [0, 0, 0]),
  "sample:scene-labels.png": drawn(HR, (i) => CLASS_COLOURS[i % 8]!),
  "mask.png": drawn({ height: 1, width: 2 }, (i) => [255 * i, 255 * i, 255 * i]),
};

async function resultOf(text: string, node: string): Promise<Readonly<Record<string, unknown>>> {
  const host = testHost({
    file: async ({ name }) => new TextEncoder().encode(name),
    decode: async (bytes) => PICTURES[new TextDecoder().decode(bytes)]!,
  });
  const executor = new Executor({ definitions, host, cacheBytes: 2 ** 28, budget: 2 ** 26 });
  const { outputs, errors } = await executor.run(parseGraph(readGraph(text), definitions), [node, "6"]);
  for (const message of errors.values()) throw new Error(message);
  return outputs.get(node)!;
}

it("A mask of another size is stretched, linearly between pixel centres, where the graph does not say that it must fit", async () => {
  const { map } = (await resultOf(mixByMask, "5")).prior as Prior;
  const sky = CLASSES.indexOf("sky");
  const expected = new Float32Array(HR.height * HR.width * CLASSES.length);
  for (let i = 0; i < HR.height * HR.width; i++) {
    const white = Math.min(1, Math.max(0, ((i % HR.width) + 0.5) / 12 - 0.5));
    expected[i * 8 + (i % 8)]! += 1 - 0.5 * white;
    expected[i * 8 + sky]! += 0.5 * white;
  }
  await expectClose(map as tf.Tensor4D, tf.tensor4d(expected, [1, HR.height, HR.width, 8]), 1e-5);
});

it("Whoever says that it must fit is told of the other size", async () => {
  const strict = mixByMask.replace('"weight": 0.5', '"weight": 0.5, "fit": "exact"');
  await expect(resultOf(strict, "5")).rejects.toThrow(
    'the mask has 2 × 1 pixels, but the prior is for a picture of 6 × 5: give one of that size or of 24 × 20, or choose fit "resize"',
  );
});
