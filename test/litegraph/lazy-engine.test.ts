import { describe, expect, it } from "vitest";
import type { StoredGraph } from "../../src/graph/stored";
import { lazyEngine } from "../../src/litegraph/lazy-engine";
import { FakeEngine } from "./fake";

const empty = { nodes: [], links: [] } as unknown as StoredGraph;

describe("lazyEngine", () => {
  it("makes the engine when it is first asked for something, once", async () => {
    let made = 0;
    const fake = new FakeEngine();
    const engine = lazyEngine(async () => {
      made++;
      return fake;
    });
    const heard: unknown[] = [];
    engine.listen((event) => heard.push(event));
    engine.cancel();
    expect(made).toBe(0);
    await Promise.all([engine.run(empty), engine.run(empty)]);
    expect(made).toBe(1);
    fake.tell({ kind: "notice", message: "hello" });
    expect(heard).toEqual([{ kind: "notice", message: "hello" }]);
    engine.close();
    expect(fake.closed).toBe(true);
  });

  it("cancels what was asked for while it is being made, at once, and asks the engine for nothing of that", async () => {
    const fake = new FakeEngine();
    let give = (_: FakeEngine) => {};
    const engine = lazyEngine(() => new Promise((resolve) => (give = resolve)));
    const [run, file] = [engine.run(empty), engine.encode(empty, "1").catch((error: Error) => error.message)];
    engine.cancel();
    expect(await run).toEqual({ cancelled: true, errors: {}, values: {} });
    expect(await file).toBe("saving was cancelled: run it again");
    const later = engine.run(empty);
    give(fake);
    expect((await later).cancelled).toBe(false);
    expect(fake.runs).toHaveLength(1);
  });

  it("closes an engine that was still being made", async () => {
    const fake = new FakeEngine();
    const engine = lazyEngine(async () => fake);
    const run = engine.run(empty);
    engine.close();
    await run;
    expect(fake.closed).toBe(true);
    await expect(engine.run(empty)).rejects.toThrow("attach the graph again");
  });
});
