import { describe, expect, it } from "vitest";
import type { EngineEvent, EngineStatus } from "../../src/browser/protocol";
import { createRuns } from "../../src/editor/runs";

const STATUS: EngineStatus = { backend: "webgl", tensors: 0, bytes: 0, busy: false };

/** Runs of an engine that only says what it is told to; `said` is what the status bar is asked for. */
function start() {
  const said: string[] = [];
  let tell = (_: EngineEvent): void => {};
  const runner = {
    listen(listener: typeof tell) {
      tell = listener;
    },
  };
  const status = {
    begin: () => said.push("begin"),
    end: (note: string) => said.push(note),
    rest: () => said.push("rest"),
    event() {},
  };
  const runs = createRuns(runner as never, status as never, {} as never, String, () => {});
  const at = (busy: boolean, scope?: string) => tell({ kind: "status", ...STATUS, busy, ...(scope && { scope }) });
  return { runs, said, at };
}

describe("a run is under way", () => {
  it("while the engine computes for the page's graph", () => {
    const { runs, said, at } = start();
    at(true);
    expect(runs.busy).toBe(true);
    at(false);
    expect([runs.busy, said]).toEqual([false, ["begin", "Done"]]);
  });

  it("not while takes are computed, of which no run's end is said either", () => {
    const { runs, said, at } = start();
    at(true, "takes");
    expect(runs.busy).toBe(false);
    runs.changed(true);
    at(false);
    expect([runs.busy, said]).toEqual([false, ["rest"]]);
  });
});
