/** What an edit of the ready graph computes again: nothing that it does not reach. */
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import sftGan from "../../graphs/sft-gan.json";
import { definitions } from "../../nodes";
import { cleanGraph } from "../../src/graph/clean";
import { Executor } from "../../src/graph/executor";
import { parseGraph } from "../../src/graph/parse";
import { read, sizeOf } from "../../src/image/raster";
import { whole } from "../../src/region";
import type { Condition, Picture } from "../../src/types";
import { writeNpy } from "../../src/weights/npy";
import { difference } from "../sftgan/nets";
import { random, tensorCount, testHost, tinyModel, tinySegmenter } from "../support";

type Stored = {
  nodes: { id: number; type: string; inputs: { name: string; link: number | null }[]; properties: object }[];
  links: unknown[][];
};
const next = random(3);
const picture: Picture = { height: 5, width: 6, bits: 8, rgb: Uint8Array.from({ length: 90 }, () => 256 * next()) };
const models = { sftgan: tinyModel("sft-net", { blocks: 16, features: 2 }), segment: tinySegmenter() };
const files: Record<string, Uint8Array> = {};
const host = testHost({
  file: async ({ name }) => files[name] ?? new TextEncoder().encode(name),
  decode: async () => picture,
  shipped: async (name) => models[name as keyof typeof models],
});

/** The ready graph with another node in place of Segment. */
function withPrior(type: string, properties: object): Stored {
  const stored = structuredClone(sftGan) as unknown as Stored;
  const segment = stored.nodes.find((node) => node.type === "sftgan/segment")!;
  const id = 100;
  const load = stored.nodes.find((node) => node.type === "sftgan/load-lr")!;
  stored.nodes.push({ id, type, inputs: [{ name: "picture", link: 200 }], properties });
  stored.links = stored.links.map((link) => (link[1] === segment.id ? [link[0], id, 0, ...link.slice(3)] : link));
  stored.links.push([200, load.id, 0, id, 0, "image"]);
  return stored;
}
const constant = (name: string) => withPrior("sftgan/constant-prior", { class: name });

let executor: Executor;
/** Runs everything up to Upsample and gives what was computed: titles, and parts in brackets. */
async function run(json: unknown): Promise<string[]> {
  const graph = parseGraph(cleanGraph(json), definitions);
  const ran: string[] = [];
  const target = [...graph.values()].find(({ type }) => type === "sftgan/upsample")!.id;
  const { errors } = await executor.run(graph, [target], {
    onEvent: (event) => {
      if (event.kind === "started") ran.push(graph.get(event.node)!.title);
      if (event.kind === "memo") ran.push(`(${event.memo})`);
    },
  });
  expect([...errors]).toEqual([]);
  return ran;
}

beforeAll(() => {
  for (const model of Object.values(models)) model.weights.kept = true;
});

describe("A swap of the prior", () => {
  it("runs neither Load LR nor Segment nor the head again, and going back runs nothing", async () => {
    const before = tensorCount();
    executor = new Executor({ definitions, host, cacheBytes: 2 ** 28, budget: 2 ** 26 });
    const stages = ["Condition Net", "SFT ResBlock×N", "Upsample"];
    expect((await run(sftGan)).sort()).toEqual(["(head)", "Condition Net", "Load LR", "SFT ResBlock×N", "Segment", "Upsample"]);
    expect(await run(constant("sky"))).toEqual(["Constant Prior", ...stages]);
    expect(await run(constant("grass"))).toEqual(["Constant Prior", ...stages]);
    expect(await run(sftGan)).toEqual([]);
    expect(await run(constant("sky"))).toEqual([]);
    await executor.clear();
    expect(tensorCount()).toBe(before);
  });

  it("by one pixel changes the condition at exactly one position", async () => {
    const before = tensorCount();
    executor = new Executor({ definitions, host, cacheBytes: 2 ** 28, budget: 2 ** 26 });
    const map = Float32Array.from({ length: 20 * 24 * 8 }, () => 1 / 8);
    files["a.npy"] = writeNpy([20, 24, 8], map);
    map.fill(0, (9 * 24 + 14) * 8, (9 * 24 + 15) * 8);
    files["b.npy"] = writeNpy([20, 24, 8], map);
    const conditions: tf.Tensor4D[] = [];
    for (const name of ["a.npy", "b.npy"]) {
      const graph = parseGraph(cleanGraph(withPrior("sftgan/load-prior", { file: { name } })), definitions);
      const id = [...graph.values()].find(({ type }) => type === "sftgan/condition-net")!.id;
      const { map } = (await executor.run(graph, [id])).outputs.get(id)!.condition as Condition;
      conditions.push(read(map, whole(sizeOf(map))));
    }
    expect(await difference(conditions[0]!, conditions[1]!)).toEqual({ places: 1, rows: [2, 2], columns: [3, 3] });
    tf.dispose(conditions);
    await executor.clear();
    expect(tensorCount()).toBe(before);
  });
});
