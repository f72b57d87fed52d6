/** Nodes from modules of the page's: imported where the engine computes, in a worker and in the page. */
import { LGraph, LiteGraph } from "litegraph.js";
import { afterEach, describe, expect, it } from "vitest";
import { createEngine } from "../../src/browser/client";
import { engineFor, loadNodes, pageSchemas } from "../../src/browser/page-nodes";
import type { Engine } from "../../src/browser/protocol";
import { embed } from "../../src/graph/file";
import type { AnyNode } from "../../src/graph/node";
import { attach, load, register } from "../../src/index";
import { graphOf } from "../graph-builder";
import { noisyPng, pixelsOfBitmap } from "./engine";

const moduleOf = (code: string): string => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));

/** Turns a picture's colours over. */
const invert = (type: string): string => `export default ({ tf, defineNode, image, number, read, whole, sizeOf }) => defineNode({
  type: "${type}",
  title: "Invert",
  description: "Turns colours over.",
  inputs: { image: image("the picture") },
  params: { amount: number({ default: 1, min: 0, max: 1, help: "how much" }) },
  outputs: { image: image("the picture") },
  run: ({ image: { rgb } }, { amount }) => ({ image: { rgb: tf.tidy(() => tf.sub(amount, read(rgb, whole(sizeOf(rgb))))) } }),
});`;

const double = `export default ({ defineNode, number }) => defineNode({
  type: "mine/double",
  title: "Double",
  description: "Twice a number.",
  inputs: { value: number("a number") },
  params: {},
  outputs: { value: number("twice that") },
  run: ({ value }) => ({ value: 2 * value }),
});`;

/** The node as far as a graph needs it to be drawn up. */
const known = (type: string): AnyNode => {
  const picture = { type: "image", help: "a picture" };
  return { type, inputs: { image: picture }, params: {}, outputs: { image: picture } } as unknown as AnyNode;
};

const open: Pick<Engine, "close">[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.close();
});
const opened = <E extends Engine>(engine: E): E => {
  open.push(engine);
  return engine;
};

const pixels = async (engine: Engine, node: string) =>
  pixelsOfBitmap((await engine.view({ node, width: 7, height: 6 }))!.bitmap).filter((_, i) => i % 4 < 3);

describe.each([
  ["a worker", false],
  ["the page", true],
])("An engine in %s", (_, inPage) => {
  it("runs a node of a module beside ours, and says what it declares", async () => {
    const engine = opened(createEngine({ inPage, nodes: [moduleOf(invert("mine/invert"))], cacheBytes: 2 ** 24 }));
    expect(await engine.nodes()).toMatchObject([{ type: "mine/invert", params: { amount: { kind: "number", max: 1 } } }]);
    const file = embed({ name: "small.png" }, await noisyPng({ height: 6, width: 7 }));
    const graph = graphOf(
      [
        ["load-lr", { file }],
        ["mine/invert", {}, { image: [1, "image"] }],
        ["preview", {}, { image: [2, "image"] }],
      ],
      [...(await import("../../nodes")).definitions, known("mine/invert")],
    );
    expect(await engine.run(graph)).toMatchObject({ cancelled: false, errors: {} });
    const before = await pixels(engine, "1");
    expect(await pixels(engine, "2")).toEqual(before.map((value) => 255 - value));
  });

  it("refuses every request with one message where a module cannot be used", async () => {
    const engine = opened(createEngine({ inPage, nodes: [moduleOf("export default 7;")] }));
    await expect(engine.nodes()).rejects.toThrow("declares a node that cannot be used: it is 7: give what defineNode returns");
    await expect(engine.run(graphOf([["number"]]))).rejects.toThrow("declares a node that cannot be used");
    const missing = opened(createEngine({ inPage, nodes: ["/no/such/module.js"] }));
    await expect(missing.nodes()).rejects.toThrow(
      /the node module ".*\/no\/such\/module\.js" cannot be loaded \(.*check its address/,
    );
  });
});

describe("The options of an engine", () => {
  it("are refused by name", () => {
    expect(() => createEngine({ backend: "gpu" as never })).toThrow(
      'backend is "gpu": it must be one of webgpu, webgl, wasm, cpu',
    );
    expect(() => createEngine({ kernels: "fast" as never })).toThrow('kernels is "fast": it must be one of auto, stock, 2×2×8');
    expect(() => createEngine({ cacheBytes: -1 })).toThrow("cacheBytes is -1: it must be a number of bytes above 0");
    expect(() => createEngine({ budget: Number.NaN })).toThrow("budget is NaN");
    expect(() => createEngine({ assetBase: "http://" })).toThrow('assetBase is "http://": it must be an address');
  });

  it("choose the backend", async () => {
    const engine = opened(createEngine({ backend: "cpu" }));
    const backend = new Promise((resolve) => engine.listen((event) => event.kind === "status" && resolve(event.backend)));
    await engine.run(graphOf([["number"]]));
    expect(await backend).toBe("cpu");
  });

  it("say where the shipped files are; where they are not, the message on the node says what to do", async () => {
    const engine = opened(createEngine({ assetBase: "/nowhere" }));
    const graph = graphOf([["load-model", { file: { name: "weights:lite.safetensors" } }]]);
    const { errors } = await engine.run(graph, ["1"]);
    expect(errors["1"]).toMatch(
      /could not be fetched from .*\/nowhere\/weights\/lite\.safetensors \(.*\): serve the package's folder/,
    );
    expect(errors["1"]).toContain("name it by assetBase");
  });

  it("name the worker's script; without one that can be loaded the page computes, and that is said", async () => {
    const engine = opened(createEngine({ inPage: false, workerUrl: "/no/such/worker.js" }));
    const notices: string[] = [];
    engine.listen((event) => event.kind === "notice" && notices.push(event.message));
    expect(await engine.run(graphOf([["number"]]))).toMatchObject({ errors: {} });
    expect(notices).toEqual([expect.stringContaining("name its script by workerUrl")]);
  });
});

describe("loadNodes", () => {
  it("adds to what register adds, and hands its engine to the first attachment", async () => {
    const url = moduleOf(invert("mine/loaded"));
    expect(await loadNodes([url, url])).toEqual(pageSchemas());
    expect(pageSchemas().map(({ type }) => type)).toEqual(["mine/loaded"]);
    register(LiteGraph);
    expect(LiteGraph.createNode("mine/loaded").title).toBe("Invert");
    const graph = new LGraph();
    graph.add(LiteGraph.createNode("sftgan/number"));
    const attachment = attach(graph, { auto: false });
    expect((await attachment.engine.nodes()).map(({ type }) => type)).toEqual(["mine/loaded"]);
    expect(await attachment.run()).toMatchObject({ errors: {} });
    attachment.detach();
    expect(opened(engineFor({})).nodes).not.toBe(attachment.engine.nodes);
  });

  it("called while a graph is attached, makes nodes of placeholders that run", async () => {
    const graph = new LGraph();
    register(LiteGraph);
    const value = { name: "value", type: "number" };
    load(graph, {
      nodes: [
        { id: 1, type: "sftgan/number", outputs: [{ ...value, links: [1] }], properties: { value: 3 } },
        { id: 2, type: "mine/double", inputs: [{ ...value, link: 1 }], outputs: [{ ...value, links: null }] },
      ],
      links: [[1, 1, 0, 2, 0, "number"]],
    });
    const attachment = attach(graph, { auto: false });
    expect((await attachment.run([2])).errors["2"]).toContain('there is no node type "mine/double"');
    await loadNodes([moduleOf(double)]);
    register(LiteGraph);
    expect(await attachment.run([2])).toMatchObject({ errors: {}, values: { 2: { value: 6 } } });
    attachment.detach();
  });

  it("loses none of several calls at once", async () => {
    await Promise.all(["mine/one", "mine/two"].map((type) => loadNodes([moduleOf(invert(type))])));
    expect(pageSchemas().map(({ type }) => type)).toEqual(["mine/loaded", "mine/double", "mine/one", "mine/two"]);
  });

  it("adds nothing of modules one of which cannot be used", async () => {
    const before = pageSchemas();
    const bad = moduleOf("export default ({ nothing }) => nothing();");
    await expect(loadNodes([moduleOf(invert("mine/other")), bad])).rejects.toThrow("fails when it is given the toolkit");
    expect(pageSchemas()).toBe(before);
  });
});
