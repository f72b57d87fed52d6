import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EngineEvent, RunReport, View, ViewRequest } from "../../../src/browser/protocol";
import { Computing, type ComputingParts } from "../../../src/editor/takes/computing";
import type { StoredGraph } from "../../../src/graph/stored";
import { NO_TAKES, removeTake } from "../../../src/graph/takes";
import { definition, takesOf } from "./graphs";

const DONE: RunReport = { cancelled: false, errors: {}, values: {} };

/** An engine that computes nothing: `answer` says how each run ends. */
function start(answer: (graph: StoredGraph, turn: number) => Promise<RunReport> | RunReport = () => DONE) {
  const runs: { graph: StoredGraph; targets: readonly string[]; scope: string | undefined }[] = [];
  const views: ViewRequest[] = [];
  const listeners = new Set<(event: EngineEvent) => void>();
  let open = 0;
  const engine: ComputingParts["engine"] = {
    async run(graph, targets = [], { scope } = {}) {
      if (targets.length) runs.push({ graph, targets, scope });
      return targets.length ? answer(graph, runs.length) : DONE;
    },
    async view(request): Promise<View> {
      views.push(request);
      open++;
      const bitmap = { width: request.width, height: request.height, close: () => open-- } as unknown as ImageBitmap;
      return { bitmap, size: { width: 480, height: 320 }, key: "1" };
    },
    listen(listener) {
      listeners.add(listener);
      return () => {};
    },
  };
  const changed: string[] = [];
  const busy: boolean[] = [];
  const computing = new Computing({
    engine,
    definitions: definition,
    files: async () => new Map(),
    onChange: (key) => changed.push(key),
    onBusy: () => busy.push(computing.busy),
  });
  const tell = (event: EngineEvent) => {
    for (const listener of listeners) listener(event);
  };
  return { computing, runs, views, changed, busy, tell, open: () => open };
}
const two = takesOf("plant", "sky");
/** The clock stands but for this. */
const settle = (ms = 5) => vi.advanceTimersByTimeAsync(ms);
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());
const states = (computing: Computing, takes = two) => takes.list.map((take) => computing.look(computing.key(take)).state);

describe("takes are computed", () => {
  it("only while somebody looks, one after the other, beside the page's graph", async () => {
    const { computing, runs, busy } = start();
    computing.set(two);
    await settle();
    expect(runs).toEqual([]);
    computing.open();
    expect([computing.busy, busy.at(-1)]).toEqual([true, true]);
    await settle();
    expect([computing.busy, busy.at(-1)]).toEqual([false, false]);
    expect(runs.map(({ scope, targets }) => [scope, targets.length])).toEqual([
      ["takes", 2],
      ["takes", 2],
    ]);
    expect(runs[0]!.graph.nodes).toHaveLength(9);
    expect(states(computing)).toEqual(["done", "done"]);
  });

  it("once: with another take the others stay as they are, and so do the ids of their nodes", async () => {
    const { computing, runs } = start();
    computing.set(two);
    computing.open();
    await settle();
    const before = two.list.map((take) => computing.key(take));
    const three = takesOf("plant", "sky", "water");
    computing.set(three);
    await settle();
    expect(three.list.map((take) => computing.key(take)).slice(0, 2)).toEqual(before);
    expect(runs).toHaveLength(3);
    computing.set(removeTake(three, 0));
    await settle();
    expect(removeTake(three, 0).list.map((take) => computing.key(take))[0]).toBe(before[1]);
    expect(runs).toHaveLength(3);
  });

  it("with a small picture of the result and one of the prior, of one shape, let go of with the take", async () => {
    const { computing, views, open } = start();
    computing.set(two);
    computing.open();
    await settle();
    const { result, prior } = computing.look(computing.key(two.list[0]!));
    expect([result!.width, result!.height]).toEqual([252, 168]);
    expect([prior!.width, prior!.height]).toEqual([252, 168]);
    expect(views.every(({ scope }) => scope === "takes")).toBe(true);
    expect(open()).toBe(4);
    computing.set(NO_TAKES);
    expect(open()).toBe(0);
  });

  it("first of all where they are compared, and both are then had at once", async () => {
    const three = takesOf("plant", "sky", "water");
    const { computing, runs } = start();
    computing.set(three);
    const keys = three.list.slice(1).map((take) => computing.key(take));
    computing.want(keys);
    computing.open();
    await settle();
    expect(runs[0]!.targets).toHaveLength(4);
    expect(keys.map((key) => computing.isHeld(key))).toEqual([true, true]);
    expect(computing.layer(three.list[1]!, "result")).toMatchObject({ label: "sky", scope: "takes" });
    expect(computing.layer(three.list[1]!, "prior")).toMatchObject({ label: "Prior of sky" });
  });

  it("again after they were stopped for the page's own graph", async () => {
    const { computing, runs } = start((_, turn) => ({ ...DONE, cancelled: turn === 1 }));
    computing.set(two);
    computing.open();
    await settle();
    expect(states(computing)).toEqual(["waiting", "waiting"]);
    await settle(400);
    expect(states(computing)).toEqual(["done", "done"]);
    expect(runs).toHaveLength(3);
  });

  it("no more once a person stops them, until they are asked for", async () => {
    let end = (_: RunReport) => {};
    const { computing, runs } = start((_, turn) => (turn === 1 ? new Promise((resolve) => (end = resolve)) : DONE));
    computing.set(two);
    computing.open();
    await settle();
    computing.stop();
    end({ ...DONE, cancelled: true });
    await settle(400);
    expect(states(computing)).toEqual(["stopped", "stopped"]);
    expect(computing.isUnfinished).toBe(true);
    expect(runs).toHaveLength(1);
    computing.retry();
    await settle();
    expect(states(computing)).toEqual(["done", "done"]);
    expect(computing.isUnfinished).toBe(false);
  });

  it("as far as they can be: one that fails says why, the others are computed", async () => {
    const failing = (graph: StoredGraph): RunReport => {
      const node = graph.nodes.find(({ properties }) => properties?.class === "plant");
      return { ...DONE, errors: { [String(node!.id)]: "no luck: try again" } };
    };
    const { computing } = start(failing);
    computing.set(two);
    computing.open();
    await settle();
    expect(states(computing)).toEqual(["failed", "done"]);
    expect(computing.look(computing.key(two.list[0]!)).message).toBe("Constant Prior: no luck: try again");
  });

  it("and a failure of the engine is on the take too", async () => {
    const { computing } = start(() => Promise.reject(new Error("the engine is closed: create another one")));
    computing.set(two);
    computing.open();
    await settle();
    expect(states(computing)).toEqual(["failed", "failed"]);
  });

  it("and say how far they are", async () => {
    let end = (_: RunReport) => {};
    const { computing, tell, runs } = start(() => new Promise((resolve) => (end = resolve)));
    computing.set(two);
    computing.open();
    await settle();
    const key = computing.key(two.list[0]!);
    const upsample = runs[0]!.targets[0]!;
    tell({ scope: "takes", kind: "started", node: upsample });
    tell({ scope: "takes", kind: "overall", done: 2, total: 4, fraction: 0.625 });
    tell({ kind: "overall", done: 3, total: 4, fraction: 0.9 });
    expect(computing.look(key)).toMatchObject({ state: "computing", fraction: 0.625, at: "Upsample" });
    end(DONE);
  });

  it("and those taken away meanwhile leave no picture behind", async () => {
    let end = (_: RunReport) => {};
    const { computing, open } = start(() => new Promise((resolve) => (end = resolve)));
    computing.set(takesOf("plant"));
    computing.open();
    await settle();
    computing.set(NO_TAKES);
    end(DONE);
    await settle();
    expect(open()).toBe(0);
  });
});
