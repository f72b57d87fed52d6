import * as tf from "@tensorflow/tfjs-core";
import { beforeEach, describe, expect, it } from "vitest";
import { Executor } from "../../src/graph/executor";
import { type AnyNode, flag, type NodeDef, number, type Params, type Socket, type Sockets } from "../../src/graph/node";
import { type GraphNode, parseGraph } from "../../src/graph/parse";
import type { RunEvent } from "../../src/graph/running";
import type { StoredGraph } from "../../src/graph/stored";
import { graphOf, parsedGraph, parsedNode } from "../graph-builder";

const value: Socket<tf.Tensor> = { type: "value", help: "a value" };
const base = { title: "", description: "", outputs: { out: value } };
const define = <const I extends Sockets, const P extends Params, const O extends Sockets>(def: NodeDef<I, P, O>): AnyNode => def;
let ran: string[] = [];

const constant = define({
  ...base,
  type: "constant",
  inputs: {},
  params: { value: number({ default: 0, help: "" }) },
  run: (_, { value }) => (ran.push("constant"), { out: tf.scalar(value) }),
});
const double = define({
  ...base,
  type: "double",
  inputs: { x: value },
  params: {},
  run: ({ x }) => (ran.push("double"), { out: tf.mul(x, 2) }),
});
const same = define({ ...base, type: "same", inputs: { x: value }, params: {}, run: ({ x }) => (ran.push("same"), { out: x }) });
const scaled = define({
  ...base,
  type: "scaled",
  inputs: { x: value, by: value },
  params: { sharp: flag({ default: false, help: "" }) },
  async run({ x, by }, _, { memo }) {
    const squared = await memo("square", ["x"], () => (ran.push("square"), tf.square(x)));
    ran.push("scaled");
    return { out: tf.mul(squared, by) };
  },
});
const fail = define({
  ...base,
  type: "fail",
  inputs: { x: value },
  params: {},
  run: (): never => {
    throw new Error("no luck");
  },
});

const exhausted = define({
  ...base,
  type: "exhausted",
  inputs: { x: value },
  params: {},
  run: (): never => {
    throw new WebAssembly.RuntimeError("memory access out of bounds");
  },
});

/** constant → double → same */
const chain = (n: number, ...more: GraphNode[]) =>
  parsedGraph(
    parsedNode("a", "constant", {}, { value: n }),
    parsedNode("b", "double", { x: "a" }),
    parsedNode("c", "same", { x: "b" }),
    ...more,
  );
const host = {
  checkpoint: async () => {},
  shipped: async (name: string): Promise<unknown> => `shipped ${name}`,
  file: async (): Promise<never> => {
    throw new Error("no files");
  },
};
const executor = (cacheBytes = 2 ** 20) =>
  new Executor({ definitions: [constant, double, same, scaled, fail, exhausted], host, cacheBytes, budget: 2 ** 20 });
const read = (outputs: Readonly<Record<string, unknown>> | undefined) => (outputs!.out as tf.Tensor).dataSync()[0];

beforeEach(() => {
  ran = [];
});

describe("A glance", () => {
  const glance = async (by: Executor, graph: ReturnType<typeof chain>, sources: string[], anew = false) => {
    const told: string[] = [];
    const onEvent = (event: RunEvent): void => {
      if ("node" in event) told.push(`${event.kind} ${event.node}`);
    };
    await by.glance(graph, sources, anew, { onEvent });
    return told;
  };

  it("computes the sources it is given, finds what is there, and leaves the rest as it was", async () => {
    const by = executor();
    await by.run(chain(1), ["c"]);
    ran = [];
    expect(await glance(by, chain(5), ["a"])).toEqual(["started a", "finished a"]);
    expect(ran).toEqual(["constant"]);
    expect(["a", "b", "c"].map((id) => read(by.peek(id)?.outputs))).toEqual([5, 2, 2]);
    expect(await glance(by, chain(1), ["a"])).toEqual(["cached a", "cached b", "cached c"]);
    expect(["a", "b", "c"].map((id) => read(by.peek(id)?.outputs))).toEqual([1, 2, 2]);
    await by.run(chain(5), ["b"]); // which takes no result of another recipe for its own
    expect(["a", "b"].map((id) => read(by.peek(id)?.outputs))).toEqual([5, 10]);
    expect(by.peek("c")).toBeUndefined();
    by.clear();
  });

  it("says of sources only what is wrong with them", async () => {
    const by = executor();
    const broken = chain(1, parsedNode("d", "fail", { x: "a" }), { ...parsedNode("e", "same", {}), problems: ["no input"] });
    expect(await glance(by, broken, ["a"])).toEqual(["started a", "finished a"]);
    expect(await glance(by, broken, ["e"])).toEqual(["failed e", "cached a"]);
    by.clear();
  });

  it("forgets what another graph had shown, though its results are kept", async () => {
    const by = executor();
    await by.run(chain(1), ["c"]);
    expect(await glance(by, chain(3), [], true)).toEqual([]);
    expect(by.peek("c")).toBeUndefined();
    expect(await glance(by, chain(1), [], true)).toEqual(["cached a", "cached b", "cached c"]);
    by.clear();
  });
});

describe("Executor", () => {
  it("gives an input that nothing is connected to what ships under the name it declares", async () => {
    const given: unknown[] = [];
    const takes: NodeDef = {
      type: "takes",
      title: "Takes",
      description: "",
      inputs: {
        x: { type: "model", help: "", optional: true, shipped: "psnr" },
        y: { type: "number", help: "", optional: true },
      },
      params: {},
      outputs: { out: { type: "number", help: "" } },
      run: (inputs) => (given.push(inputs), { out: 1 }),
    };
    const source: NodeDef = { ...takes, type: "source", inputs: {}, run: () => ({ out: 7 }) };
    const run = new Executor({ definitions: [takes, source], host, cacheBytes: 1, budget: 1 });
    await run.run(parsedGraph(parsedNode("a", "takes")), ["a"]);
    await run.run(parsedGraph(parsedNode("s", "source"), parsedNode("a", "takes", { x: "s" })), ["a"]);
    expect(given).toEqual([{ x: "shipped psnr" }, { x: 7 }]);
  });

  it("runs what a target needs, sources first", async () => {
    const { outputs } = await executor().run(chain(3), ["c"]);
    expect(read(outputs.get("c"))).toBe(6);
    expect(ran).toEqual(["constant", "double", "same"]);
  });

  it("runs nothing when nothing changed, and nothing when a change is undone", async () => {
    const e = executor();
    await e.run(chain(3), ["c"]);
    expect(read((await e.run(chain(4), ["c"])).outputs.get("c"))).toBe(8);
    ran = [];
    expect(read((await e.run(chain(3), ["c"])).outputs.get("c"))).toBe(6);
    expect(ran).toEqual([]);
  });

  it("does not care which id a node has", async () => {
    const e = executor();
    await e.run(chain(3), ["c"]);
    ran = [];
    await e.run(parsedGraph(parsedNode("z", "constant", {}, { value: 3 })), ["z"]);
    expect(ran).toEqual([]);
  });

  it("keeps a passed-through tensor for as long as any result holds it", async () => {
    const before = tf.memory().numTensors;
    const e = executor(4); // room for one scalar
    await e.run(chain(3), ["c"]);
    ran = [];
    expect(read((await e.run(chain(3), ["c"])).outputs.get("c"))).toBe(6);
    expect(ran).toEqual([]);
    await e.clear();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("lends results until the next run, those that do not fit the cache too", async () => {
    const e = executor(0);
    const before = tf.memory().numTensors;
    const { outputs } = await e.run(chain(3), ["c"]);
    await new Promise((resolve) => setTimeout(resolve));
    expect(read(outputs.get("c"))).toBe(6);
    await e.run(chain(4), ["a"]);
    expect(tf.memory().numTensors - before).toBe(1);
    await e.clear();
  });

  it("disposes what does not fit the cache when the run is over", async () => {
    const before = tf.memory().numTensors;
    const e = executor(0);
    await e.run(chain(3), ["c"]);
    await e.clear();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("computes a memo again only when what it depends on changes", async () => {
    const e = executor();
    const graph = (x: number, by: number) =>
      parsedGraph(
        parsedNode("x", "constant", {}, { value: x }),
        parsedNode("by", "constant", {}, { value: by }),
        parsedNode("s", "scaled", { x: "x", by: "by" }),
      );
    const events: RunEvent[] = [];
    expect(read((await e.run(graph(3, 2), ["s"], { onEvent: (event) => events.push(event) })).outputs.get("s"))).toBe(18);
    expect(events).toContainEqual({ kind: "memo", node: "s", memo: "square" });
    ran = [];
    expect(read((await e.run(graph(3, 5), ["s"])).outputs.get("s"))).toBe(45);
    expect(ran).toEqual(["constant", "scaled"]);
    expect(read((await e.run(graph(4, 5), ["s"])).outputs.get("s"))).toBe(80);
    expect(ran.filter((name) => name === "square")).toHaveLength(1);
  });

  it("stops between nodes when aborted and keeps what was finished", async () => {
    const e = executor();
    const stop = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.kind === "finished" && event.node === "b") stop.abort();
    };
    await expect(e.run(chain(3), ["c"], { signal: stop.signal, onEvent })).rejects.toThrow("abort");
    ran = [];
    await e.run(chain(3), ["c"]);
    expect(ran).toEqual(["same"]);
  });

  it("names the node that failed, computes the rest, and tries again next time", async () => {
    const e = executor();
    const graph = chain(3, parsedNode("d", "fail", { x: "b" }), parsedNode("e", "same", { x: "d" }));
    for (let i = 0; i < 2; i++) {
      const { outputs, errors } = await e.run(graph, ["e", "c"]);
      expect([...errors]).toEqual([["d", "no luck"]]);
      expect(read(outputs.get("c"))).toBe(6);
      expect(outputs.has("e")).toBe(false);
    }
  });

  it("says so on a node that depends on itself, and runs the rest", async () => {
    const { outputs, errors } = await executor().run(
      chain(3, parsedNode("p", "same", { x: "q" }), parsedNode("q", "same", { x: "p" })),
      ["p", "c"],
    );
    expect(errors.get("p")).toBe("it depends on itself (p → q → p): remove one of these links");
    expect(read(outputs.get("c"))).toBe(6);
  });

  it("refuses a run while another is under way", async () => {
    const e = executor();
    const first = e.run(chain(1), ["c"]);
    await expect(e.run(chain(2), ["c"])).rejects.toThrow("a run is under way");
    expect(read((await first).outputs.get("c"))).toBe(2);
    expect(read((await e.run(chain(2), ["c"])).outputs.get("c"))).toBe(4);
    expect(ran).toEqual(["constant", "double", "same", "constant", "double", "same"]);
  });

  it("forgets all results but those that graphs with a name were last run for", async () => {
    const e = executor();
    const before = tf.memory().numTensors;
    await e.run(parsedGraph(parsedNode("a", "constant", {}, { value: 3 })), ["a"], { scope: "kept" });
    await e.run(chain(3), ["c"]);
    expect(tf.memory().numTensors).toBe(before + 2);
    await e.forget();
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(e.peek("c")).toBeUndefined();
    ran = [];
    expect(read((await e.run(chain(3), ["c"])).outputs.get("c"))).toBe(6);
    expect(ran).toEqual(["double", "same"]);
    await e.clear();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("keeps graphs apart that have names, results that they share aside", async () => {
    const e = executor(4); // room for one scalar
    await e.run(chain(3), ["c"]);
    ran = [];
    await e.run(chain(4), ["c"], { scope: "other" });
    expect([read(e.peek("c")?.outputs), read(e.peek("c", "other")?.outputs)]).toEqual([6, 8]);
    expect(e.peek("c", "none")).toBeUndefined();
    ran = [];
    await e.run(chain(3), ["c"], { scope: "other" });
    expect(ran).toEqual([]);
    expect(read(e.peek("c", "other")?.outputs)).toBe(6);
  });

  it("lends a finished node's outputs, and none of a node that has changed", async () => {
    const e = executor();
    await e.run(chain(3), ["c"]);
    expect(read(e.peek("b")!.outputs)).toBe(6);
    await e.run(chain(4), ["a"]);
    expect(e.peek("c")).toBeUndefined();
  });

  it("feeds a parameter from a link and checks the value as if it were typed", async () => {
    const count = define({
      ...base,
      type: "count",
      inputs: {},
      params: { n: number({ default: 1, min: 0, max: 9, help: "" }) },
      outputs: { n: { type: "number", help: "" } as Socket<number> },
      run: (_, { n }) => ({ n }),
    });
    const e = new Executor({ definitions: [count], host, cacheBytes: 0, budget: 0 });
    const stored = (n: number) =>
      graphOf(
        [
          ["count", { n }],
          ["count", {}, { n: [1, "n"] }],
        ],
        [count],
      );
    expect((await e.run(parseGraph(stored(7), [count]), ["2"])).outputs.get("2")).toEqual({ n: 7 });
    const wild = define({
      ...count,
      type: "count",
      run: (_: unknown, { n }: { n: number }) => ({ n: n * 100 }),
    } as unknown as AnyNode);
    const { errors } = await new Executor({ definitions: [wild], host, cacheBytes: 0, budget: 0 }).run(
      parseGraph(stored(7), [wild]),
      ["2"],
    );
    expect(errors.get("2")).toBe("the value that feeds it does not fit: n is 700: it must be at most 9");
  });

  it("takes results from the graph wired past a bypassed node, and gives them to it", async () => {
    const e = executor();
    const stored = (mode: number, source: number): StoredGraph => ({
      last_node_id: 3,
      last_link_id: 2,
      nodes: [
        { id: 1, type: "constant", properties: { value: 5 } },
        { id: 2, type: "double", mode },
        { id: 3, type: "same" },
      ],
      links: [
        [1, 1, 0, 2, 0, "value"],
        [2, source, 0, 3, 0, "value"],
      ],
      groups: [],
      config: {},
      extra: {},
      version: 0.4,
    });
    const types = [constant, double, same];
    const result = async (mode: number, source: number) => {
      ran = [];
      const { outputs, errors } = await e.run(parseGraph(stored(mode, source), types), ["3"]);
      return [errors.get("3") ?? read(outputs.get("3")), ran];
    };
    expect(await result(0, 2)).toEqual([10, ["constant", "double", "same"]]);
    expect(await result(4, 2)).toEqual([5, ["same"]]);
    expect(await result(0, 1)).toEqual([5, []]);
    expect(await result(0, 2)).toEqual([10, []]);
    expect((await result(2, 2))[0]).toMatch(/^its input "x" comes from "double" \(node 2\), which is muted: /);
    expect(e.peek("2")).toBeUndefined();
    await e.clear();
  });

  it("stops where the backend fails, and says so from then on", async () => {
    const one = executor();
    const graph = chain(3, parsedNode("x", "exhausted", { x: "a" }), parsedNode("y", "double", { x: "a" }));
    expect(one.broken).toBe(false);
    const { errors, outputs } = await one.run(graph, ["c", "x", "y"]);
    expect([...errors]).toEqual([
      ["x", "it ran out of memory (memory access out of bounds): give a smaller picture, or close other programs"],
    ]);
    expect([...outputs.keys()]).toEqual(["c"]);
    expect(ran).toEqual(["constant", "double", "same"]);
    expect(one.broken).toBe(true);
    one.discard();
  });

  it("does not take a node's own failure for the backend's", async () => {
    const one = executor();
    await one.run(chain(3, parsedNode("x", "fail", { x: "a" })), ["x"]);
    expect(one.broken).toBe(false);
  });
});
