import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import { definitions } from "../../nodes";
import { requireFinite } from "../../src/engine/finite";
import { Executor } from "../../src/graph/executor";
import type { AnyNode } from "../../src/graph/node";
import { HostRaster } from "../../src/image/raster";
import type { Model, Raster } from "../../src/types";
import { weightsOf } from "../../src/weights/weights";
import { parsedGraph, parsedNode } from "../graph-builder";
import { priorOf } from "../nodes/values";
import { noise, testHost, tinyModel, tinySegmenter } from "../support";

const size = { height: 12, width: 10 };
/** More than the loader lets through, so that each layer by itself shows. */
const LARGE = 1e25;
const MESSAGE = /^the (image|prior|condition|features) came out with values that are too large to compute with/;

const graph = parsedGraph(
  parsedNode("Load LR", "picture"),
  parsedNode("Segment", "sftgan/segment", { image: "Load LR.image" }, { limit: 32 }),
  parsedNode("Prior", "prior"),
  parsedNode("Mix", "sftgan/mix-priors", { a: "Segment.prior", b: "Prior.prior" }, { weight: 0.5, fit: "exact" }),
  parsedNode("Condition Net", "sftgan/condition-net", { prior: "Mix.prior" }),
  parsedNode(
    "Blocks",
    "sftgan/sft-resblocks",
    { image: "Load LR.image", condition: "Condition Net.condition" },
    { blocks: 2, modulation: true },
  ),
  parsedNode(
    "Upsample",
    "sftgan/upsample",
    { features: "Blocks.features", condition: "Condition Net.condition" },
    { modulation: true, grey: "keep" },
  ),
);

/** The model with all of the weights whose names fit the pattern too large. */
function spoiled(model: Model, pattern: RegExp): Model {
  const tensors = Object.fromEntries(
    Object.entries(model.weights.tensors).map(([name, tensor]) => [
      name,
      pattern.test(name) ? { ...tensor, data: new Float32Array(tensor.data.length).fill(LARGE) } : tensor,
    ]),
  );
  return { ...model, weights: weightsOf(tensors) };
}

/** What went wrong where, in a run over all nodes; no tensor of it is left behind. */
async function failures({ net = tinyModel(), segment = tinySegmenter(), level = 1 / 8 } = {}): Promise<[string, string][]> {
  for (const { weights } of [net, segment]) weights.kept = true;
  const def = (type: string) => definitions.find((def) => def.type === `sftgan/${type}`)!;
  const source = (type: string, of: AnyNode, run: () => unknown) => ({ ...of, type, inputs: {}, params: {}, run }) as AnyNode;
  const sources = [
    source("picture", def("load-lr"), () => ({ image: { rgb: noise([1, size.height, size.width, 3]) } })),
    source("prior", def("constant-prior"), () => ({
      prior: priorOf(tf.fill([1, 4 * size.height, 4 * size.width, 8], level), { picture: size, kind: "map" }),
    })),
  ];
  const before = tf.memory().numTensors;
  const executor = new Executor({
    definitions: [...definitions, ...sources],
    host: testHost({ shipped: async (name) => (name === "segment" ? segment : net) }),
    check: requireFinite,
    cacheBytes: 2 ** 28,
    budget: 2 ** 28,
  });
  const { errors, outputs } = await executor.run(graph, ["Upsample"]);
  expect(outputs.has("Upsample")).toBe(errors.size === 0);
  await executor.clear();
  for (const { weights } of [net, segment]) weights.dispose();
  expect(tf.memory().numTensors - before, "tensors left behind").toBe(0);
  return [...errors];
}

describe("Values that are no finite numbers are said on the node that they come from:", () => {
  it("none, where all are", async () => {
    expect(await failures()).toEqual([]);
  });

  it.each(["sft-net", "sft-net-torch"] as const)("weights too large, of %s", async (variant) => {
    for (const [pattern, id] of [
      [/^CondNet\.0\.weight/, "Condition Net"],
      [/^CondNet\./, "Condition Net"],
      [/^CondNet\.8\.weight/, "Condition Net"],
      [/^conv0\.weight/, "Blocks"],
      [/^sft_branch\.1\.conv0\.weight/, "Blocks"],
      [/^sft_branch\.0\.sft0\.SFT_scale_conv1/, "Blocks"],
      [/^sft_branch\.3\.weight/, "Upsample"],
      [/^HR_branch\.[01]\.weight/, "Upsample"],
      [/^HR_branch\.6\.weight/, "Upsample"],
      [/^HR_branch\.8\.weight/, "Upsample"],
      [/^HR_branch\./, "Upsample"],
    ] as const) {
      if (!Object.keys(tinyModel(variant).weights.tensors).some((name) => pattern.test(name))) continue;
      expect(await failures({ net: spoiled(tinyModel(variant), pattern) }), String(pattern)).toEqual([
        [id, expect.stringMatching(MESSAGE)],
      ]);
    }
  });

  it("weights too large, of the segmentation", async () => {
    for (const pattern of [/./])
      expect(await failures({ segment: spoiled(tinySegmenter(), pattern) }), String(pattern)).toEqual([
        ["Segment", expect.stringMatching(MESSAGE)],
      ]);
  });

  it("a prior too large, at once or further on", async () => {
    expect(await failures({ level: 1e38 })).toEqual([["Prior", expect.stringMatching(MESSAGE)]]);
    expect(await failures({ level: Number.NaN })).toEqual([["Prior", expect.stringMatching(MESSAGE)]]);
    expect(await failures({ level: 1e17 })).toEqual([["Blocks", expect.stringMatching(MESSAGE)]]);
  });
});

describe("What a node gives", () => {
  const def = definitions.find(({ type }) => type === "sftgan/sharpen-prior")!;
  const check = (map: Raster, changed?: Parameters<typeof requireFinite>[2], checkpoint = async () => {}) =>
    requireFinite(def, { prior: priorOf(map) }, changed, checkpoint);
  const spoilt = () =>
    tf.tidy(() => tf.concat([noise([1, 7, 8, 8]), tf.fill([1, 1, 8, 8], Number.POSITIVE_INFINITY)], 1)) as tf.Tensor4D;

  it("may be large, as long as squares are finite, though their sum is not", async () => {
    const before = tf.memory().numTensors;
    const map = tf.fill([1, 64, 64, 8], 1.8e19) as tf.Tensor4D;
    await check(map);
    await expect(check(tf.fill([1, 64, 64, 8], 1.9e19))).rejects.toThrow(MESSAGE);
    await expect(check(spoilt())).rejects.toThrow(MESSAGE);
    expect(tf.memory().numTensors - before).toBe(3);
  });

  it("is looked at where an update changed it, and nowhere else", async () => {
    await expect(check(spoilt(), { prior: { top: 6, left: 2, height: 2, width: 3 } })).rejects.toThrow(MESSAGE);
    await check(spoilt(), { prior: { top: 0, left: 2, height: 7, width: 3 } });
    await check(spoilt(), {});
  });

  it("in host memory is looked at with checkpoints, levels not at all", async () => {
    const host = { height: 2 ** 10, width: 2 ** 11 };
    const samples = new Float32Array(8 * host.height * host.width);
    const checkpoint = vi.fn(async () => {});
    await check(new HostRaster(host, 8, samples), undefined, checkpoint);
    expect(checkpoint).toHaveBeenCalledTimes(1);
    samples[samples.length - 1] = Number.NaN;
    await expect(check(new HostRaster(host, 8, samples))).rejects.toThrow(MESSAGE);
    await check(new HostRaster({ height: 1, width: 1 }, 8, new Uint8Array(8), 255));
  });

  it("is looked at once, however many nodes hand it on", async () => {
    const map = noise([1, 4, 4, 8]);
    const data = vi.spyOn(tf.Tensor.prototype, "data");
    await check(map);
    await check(map);
    expect(data).toHaveBeenCalledTimes(1);
    data.mockRestore();
  });
});
