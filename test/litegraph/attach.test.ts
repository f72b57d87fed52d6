/** What pages met from outside: runs beside nodes of their own, several graphs, copies and engines, and what they are told. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { EngineOptions } from "../../src/browser/options";
import type { Engine } from "../../src/browser/protocol";
import { type Attachment, type AttachmentEvents, attach, load, save } from "../../src/litegraph";
import { definitions, FakeEngine, graphOf, LGraph, type LGraphNode, type Source } from "./fake";

/** What `attach` makes itself. */
const made: { options: EngineOptions; engine: FakeEngine }[] = [];
vi.mock("../../src/browser/page-nodes", () => ({
  engineFor: (options: EngineOptions) => {
    const engine = new FakeEngine();
    made.push({ options, engine });
    return engine;
  },
}));

const attached: Attachment[] = [];
const attachedTo = (...args: Parameters<typeof attach>) => {
  const attachment = attach(...args);
  attached.push(attachment);
  return attachment;
};
afterEach(() => {
  for (const attachment of attached.splice(0)) attachment.detach();
  made.splice(0);
});

/** A page's number that feeds a parameter of ours. */
function fed() {
  const { graph, nodes } = graphOf("test/source", "sftgan/load-lr", "test/everything");
  const [source, picture, node] = nodes as [Source, LGraphNode, LGraphNode];
  node.addInput("blocks", "number");
  source.value = 7;
  source.connect(0, node, "blocks");
  picture.connect(0, node, "picture");
  return { graph, source };
}

describe("A first run", () => {
  it("is not stopped by one of the attachment's own for what page nodes give, though their graph is not started", async () => {
    const { graph } = fed();
    const engine = new FakeEngine();
    let open = () => {};
    engine.gate = new Promise<void>((resolve) => (open = resolve));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const run = attachedTo(graph, { engine }).run();
      await vi.advanceTimersByTimeAsync(1000); // longer than changes are waited for
      open();
      expect(await run).toMatchObject({ cancelled: false, errors: {} });
      await vi.advanceTimersByTimeAsync(1000);
    } finally {
      vi.useRealTimers();
    }
    expect(engine.runs).toHaveLength(1);
  });
});

describe("attach", () => {
  it("refuses an engine that computes for another graph, until that one is detached", () => {
    const engine = new FakeEngine();
    const first = attachedTo(new LGraph(), { engine, auto: false });
    const other = new LGraph();
    expect(() => attach(other, { engine })).toThrow("this engine computes for another graph");
    first.detach();
    expect(attachedTo(other, { engine, auto: false }).engine).toBe(engine);
  });

  it("refuses a graph that another copy of the module has attached, and says so", async () => {
    const graph = new LGraph();
    attachedTo(graph, { engine: new FakeEngine(), auto: false });
    expect(() => attach(graph)).toThrow("call detach() on its attachment first");
    vi.resetModules();
    const copy = await import("../../src/litegraph");
    const { LiteGraph } = await import("./fake");
    copy.register(LiteGraph, definitions);
    const shared = new LGraph();
    attachedTo(shared, { engine: new FakeEngine(), auto: false });
    copy.register({ ...LiteGraph, LGraph } as typeof LiteGraph, definitions);
    expect(() => copy.attach(shared)).toThrow("by another copy of litegraph-sftgan on this page: load the package once");
  });

  it("makes an engine of the options it is given, and closes it", () => {
    const attachment = attachedTo(new LGraph(), { auto: false, backend: "wasm", cacheBytes: 1e6 });
    expect(made.map(({ options }) => options)).toEqual([{ backend: "wasm", cacheBytes: 1e6 }]);
    attachment[Symbol.dispose]();
    expect(made[0]!.engine.closed).toBe(true);
  });

  it("refuses options of an engine beside an engine, which it leaves open", () => {
    const engine = new FakeEngine();
    expect(() => attach(new LGraph(), { engine, budget: 1 })).toThrow(
      "budget is an option of an engine that attach makes itself",
    );
    attachedTo(new LGraph(), { engine, budget: undefined, auto: false }).detach();
    expect(engine.closed).toBe(false);
  });
});

describe("An attachment that is dropped with its graph", () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  /** Collects what nobody holds, and has it told of. */
  const collect = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    gc();
  };

  it("closes its engine", async () => {
    await (async () => {
      const { graph } = graphOf("sftgan/number", "test/sink");
      const attachment = attach(graph, { auto: false });
      load(graph, save(graph));
      await attachment.run();
    })();
    const { engine } = made[0]!;
    expect(engine.closed).toBe(false);
    for (let i = 0; i < 100 && !engine.closed; i++) await collect();
    expect(engine.closed).toBe(true);
    expect(engine.listeners.size).toBe(0);
  });

  it("keeps it while the graph is held", async () => {
    const { graph } = graphOf("test/sink");
    attach(graph, { auto: false });
    for (let i = 0; i < 5; i++) await collect();
    expect(made[0]!.engine.closed).toBe(false);
    expect(() => attach(graph)).toThrow("is attached already");
  });
});

describe("Events", () => {
  it("say of a run when it begins, how far it is, what is wrong with a node, and how it ended", async () => {
    const { graph } = graphOf("sftgan/number", "test/sink");
    const engine = new FakeEngine();
    engine.errors = { 2: "its picture is missing" };
    const attachment = attachedTo(graph, { engine, auto: false });
    const told: [keyof AttachmentEvents, unknown][] = [];
    for (const type of ["started", "progress", "finished", "failed", "backend", "notice"] as const)
      attachment.addEventListener(type, ({ detail }) => told.push([type, detail]));
    engine.gate = Promise.resolve().then(() => {
      engine.tell({ kind: "status", backend: "wasm", reason: "no WebGL", tensors: 1, bytes: 4, busy: true });
      engine.tell({ kind: "status", backend: "wasm", reason: "no WebGL", tensors: 2, bytes: 8, busy: true });
      engine.tell({ kind: "overall", done: 1, total: 2, fraction: 0.5 });
      engine.tell({ kind: "progress", node: "2", fraction: 0.5 });
      engine.tell({ kind: "overall", done: 1, total: 2, fraction: 0.75, left: 1000 });
      engine.tell({ kind: "notice", message: "look" });
    });
    const report = await attachment.run([2]);
    expect(told).toEqual([
      ["started", { targets: ["2"] }],
      ["backend", { backend: "wasm", reason: "no WebGL", tensors: 1, bytes: 4, busy: true }],
      ["progress", { done: 1, total: 2, fraction: 0.5 }],
      ["progress", { done: 1, total: 2, fraction: 0.75 }],
      ["notice", { message: "look" }],
      ["failed", { node: "2", message: "its picture is missing" }],
      ["finished", report],
    ]);
  });

  it("say once of a run that cannot be made why, and of a stopped one that it is over", async () => {
    const { graph } = graphOf("test/sink");
    const engine = new FakeEngine();
    const attachment = attachedTo(graph, { engine, auto: false });
    const told: unknown[] = [];
    attachment.addEventListener("failed", ({ detail }) => told.push(detail));
    attachment.addEventListener("notice", ({ detail }) => told.push(detail));
    attachment.addEventListener("finished", ({ detail }) => told.push(detail.cancelled));
    engine.gate = Promise.reject(new Error("out of luck"));
    await expect(attachment.run()).rejects.toThrow("out of luck");
    engine.gate = Promise.resolve();
    await Promise.all([attachment.run(), attachment.run()]);
    expect(told).toEqual([{ message: "out of luck" }, true, false]);
  });

  it("end with removeEventListener", async () => {
    const attachment = attachedTo(new LGraph(), { engine: new FakeEngine() as Engine, auto: false });
    const listener = vi.fn();
    attachment.addEventListener("started", listener);
    attachment.removeEventListener("started", listener);
    await attachment.run();
    expect(listener).not.toHaveBeenCalled();
  });
});
