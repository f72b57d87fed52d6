import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createEngine } from "../../src/browser/client";
import type { Engine, EngineEvent } from "../../src/browser/protocol";
import { embed } from "../../src/graph/file";
import { graphOf } from "../graph-builder";
import { next, noisyPng, pixelsOfBitmap, record } from "./engine";

const SOURCES = import.meta.glob("../../src/**/*.ts", { query: "?raw", import: "default", eager: true }) as Record<
  string,
  string
>;

/** Every module that a file brings with it: static imports, those of types left out. */
function brings(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, names, from] of (SOURCES[path] ?? "").matchAll(/^(?:import|export)\s(?!type\b)([^"';]*?)from "([^"]+)"/gms)) {
    const onlyTypes = /^\{(\s*type\s[^,}]+,?)+\s*\}\s*$/.test(names!);
    if (onlyTypes) continue;
    brings(from!.startsWith(".") ? resolve(path, from!) : from!, found);
  }
  return found;
}
const resolve = (path: string, from: string) => {
  const base = path.split("/").slice(0, -1);
  for (const part of from.split("/")) {
    if (part === "..") base.at(-1) === ".." ? base.push("..") : base.pop();
    else if (part !== ".") base.push(part);
  }
  const name = base.join("/");
  return [`${name}.ts`, `${name}/index.ts`].find((file) => file in SOURCES) ?? name;
};

const isOpen: Engine[] = [];
const open = (options?: Parameters<typeof createEngine>[0]) => {
  const engine = createEngine(options);
  isOpen.push(engine);
  return engine;
};
afterEach(() => {
  for (const engine of isOpen.splice(0)) engine.close();
});

describe("the page's client", () => {
  it("brings no tfjs into the page", () => {
    const found = [...brings("../../src/browser/client.ts")];
    expect(found).toContain("comlink");
    expect(found.filter((module) => /tfjs|core\.ts|graph\/|nodes\//.test(module))).toEqual([]);
    // The walk is worth something: it finds tfjs where it is.
    expect([...brings("../../src/browser/core.ts")]).toContain("@tensorflow/tfjs-core");
  });
});

describe("the engine in a worker and in the page", () => {
  let graph: ReturnType<typeof graphOf>;
  beforeAll(async () => {
    const bytes = await noisyPng({ height: 6, width: 7 });
    const file = embed({ name: "small.png" }, bytes);
    graph = graphOf([
      ["load-lr", { file }],
      ["constant-prior", {}, { picture: [1, "image"] }],
      ["condition-net", {}, { prior: [2, "prior"] }],
      ["sft-resblocks", { blocks: 16 }, { image: [1, "image"], condition: [3, "condition"] }],
      ["upsample", {}, { features: [4, "features"], condition: [3, "condition"] }],
      ["preview", {}, { image: [5, "image"] }],
      ["save", {}, { image: [5, "image"] }],
    ]);
  });

  /** A run of another engine, in which this one has time to say what it should not. */
  const elsewhere = () => open().run(graph, ["1"]);

  const outcome = async (engine: Engine) => {
    const events = record(engine);
    expect(await engine.run(graph)).toEqual({ cancelled: false, errors: {}, values: {} });
    const view = await engine.view({ node: "6", width: 28, height: 24 });
    const { bytes, type } = await engine.encode(graph, "7");
    return { events, size: view!.size, pixels: pixelsOfBitmap(view!.bitmap), bytes, type };
  };

  it("give the same picture and the same file", async () => {
    const inWorker = await outcome(open());
    const inPage = await outcome(open({ inPage: true }));
    expect(inWorker.size).toEqual({ height: 24, width: 28 });
    expect(inWorker.events.find((event) => event.kind === "status")).toMatchObject({ backend: "webgl" });
    expect(inPage.size).toEqual(inWorker.size);
    expect(inPage.pixels).toEqual(inWorker.pixels);
    expect(inPage.bytes).toEqual(inWorker.bytes);
    expect(new Set(inWorker.pixels).size).toBeGreaterThan(50);
  });

  it.each([false, true])("answer with plain errors of one message (in the page: %s)", async (inPage) => {
    const engine = open({ inPage });
    const error = await engine.run("nonsense" as never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/^[^\n]{10,300}$/);
    await expect(engine.encode(graph, "42")).rejects.toThrow(/^42: the graph has no node 42/);
    const missing = graphOf([["load-lr", { file: { name: "gone.png", sha256: "b".repeat(64) } }]]);
    expect((await engine.run(missing)).errors).toEqual({ 1: 'the file "gone.png" is not here: choose it again' });
  });

  it("keep files for one another", async () => {
    const [one, other] = [open(), open({ inPage: true })];
    const bytes = await noisyPng({ height: 2, width: 2 }, 5);
    const file = await one.addFile(bytes, "shared.png");
    expect(await other.readFile(file)).toEqual(bytes);
  });

  it.each([false, true])("cancel, and let the newest run win (in the page: %s)", async (inPage) => {
    const engine = open({ inPage });
    const cancelled = engine.run(graph);
    engine.cancel();
    expect((await cancelled).cancelled).toBe(true);
    const [first, second] = await Promise.all([engine.run(graph), engine.run(graph, ["1"])]);
    expect([first.cancelled, second.cancelled]).toEqual([true, false]);
  });

  it("tell every listener the status first, however late it comes", async () => {
    const engine = open({ inPage: true });
    const early = record(engine);
    await engine.run(graph, ["1"]);
    await expect.poll(() => early.at(-1)).toMatchObject({ kind: "status", busy: false });
    const late = record(engine);
    await next(engine, "status");
    expect(late).toEqual([early.at(-1)]);
  });

  it.each([false, true])("start when asked for something, and not to be listened to (in the page: %s)", async (inPage) => {
    const { Worker: Original } = globalThis;
    let made = 0;
    globalThis.Worker = class extends Original {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        made++;
      }
    };
    try {
      const engine = open({ inPage });
      const events = record(engine);
      engine.cancel();
      await elsewhere();
      expect([made, events]).toEqual([1, []]);
      await engine.run(graph, ["1"]);
      expect(made).toBe(inPage ? 1 : 2);
      expect(events[0]).toMatchObject({ kind: "status", backend: "webgl" });
    } finally {
      globalThis.Worker = Original;
    }
  });

  it.each([false, true])("start at once where that is asked for, and say their status (in the page: %s)", async (inPage) => {
    const engine = open({ inPage, preload: true });
    const events = record(engine);
    await expect.poll(() => events[0]).toMatchObject({ kind: "status", backend: "webgl", busy: false });
  });

  it.each([false, true])("hand over the pictures that a run was asked for (in the page: %s)", async (inPage) => {
    const engine = open({ inPage });
    const events = record(engine);
    await engine.run(graph, undefined, { views: [{ node: "6", width: 28, height: 24 }] });
    const [drawn] = events.flatMap((event) => (event.kind === "finished" ? (event.views ?? []) : []));
    const later = await engine.view({ node: "6", width: 28, height: 24 });
    expect(drawn!.view.size).toEqual({ height: 24, width: 28 });
    expect(pixelsOfBitmap(drawn!.view.bitmap)).toEqual(pixelsOfBitmap(later!.bitmap));
  });

  it.each([false, true])("tell all of a run before it ends, however busy the page is (in the page: %s)", async (inPage) => {
    const engine = open({ inPage });
    const events = record(engine);
    for (let run = 0; run < 60; run++) {
      events.length = 0;
      const ended = engine.run(graph, ["1"], { views: [{ node: "1", width: 7, height: 6 }] });
      const until = performance.now() + 4;
      while (performance.now() < until) Math.sqrt(run);
      await ended;
      expect(events.flatMap((event) => ("views" in event && event.kind !== "kept" ? event.views : []))).toHaveLength(1);
      expect(events).toContainEqual(expect.objectContaining({ kind: "overall", fraction: 1 }));
    }
  });

  it.each([false, true])("go on when a listener throws (in the page: %s)", async (inPage) => {
    const reported: unknown[] = [];
    const original = globalThis.reportError;
    globalThis.reportError = (error) => reported.push(error);
    try {
      const engine = open({ inPage });
      engine.listen((event) => {
        if (event.kind === "started") throw new Error("a listener's own fault");
      });
      expect((await engine.run(graph, ["1"])).errors).toEqual({});
      expect(reported).toHaveLength(1);
    } finally {
      globalThis.reportError = original;
    }
  });

  it.each([false, true])("refuse what is asked after they are closed (in the page: %s)", async (inPage) => {
    const engine = open({ inPage });
    const events: EngineEvent[] = record(engine);
    const run = engine.run(graph);
    engine.close();
    expect(await run).toEqual({ cancelled: true, errors: {}, values: {} });
    await expect(engine.run(graph)).rejects.toThrow("the engine is closed: create another one");
    await expect(engine.encode(graph, "7")).rejects.toThrow("the engine is closed: create another one");
    await expect(engine.addFile(new Uint8Array(1), "a")).rejects.toThrow("the engine is closed: create another one");
    expect(await engine.view({ node: "6", width: 1, height: 1 })).toBeUndefined();
    expect(await engine.readFile({ name: "a", sha256: "c".repeat(64) })).toBeUndefined();
    engine.listen(() => events.push({ kind: "notice", message: "late" }));
    engine.cancel();
    engine.close();
    const heard = events.length;
    await elsewhere();
    expect(events).toHaveLength(heard);
  });

  describe("in a worker that dies", () => {
    const DIED = /^the engine has stopped, perhaps for want of memory: run again/;
    /** An engine, its workers, and what it says. */
    const watched = () => {
      const { Worker: Original } = globalThis;
      const workers: Worker[] = [];
      globalThis.Worker = class extends Original {
        constructor(...made: ConstructorParameters<typeof Worker>) {
          super(...made);
          workers.push(this);
        }
      };
      restore = () => {
        globalThis.Worker = Original;
      };
      const engine = open();
      return { engine, workers, events: record(engine) };
    };
    let restore = () => {};
    afterEach(() => restore());
    const started = (engine: Engine) =>
      new Promise<void>((resolve) => engine.listen((event) => event.kind === "started" && resolve()));

    it.each<[string, (worker: Worker) => void]>([
      ["without a word", (worker) => worker.terminate()],
      ["by a fault of its own", (worker) => worker.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }))],
      ["saying what cannot be read", (worker) => worker.dispatchEvent(new MessageEvent("messageerror"))],
    ])("%s fail with one message, and start anew when next asked", async (_, kill) => {
      const { engine, workers, events } = watched();
      const file = embed({ name: "large.png" }, await noisyPng({ height: 96, width: 96 }));
      const nodes = graph.nodes.map((node) => (node.id === 1 ? { ...node, properties: { file } } : node));
      const long = { ...graph, nodes };
      const under = started(engine);
      const run = engine.run(long).catch((error: Error) => error.message);
      const saving = engine.encode(long, "7").catch((error: Error) => error.message);
      await under;
      kill(workers[0]!);
      expect(await run).toMatch(DIED);
      expect(await saving).toMatch(DIED);
      expect(events.filter(({ kind }) => kind === "notice")).toEqual([{ kind: "notice", message: await run }]);
      expect(events.filter(({ kind }) => kind === "status").at(-1)).toMatchObject({ busy: false, tensors: 0 });
      expect(await engine.run(graph, ["1"])).toEqual({ cancelled: false, errors: {}, values: {} });
      expect(workers).toHaveLength(2);
      expect(events.findLast(({ kind }) => kind === "status")).toBeDefined();
    });

    it("say nothing of it when they were closed", async () => {
      const { engine, events } = watched();
      await engine.run(graph, ["1"]);
      engine.close();
      const heard = events.length;
      await elsewhere();
      expect(events).toHaveLength(heard);
    });
  });

  it("go to the page where the worker cannot be loaded, and say so", async () => {
    const { Worker: Original } = globalThis;
    for (const broken of [
      class {
        constructor() {
          throw new DOMException("another origin", "SecurityError");
        }
      },
      class extends Original {
        constructor() {
          super(new URL("./no-such-worker.js", import.meta.url), { type: "module" });
        }
      },
    ]) {
      globalThis.Worker = broken as unknown as typeof Worker;
      const engine = open();
      const events = record(engine);
      expect((await engine.run(graph, ["1"])).errors).toEqual({});
      expect(events.filter(({ kind }) => kind === "notice")).toEqual([
        {
          kind: "notice",
          message: expect.stringMatching(/^The engine's worker could not be loaded, so it computes in the page/),
        },
      ]);
      globalThis.Worker = Original;
      engine.close();
    }
  });
});
