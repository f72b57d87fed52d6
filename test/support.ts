/** What tests share: seeded inputs, tiny networks, a host, closeness at the backend's tolerance, and a leak check. */
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import type { Host } from "../nodes/sockets";
import type { Context, Flow, NodeDef, Params, Result, Settings, Sockets } from "../src/graph/node";
import type { Services } from "../src/graph/running";
import { runNode as run } from "../src/testing/run-node";
import type { Architecture, HostTensor, Image, Model } from "../src/types";
import { SEGMENTER_BLOCKS, segmenterLayout } from "../src/weights/layouts";
import { weightsOf } from "../src/weights/weights";

/** Largest difference allowed between a picture and the original PyTorch code's: stated here and nowhere else. */
export const tolerance = (): number => (tf.getBackend() === "webgl" ? 1e-3 : 1e-4);

/** Pseudo-random values in [0, 1), the same on every backend: made on the CPU from a seed. */
export function noise(shape: number[], seed = 1): tf.Tensor4D {
  const data = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, random(seed));
  return tf.tensor(data, shape as [number, number, number, number]);
}

/** A generator of pseudo-random values in [0, 1). */
export function random(seed: number): () => number {
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
}

/** Fails unless both have one shape and differ nowhere by `limit` or more. */
export async function expectClose(actual: tf.Tensor, expected: tf.Tensor, limit = tolerance()): Promise<void> {
  expect(actual.shape).toEqual(expected.shape);
  const worst = tf.tidy(() => tf.max(tf.abs(tf.sub(actual, expected))));
  expect((await worst.data())[0], "largest difference").toBeLessThan(limit);
  worst.dispose();
}

/** Pseudo-random weights around 0, in a range as wide as `range`. */
function hostNoise(shape: readonly number[], seed: number, range = 1): HostTensor {
  const next = random(seed);
  return { shape, data: Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => (next() - 0.5) * range) };
}

/** A generator of the official layouts with few features and blocks; weights are noise that the prior shows through. */
export function tinyModel(
  architecture: Architecture = "sft-net",
  { features = 4, blocks = 2, condition = 3, classes = 8, seed = 0 } = {},
): Model {
  const weights: Record<string, HostTensor> = {};
  const upsampling = architecture === "sft-net-torch" ? "nearest" : "pixel-shuffle";
  const sftLayers = architecture !== "srresnet";
  const conv = (name: string, size: number, from: number, to: number) => {
    const range = Math.sqrt(6 / (size * size * from));
    const kernel = hostNoise([to, from, size, size], from * 31 + to + name.length + seed, range);
    weights[`${name}.weight`] = kernel;
    weights[`${name}.bias`] = hostNoise([to], name.length + 7 + seed, 0.2);
  };
  const sft = (name: string) => {
    for (const part of ["scale", "shift"]) {
      conv(`${name}.SFT_${part}_conv0`, 1, condition, condition);
      conv(`${name}.SFT_${part}_conv1`, 1, condition, features);
    }
  };
  conv("conv0", 3, 3, features);
  if (sftLayers) {
    conv("CondNet.0", 4, classes, features);
    for (const i of [2, 4, 6]) conv(`CondNet.${i}`, 1, features, features);
    conv("CondNet.8", 1, features, condition);
  }
  for (let i = 0; i < blocks; i++) {
    for (const j of [0, 1]) {
      if (sftLayers) sft(`sft_branch.${i}.sft${j}`);
      conv(`sft_branch.${i}.conv${j}`, 3, features, features);
    }
  }
  if (sftLayers) sft(`sft_branch.${blocks}`);
  conv(`sft_branch.${blocks + 1}`, 3, features, features);
  for (const i of upsampling === "nearest" ? [1, 4] : [0, 3])
    conv(`HR_branch.${i}`, 3, features, upsampling === "nearest" ? features : 4 * features);
  conv("HR_branch.6", 3, features, features);
  conv("HR_branch.8", 3, features, 3);
  return {
    weights: weightsOf(weights),
    architecture,
    hash: "0".repeat(64),
    name: `tiny ${architecture}`,
    features,
    blocks,
    condition: sftLayers ? condition : 0,
    classes: sftLayers ? classes : 0,
    upsampling,
    metadata: {},
  };
}

/** A small segmenter's weights. */
export function tinySegmenter(): Model {
  const range = ([, ...within]: readonly number[]) => within.reduce((product, n) => product * n, 1) ** -0.5;
  const layout = segmenterLayout({ stem: 4, widths: SEGMENTER_BLOCKS.map(() => 4), merged: 4, classes: 8 });
  const weights = weightsOf(
    Object.fromEntries(layout.map(([name, shape], seed) => [name, hostNoise(shape, seed, range(shape))])),
  );
  const none = { features: 0, blocks: 0, condition: 0, classes: 8, upsampling: "pixel-shuffle" } as const;
  return { weights, architecture: "segmenter", hash: "1".repeat(64), name: "tiny segmenter", metadata: {}, ...none };
}

/** A host with tiny networks for the shipped ones; a test gives the rest of what it needs. */
export function testHost(parts: Partial<Host & Services> = {}): Host & Services {
  const models = new Map<string, Model>();
  const refuse = (what: string) => async () => {
    throw new Error(`this test has no ${what}`);
  };
  return {
    decode: refuse("pictures to decode"),
    encode: refuse("encoder"),
    file: refuse("files"),
    checkpoint: async () => {},
    provenance: () => ({}),
    async shipped(name) {
      const model = models.get(name) ?? (name === "segment" ? tinySegmenter() : tinyModel());
      model.weights.kept = true;
      models.set(name, model);
      return model;
    },
    ...parts,
  };
}

/** A context outside of any executor: nothing is cancelled or cached, and the budget is large. */
export const testContext = (parts: Partial<Context & Host> = {}): Context & Host => ({
  ...testHost(),
  signal: new AbortController().signal,
  budget: 2 ** 29,
  progress: () => {},
  memo: async (_name, _dependsOn, compute) => compute(),
  ...parts,
});

/** Runs a node as the executor would, with tiny networks for the shipped ones; fails if it leaves a tensor behind. */
export const runNode = <I extends Sockets, P extends Params, O extends Sockets>(
  def: NodeDef<I, P, O, Host>,
  inputs: Partial<Flow<I>>,
  params: Partial<Settings<P>> = {},
  context: Partial<Context & Host> = {},
): Promise<Result<O>> => run(def, inputs, params, { ...testHost(), ...context });

export { tensorCount } from "../src/testing/run-node";

export const imageOf = (rgb: tf.Tensor4D): Image => ({ rgb });
