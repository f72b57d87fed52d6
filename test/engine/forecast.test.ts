import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { forecast, peakOf } from "../../src/engine/forecast";
import { cleanGraph } from "../../src/graph/clean";
import { Executor } from "../../src/graph/executor";
import { parseGraph } from "../../src/graph/parse";
import type { RunEvent } from "../../src/graph/running";
import { costOf } from "../../src/kernels/cost";
import { residualBlocks } from "../../src/sftgan/generator";
import type { Raster } from "../../src/types";
import { graphOf, type Sketch } from "../graph-builder";
import { testHost, tinyModel } from "../support";

const SIZE = { width: 40, height: 24 };
const PHOTO: Sketch[number] = ["load-lr", { file: { name: "sample:scene.png" } }];
const decode = async () => ({
  ...SIZE,
  bits: 8 as const,
  rgb: new Uint8Array(3 * SIZE.width * SIZE.height),
  warnings: [],
});
const host = testHost({ decode: decode as never, file: async () => new Uint8Array([1]) });

const executorOf = (budget = 2 ** 29) => new Executor({ definitions, host, cacheBytes: 2 ** 30, budget, forecast });
const graph = (sketch: Sketch) => parseGraph(cleanGraph(graphOf(sketch)), definitions);

const WHOLE: Sketch = [
  PHOTO,
  ["crop", { left: 4, top: 4, width: 20, height: 12 }, { image: [1, "image"] }],
  ["segment", { limit: 64 }, { image: [2, "image"] }],
  ["condition-net", {}, { prior: [3, "prior"] }],
  ["sft-resblocks", { blocks: 2 }, { image: [2, "image"], condition: [4, "condition"] }],
  ["upsample", {}, { features: [5, "features"], condition: [4, "condition"] }],
  ["resize", { factor: 0.5 }, { image: [6, "image"] }],
  ["degrade", {}, { image: [6, "image"] }],
  ["bicubic-upscale", {}, { image: [8, "image"] }],
  ["compare", {}, { before: [9, "image"], after: [6, "image"] }],
];

/** The shapes of all maps in a value. */
const shapes = (outputs: object) =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      Object.entries(value as object).flatMap(([part, map]) =>
        map instanceof tf.Tensor || (typeof map === "object" && map && "shape" in map) ? [[part, (map as Raster).shape]] : [],
      ),
    ]),
  );

describe("What nodes are expected to give", () => {
  it("has the shapes of what they then give, from the photo to the end", async () => {
    const executor = executorOf();
    const parsed = graph(WHOLE);
    const expected = new Map<string, object>();
    const told: RunEvent[] = [];
    const { errors } = await executor.run(parsed, ["7", "10"], {
      onEvent: (event) => {
        told.push(event);
        if (event.kind !== "finished") return;
        const def = definitions.find(({ type }) => type === parsed.get(event.node)!.type)!;
        const { inputs, params } = parsed.get(event.node)!;
        if (!def.expect) return;
        const given = Object.fromEntries(
          Object.entries(inputs).map(([name, { node, output }]) => [name, executor.peek(node)!.outputs[output]]),
        );
        const all = { model: event.node === "3" ? undefined : tinyModel(), ...given };
        if (event.node !== "3") expected.set(event.node, def.expect(all, params, { budget: 2 ** 29 }).outputs);
      },
    });
    expect(errors.size).toBe(0);
    expect([...expected.keys()]).toEqual(["2", "4", "5", "6", "7", "8", "9"]);
    for (const [id, outputs] of expected) expect(shapes(outputs), id).toEqual(shapes(executor.peek(id)!.outputs));
    executor.clear();
  });

  it("says what every node takes before any has run, once the photo is read", async () => {
    const executor = executorOf();
    const { nodes: found, isComplete } = await executor.forecast(graph(WHOLE), ["7", "10"]);
    expect(isComplete).toBe(true);
    expect([...found.keys()]).toEqual(["2", "3", "4", "5", "6", "7", "8", "9", "10"]);
    const blocks = costOf(tinyModel(), residualBlocks(tinyModel(), 0, 2)).multiplyAdds;
    expect(found.get("5")!.multiplyAdds).toBeGreaterThan(20 * 12 * blocks);
    expect(found.get("5")!.multiplyAdds).toBeLessThan(1.1 * 20 * 12 * blocks + 20 * 12 * 3 * 9 * 4);
    expect(found.get("6")!.held).toBe(4 * 3 * 80 * 48);
    expect(peakOf(found.values(), 2 ** 29)).toBeGreaterThan(found.get("6")!.held);
    expect(executor.peek("2")).toBeUndefined();
    executor.clear();
  });

  it("is nothing for what is there already", async () => {
    const executor = executorOf();
    await executor.run(graph(WHOLE), ["6"]);
    const { nodes, isComplete } = await executor.forecast(graph(WHOLE), ["6"]);
    expect([nodes.size, isComplete]).toEqual([0, true]);
    executor.clear();
  });

  it("leaves the work of features that do not fit to the node that reads them", async () => {
    const [large, small] = [executorOf(), executorOf(2 ** 12)];
    const [whole, deferred] = [await large.forecast(graph(WHOLE), ["6"]), await small.forecast(graph(WHOLE), ["6"])];
    const work = ({ nodes: found }: typeof whole) => found.get("5")!.multiplyAdds + found.get("6")!.multiplyAdds;
    expect(deferred.nodes.get("5")).toMatchObject({ multiplyAdds: 0, held: 0 });
    expect(work(deferred)).toBeCloseTo(work(whole));
    large.clear();
    small.clear();
  });

  it("keeps a run from nothing where a node cannot say what it takes", async () => {
    const odd = { ...PHOTO[1] };
    const executor = executorOf();
    const parsed = graph([
      ["load-lr", odd],
      ["crop", { left: 99 }, { image: [1, "image"] }],
      ["bicubic-upscale", {}, { image: [2, "image"] }],
    ]);
    const { nodes, isComplete } = await executor.forecast(parsed, ["3"]);
    expect([nodes.size, isComplete]).toEqual([0, false]);
    expect([...(await executor.run(parsed, ["3"])).errors.keys()]).toEqual(["2"]);
    executor.clear();
  });
});

describe("A run with forecasts", () => {
  it("tells how far it is by work, never back, up to all of it", async () => {
    const executor = executorOf();
    const fractions: number[] = [];
    await executor.run(graph(WHOLE), ["6"], {
      onEvent: (event) => void (event.kind === "overall" && fractions.push(event.fraction)),
    });
    expect(fractions.at(-1)).toBe(1);
    const known = fractions.slice(fractions.findIndex((fraction) => fraction < 1));
    expect(known).toEqual([...known].sort((a, b) => a - b));
    executor.clear();
  });
});
