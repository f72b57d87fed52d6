/** Any well-typed graph runs, or says on a node why it does not: random ones of all nodes, on tiny pictures and networks. */
import * as tf from "@tensorflow/tfjs-core";
import { expect, inject, it } from "vitest";
import { definitions } from "../../nodes";
import { cleanGraph } from "../../src/graph/clean";
import { Executor } from "../../src/graph/executor";
import type { AnyNode, FileRef, Param, Socket } from "../../src/graph/node";
import { paramType } from "../../src/graph/param";
import { parseGraph } from "../../src/graph/parse";
import { read, sizeOf } from "../../src/image/raster";
import { whole } from "../../src/region";
import { SHIPPED_WEIGHTS } from "../../src/samples";
import { CLASS_COLOURS, CLASSES, type Model, type Picture, type Raster } from "../../src/types";
import { graphOf, type Sketch } from "../graph-builder";
import { expectMessage } from "../message";
import { drawn } from "../nodes/values";
import { random, tensorCount, testHost, tinyModel, tinySegmenter } from "../support";

const SEED = 20180401;
const TIMES = inject("times");
const GRAPHS = (tf.getBackend() === "webgl" ? 25 : 200) * TIMES;
/** Nodes drawn for a graph: from 2 to one more than this. */
const MOST_NODES = 10;

/** What half of the graphs grow from: the stages, wired as they should be. */
const STAGES: Sketch = [
  ["load-lr"],
  ["segment", {}, { image: [1, "image"] }],
  ["condition-net", {}, { prior: [2, "prior"] }],
  ["sft-resblocks", { blocks: 1 }, { image: [1, "image"], condition: [3, "condition"] }],
  ["upsample", {}, { features: [4, "features"], condition: [3, "condition"] }],
];
/** In some of them, what chance hardly ever wires and sets so that it runs. */
const RARE: Sketch = [
  ["contact-sheet", {}, { picture: [1, "image"], prior: [2, "prior"] }],
  ["paint-prior", {}, { prior: [2, "prior"] }],
  ["load-model"],
  ["load-model"],
  ["blend-models", {}, { a: [8, "model"], b: [9, "model"] }],
];

const PICTURES: Record<string, Picture> = {
  "sample:scene.png": drawn({ height: 8, width: 8 }, (i) => [(i * 37) % 256, (i * 91) % 256, (i * 53) % 256]),
  "sample:alps.jpg": drawn({ height: 8, width: 8 }, (i) => [i, 2 * i, 3 * i]),
  "sample:scene-hr.png": drawn({ height: 32, width: 32 }, (i) => [i % 256, (i * 7) % 256, (i * 3) % 256]),
  "sample:scene-labels.png": drawn({ height: 32, width: 32 }, (i) => CLASS_COLOURS[i % 8]!),
  "sample:scene-depth.png": drawn({ height: 32, width: 32 }, (i) => [i % 256, i % 256, i % 256]),
};
const kept = (model: Model): Model => {
  model.weights.kept = true;
  return model;
};
const OTHERS: Record<string, Model> = {
  "weights:psnr.safetensors": tinyModel("sft-net-torch", { features: 2 }),
  "weights:twin.safetensors": tinyModel("srresnet", { features: 3 }),
  "weights:srresnet.safetensors": tinyModel("srresnet", { features: 3 }),
  "weights:segment.safetensors": tinySegmenter(),
};
const MODELS: Record<string, Model> = Object.fromEntries(
  SHIPPED_WEIGHTS.map((name) => [name, kept(OTHERS[name] ?? tinyModel("sft-net", { features: 2 }))]),
);
const TEXTS = [...CLASSES, "PNG", "float", "3", "plant, sky", "auto", "exact", "", "<b>"];
const host = testHost({
  file: async ({ name }) => new TextEncoder().encode(name),
  decode: async (bytes) => PICTURES[new TextDecoder().decode(bytes)]!,
  encode: async (picture, type) => ({ type, bytes: Uint8Array.from(picture.rgb) }),
  shipped: async (name) => MODELS[`weights:${name}.safetensors`]!,
});
/** Load Model gives a tiny network in place of the file's. */
const tested: readonly AnyNode[] = definitions.map((def) =>
  def.type === "sftgan/load-model"
    ? { ...def, run: (_: unknown, { file }: { file: FileRef }) => ({ model: MODELS[file.name] }) }
    : def,
);

interface Stored {
  readonly id: number;
  readonly type: string;
  readonly properties: Record<string, unknown>;
  readonly inputs: { name: string; type: string; link: number | null }[];
}

/** A graph whose every link joins two sockets of one type; required inputs are connected, others as it falls. */
function wellTyped(next: () => number) {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const grown = next() < 0.5;
  const rare = grown && next() < 0.1;
  const start = graphOf([...(grown ? STAGES : []), ...(rare ? RARE : [])]);
  const nodes = [...start.nodes] as Stored[];
  const links: (readonly unknown[])[] = [...start.links];
  const giving = (type: string) =>
    nodes.flatMap((node) =>
      Object.entries(tested.find((def) => def.type === node.type)!.outputs as Record<string, Socket>).flatMap(
        ([, socket], slot) => (socket.type === type ? [{ node: node.id, slot }] : []),
      ),
    );

  const value = (param: Param): unknown => {
    switch (param.kind) {
      case "number": {
        const { min = -2, max = 20, step = 0 } = param;
        const most = Math.min(max, min + (next() < 0.2 ? 20 : 2)); // few blocks, as the networks have few
        return step >= 1 ? Math.floor(min + next() * (most - min + 1)) : min + next() * (most - min);
      }
      case "choice":
        return pick(param.choices!);
      case "flag":
        return next() < 0.7;
      case "text":
        return pick(TEXTS);
      case "file":
        return { name: pick(param.shipped!) };
    }
  };

  const size = nodes.length + 2 + Math.floor(next() * MOST_NODES);
  for (let attempts = 0; nodes.length < size && attempts < 200; attempts++) {
    const def = pick(tested);
    const required = (Object.values(def.inputs) as Socket[]).filter((socket) => !socket.optional);
    if (required.some((socket) => giving(socket.type).length === 0)) continue;
    const node: Stored = { id: nodes.length + 1, type: def.type, properties: {}, inputs: [] };
    const connect = (name: string, type: string) => {
      const from = giving(type);
      if (from.length === 0) return;
      const { node: origin, slot } = pick([from[0]!, from.at(-1)!, pick(from)]);
      links.push([links.length + 1, origin, slot, node.id, node.inputs.length, type]);
      node.inputs.push({ name, type, link: links.length });
    };
    const source = pick(["image", "features"]); // blocks start from one of them: mostly as it should be
    for (const [name, socket] of Object.entries(def.inputs) as [string, Socket][]) {
      const other = "features" in def.inputs && "image" in def.inputs && ["image", "features"].includes(name);
      const chance = !socket.optional ? 1 : other ? (name === source ? 0.9 : 0.1) : socket.type === "model" ? 0.2 : 0.7;
      if (next() < chance) connect(name, socket.type);
    }
    for (const [name, param] of Object.entries(def.params) as [string, Param][]) {
      if (next() < 0.9) node.properties[name] = value(param);
      const type = paramType(param);
      if (type && next() < 0.1) connect(name, type);
    }
    nodes.push(node);
  }
  return { nodes, links };
}

const rasters = (outputs: Readonly<Record<string, unknown>>): Raster[] =>
  Object.values(outputs).flatMap((value) => {
    const { rgb, alpha, map, head } = Object(value) as { rgb?: Raster; alpha?: Raster; map?: Raster; head?: Raster };
    return [rgb, alpha, map, head].flatMap((raster) => raster ?? []);
  });

it(
  `${GRAPHS} random well-typed graphs run, or stop with one message on a node`,
  async () => {
    const before = tensorCount();
    const next = random(SEED);
    const ran = new Map<string, number>();
    const said = new Set<string>();
    for (let i = 0; i < GRAPHS; i++) {
      const budget = i % 3 === 0 ? 20_000 : 2 ** 26;
      const executor = new Executor({ definitions: tested, host, cacheBytes: i % 2 ? 2 ** 26 : 0, budget });
      const stored = wellTyped(next);
      const graph = parseGraph(cleanGraph(stored), tested);
      const message = () => `graph ${i}: ${JSON.stringify(stored)}`;
      const { outputs, errors } = await executor.run(graph, [...graph.keys()]);
      for (const [id, message] of errors) {
        expect(graph.has(id)).toBe(true);
        expectMessage(message);
        said.add(message.replace(/\d+/g, "N"));
      }
      for (const [id, values] of outputs) {
        const { type } = graph.get(id)!;
        ran.set(type, (ran.get(type) ?? 0) + 1);
        for (const raster of rasters(values)) {
          const all = tf.tidy(() => read(raster, whole(sizeOf(raster))));
          expect((await all.data()).every(Number.isFinite), message()).toBe(true);
          all.dispose();
        }
      }
      expect(outputs.size > 0 || errors.size > 0).toBe(true);
      await executor.clear();
      expect(tensorCount() - before, message()).toBe(0);
    }
    if (GRAPHS < 200) return;
    expect([...ran.keys()].sort()).toEqual(definitions.map(({ type }) => type).sort());
    expect(ran.get("sftgan/upsample")).toBeGreaterThan(GRAPHS / 4);
    expect(said.size).toBeGreaterThan(10);
  },
  180_000 * TIMES,
);
