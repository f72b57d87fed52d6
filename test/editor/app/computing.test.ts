import { describe, expect, it } from "vitest";
import type { EngineEvent, RunReport } from "../../../src/browser/protocol";
import { CANCELLED } from "../../../src/browser/protocol";
import { Computing } from "../../../src/editor/app/computing";
import { graphOf } from "../../graph-builder";

const GRAPH = graphOf([["load-lr"], ["bicubic-upscale", {}, { image: [1, "image"] }]]);
const DONE: RunReport = { cancelled: false, errors: {}, values: {} };

/** An engine whose runs end when they are told to. */
function setUp() {
  const listeners: ((event: EngineEvent) => void)[] = [];
  const runs: { readonly targets: readonly string[] | undefined; end(report: RunReport): void; fail(error: Error): void }[] = [];
  let cancelled = 0;
  const computing = new Computing({
    engine: {
      run: (_, targets) =>
        new Promise((resolve, reject) => {
          runs.push({ targets, end: resolve, fail: reject });
        }),
      encode: () => Promise.reject(new Error("no room")),
      cancel: () => cancelled++,
      listen: (listener) => {
        listeners.push(listener);
        return () => {};
      },
    },
    titleOf: (id) => (id === "2" ? "Upscale" : "Load"),
    focus: () => undefined,
    onEvent: () => {},
  });
  return {
    computing,
    runs,
    get cancelled() {
      return cancelled;
    },
    hear: (event: EngineEvent) => {
      for (const listener of listeners) listener(event);
    },
  };
}

describe("An app's run", () => {
  it("says how far it is and at which node, and not of other graphs", async () => {
    const { computing, runs, hear } = setUp();
    const run = computing.run(GRAPH, "2");
    hear({ kind: "started", node: "2" });
    hear({ kind: "overall", done: 1, total: 2, fraction: 0.5, left: 9000 });
    hear({ kind: "overall", done: 1, total: 2, fraction: 0.9, scope: "batch" });
    expect(computing.state).toEqual({ kind: "running", fraction: 0.5, at: "Upscale", left: 9000 });
    expect([computing.busy, runs[0]!.targets]).toEqual([true, ["2"]]);
    hear({ kind: "finished", node: "2", ms: 1, key: "k", summary: "8 × 8", warnings: ["grey", "grey"] });
    runs[0]!.end(DONE);
    await run;
    expect([computing.state, computing.warnings, computing.of("2").key]).toEqual([{ kind: "done" }, ["grey"], "k"]);
  });

  it("that a newer one has taken the place of says nothing any more", async () => {
    const { computing, runs } = setUp();
    const [older, newer] = [computing.run(GRAPH, "2"), computing.run(GRAPH, "2")];
    runs[0]!.end(CANCELLED);
    await older;
    expect(computing.busy).toBe(true);
    runs[1]!.end(DONE);
    await newer;
    expect(computing.state).toEqual({ kind: "done" });
  });

  it("that fails names the node, or says what the engine says; what was computed before is known still", async () => {
    const { computing, runs, hear } = setUp();
    hear({ kind: "cached", node: "1", ms: 0, key: "a", summary: "" });
    const run = computing.run(GRAPH, "2");
    expect(computing.of("1")).toMatchObject({ phase: "waiting", key: "a" });
    runs[0]!.end({ ...DONE, errors: { 2: "too large" } });
    await run;
    expect(computing.state).toEqual({ kind: "failed", message: "Upscale: too large" });
    expect(computing.of("2")).toMatchObject({ phase: "failed", error: "too large" });
    const another = computing.run(GRAPH, "2");
    runs[1]!.fail(new Error("the engine is closed"));
    await another;
    expect(computing.state).toEqual({ kind: "failed", message: "the engine is closed" });
  });

  it("is stopped at once, and asks the engine to stop; without one nothing is asked", async () => {
    const stage = setUp();
    stage.computing.stop();
    expect(stage.cancelled).toBe(0);
    const run = stage.computing.run(GRAPH, "2");
    stage.computing.stop();
    expect([stage.computing.state, stage.cancelled]).toEqual([{ kind: "stopped" }, 1]);
    stage.runs[0]!.end(CANCELLED);
    await run;
    expect(stage.computing.state).toEqual({ kind: "stopped" });
  });

  it("forgets all of another photo, and looks at what is there of the new one", async () => {
    const { computing, runs, hear } = setUp();
    hear({ kind: "finished", node: "2", ms: 1, key: "k", summary: "" });
    const forgotten = computing.forget(GRAPH);
    expect(computing.of("2").key).toBeUndefined();
    runs[0]!.end(DONE);
    await forgotten;
    expect([computing.state, runs[0]!.targets]).toEqual([{ kind: "idle" }, undefined]);
  });

  it("stays done where a picture cannot be saved, which is said by whoever asked", async () => {
    const { computing, runs } = setUp();
    const run = computing.run(GRAPH, "2");
    runs[0]!.end(DONE);
    await run;
    await expect(computing.encode(GRAPH, "2")).rejects.toThrow("no room");
    expect(computing.state).toEqual({ kind: "done" });
  });
});

describe("An app's run that is asked about", () => {
  it("computes nothing until it may, and says that nothing is done where it may not", async () => {
    const { computing, runs } = setUp();
    let answer: (yes: boolean) => void = () => {};
    const consent = () =>
      new Promise<boolean>((resolve) => {
        answer = resolve;
      });
    const refused = computing.run(GRAPH, "2", { consent });
    expect([computing.busy, runs.length]).toEqual([true, 0]);
    answer(false);
    await refused;
    expect([computing.state, runs.length]).toEqual([{ kind: "idle" }, 0]);
    const stopped = computing.run(GRAPH, "2", { consent });
    computing.stop();
    answer(true);
    await stopped;
    expect([computing.state, runs.length]).toEqual([{ kind: "stopped" }, 0]);
  });

  it("ends the one under way first, which the question would wait for", async () => {
    const running = setUp();
    const first = running.computing.run(GRAPH, "2");
    const second = running.computing.run(GRAPH, "2", { consent: async () => true });
    expect(running.cancelled).toBe(1);
    running.runs[0]!.end(CANCELLED);
    await first;
    await Promise.resolve();
    running.runs[1]!.end(DONE);
    await second;
    expect(running.computing.state).toEqual({ kind: "done" });
  });

  it("and is of another node than the result leaves the app as far as it was", async () => {
    const { computing, runs } = setUp();
    const glimpse = computing.run(GRAPH, "1", { isResult: false });
    runs[0]!.end(DONE);
    await glimpse;
    expect(computing.state).toEqual({ kind: "idle" });
    const run = computing.run(GRAPH, "2");
    runs[1]!.end(DONE);
    await run;
    const other = computing.run(GRAPH, "1", { isResult: false });
    runs[2]!.end(DONE);
    await other;
    expect(computing.state).toEqual({ kind: "done" });
  });
});
