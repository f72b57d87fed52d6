/** Every node, run on this backend and on the CPU, gives the same. */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import type { AnyNode, Sockets } from "../../src/graph/node";
import { oneHot } from "../../src/prior/classes";
import { whole } from "../../src/region";
import { CLASSES, type Picture, type Prior, type Regional } from "../../src/types";
import { noise, random, runNode, tinyModel, tinySegmenter } from "../support";

const LR = { height: 5, width: 6 };
const HR = { height: 20, width: 24 };
const LIMIT = 1e-4;

/** Of 8 bits, so that no backend rounds a sample the other way. */
function picture({ height, width }: typeof LR, seed: number): Picture {
  const next = random(seed);
  return { height, width, bits: 8, rgb: Uint8Array.from({ length: 3 * height * width }, () => 256 * next()) };
}
const image = (size: typeof LR, seed = 1) => {
  const { rgb } = picture(size, seed);
  return {
    rgb: tf.tensor4d(
      Float32Array.from(rgb, (value) => value / 255),
      [1, size.height, size.width, 3],
    ),
  };
};
const labels = (): Prior => ({
  map: oneHot(
    Uint8Array.from({ length: HR.height * HR.width }, (_, i) => (i >> 3) % CLASSES.length),
    HR,
  ),
  channels: CLASSES,
  kind: "probabilities",
});
const probabilities = (): Prior => ({ ...labels(), map: tf.softmax(tf.mul(noise([1, HR.height, HR.width, 8], 3), 4)) });
const map = (channels: number, seed: number) => noise([1, LR.height, LR.width, channels], seed);

/** By the types of sockets; `NODES` says where a node takes something else. */
const VALUES: Readonly<Record<string, () => unknown>> = {
  image: () => image(LR),
  prior: labels,
  condition: () => ({ map: map(3, 4) }),
  features: () => ({ map: map(4, 5), head: map(4, 6), blocks: 2 }),
  model: () => tinyModel(),
};

interface Case {
  readonly inputs?: Readonly<Record<string, () => unknown>>;
  readonly params?: Readonly<Record<string, unknown>>;
}
const large = () => image(HR);
const [scene, sceneLabels] = [{ name: "scene" }, { name: "labels" }];
/** Nodes that need other inputs than those, or are of interest with other parameters than the default ones. */
const NODES: Readonly<Record<string, readonly Case[]>> = {
  segment: [{ inputs: { model: () => tinySegmenter() } }],
  "load-lr": [{ params: { file: scene } }],
  "load-folder": [{ params: { file: scene } }],
  "load-model": [], // no tensors: weights are in host memory
  "load-prior": [{ params: { file: sceneLabels } }],
  "sft-resblocks": [
    { inputs: { features: () => undefined }, params: { blocks: 2 } },
    {
      inputs: { image: () => undefined, features: () => ({ map: map(4, 5), head: map(4, 6), blocks: 0 }) },
      params: { blocks: 1 },
    },
  ],
  metrics: [{ inputs: { image: large, reference: () => image(HR, 2) } }],
  difference: [{ inputs: { b: () => image(LR, 2) } }],
  "depth-to-prior": [
    { inputs: { depth: large } },
    { inputs: { depth: () => image(LR) }, params: { as: "near and far", fit: "resize" } },
  ],
  "map-to-prior": [{ inputs: { image: large } }],
  "mix-priors": [
    { inputs: { b: probabilities, mask: large } },
    { inputs: { b: probabilities, mask: () => undefined }, params: { weight: 0.3 } },
  ],
  "contact-sheet": [{ inputs: { yours: probabilities }, params: { left: 0, top: 0, size: 4 } }],
  "sharpen-prior": [{ inputs: { prior: probabilities } }, { inputs: { prior: probabilities }, params: { hard: true } }],
  "crop-prior": [{ params: { left: 1, top: 2, width: 3, height: 2 } }],
  crop: [{ params: { left: 1, top: 2, width: 3, height: 2 } }],
  "resize-prior": [{ params: { side: 16 } }, {}],
  entropy: [{ inputs: { prior: probabilities } }],
  "feature-montage": [{ params: { count: 4 } }],
  degrade: [{ inputs: { image: large } }, { inputs: { image: large }, params: { mode: "8 bit", blur: 1, noise: 5, jpeg: 60 } }],
  resize: [
    { inputs: { of: () => undefined }, params: { factor: 2.5 } },
    { inputs: { of: () => undefined }, params: { factor: 0.5 } },
  ],
};

/** A node's cases, and the first of them with each other choice that one of its parameters has. */
function casesOf(def: AnyNode): readonly Case[] {
  const cases = NODES[def.type.replace("sftgan/", "")] ?? [{}];
  const [first] = cases;
  if (!first || def.type === "sftgan/contact-sheet") return cases; // its choices are priors that it computes in any case
  const params: readonly [string, { choices?: readonly string[]; default: unknown }][] = Object.entries(def.params);
  const others = params.flatMap(([name, { choices = [], default: usual }]) =>
    choices.filter((choice) => choice !== usual).map((choice) => ({ ...first, params: { ...first.params, [name]: choice } })),
  );
  return [...cases, ...others];
}

const decode = async (bytes: Uint8Array): Promise<Picture> =>
  new TextDecoder().decode(bytes) === "scene" ? picture(LR, 7) : { ...picture(HR, 8), rgb: new Uint8Array(3 * 20 * 24).fill(1) };

/** A value's numbers in the order they are found, tensors and rasters read. */
async function numbersOf(value: unknown, found: number[] = []): Promise<number[]> {
  if (typeof value === "number") found.push(value);
  else if (value instanceof tf.Tensor) found.push(...value.shape, ...(await value.data()));
  else if (ArrayBuffer.isView(value)) found.push(...(value as Uint8Array));
  else if (typeof value === "object" && value !== null) {
    if ("read" in value && "shape" in value) {
      const { shape } = value as Regional;
      const read = (value as Regional).read(whole({ height: shape[1], width: shape[2] }));
      await numbersOf(read, found);
      read.dispose();
    } else if (!("copies" in value)) for (const item of Object.values(value)) await numbersOf(item, found);
  }
  return found;
}

async function run(def: AnyNode, { inputs = {}, params = {} }: Case): Promise<number[]> {
  const given = Object.entries(def.inputs as Sockets).map(
    ([name, { type }]) => [name, (inputs[name] ?? VALUES[type])?.()] as const,
  );
  const encode = async ({ rgb, bits }: Picture, type: string) => ({
    type,
    bytes: Float32Array.from(rgb, (value) => value / 2 ** bits),
  });
  const outputs = await runNode(def as Parameters<typeof runNode>[0], Object.fromEntries(given), params as object, {
    decode,
    encode: encode as never,
    file: async ({ name }) => new TextEncoder().encode(name),
  });
  try {
    return await numbersOf(outputs);
  } finally {
    tf.dispose([outputs, Object.fromEntries(given)] as never);
  }
}

describe.skipIf(tf.getBackend() === "cpu")("Every node", () => {
  const cases = definitions.flatMap((def) =>
    casesOf(def).map((one) => [def.title, JSON.stringify(one.params ?? {}), def, one] as const),
  );
  it.each(cases)("gives what it gives on the CPU: %s %s", async (_title, _params, def, one) => {
    const backend = tf.getBackend();
    const found = await run(def, one);
    await tf.setBackend("cpu");
    try {
      const expected = await run(def, one);
      expect(found.length).toBe(expected.length);
      const far = expected.map((value, i) => Math.abs(found[i]! - value) / Math.max(1, Math.abs(value)));
      expect(Math.max(0, ...far)).toBeLessThan(LIMIT);
    } finally {
      await tf.setBackend(backend);
    }
  });
});
