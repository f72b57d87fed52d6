/** Running and stopping, and what the status bar says of it. */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { EngineEvent, RunReport, View, ViewRequest } from "../browser/protocol";
import type { Region } from "../types";
import type { StatusBar } from "./status";
import type { Toasts } from "./toasts";

/** A part of a result to compute first: asked for when a run begins, shown when it has come. */
export interface Focus {
  request(): ViewRequest | undefined;
  show(region: Region, view: View): void;
}

/** What runs the graph on the canvas. */
export interface Runner {
  auto: boolean;
  /** What is looked at while it is worked on: computed first, shown before the rest. */
  focus: Focus | undefined;
  run(targets?: readonly string[]): Promise<RunReport>;
  cancel(): void;
  /** Computes a node's file and hands it to the browser. Rejects with an error. */
  download(node: LGraphNode): Promise<unknown>;
  /** Calls with every event of the engine. */
  listen(listener: (event: EngineEvent) => void): void;
}

export interface Runs {
  /** A run that was asked for has not ended, or the engine computes, as when it runs after a change. */
  readonly busy: boolean;
  /** Resolves with undefined where the graph could not be read; the user has then been told. */
  run(targets?: readonly string[]): Promise<RunReport | undefined>;
  stop(): void;
}

/** `onChange` is called when `busy` has changed. */
export function createRuns(runner: Runner, status: StatusBar, toasts: Toasts, onChange: () => void): Runs {
  let busy = false;
  let asked = 0;
  let computing = false;
  let stopped = false;
  let failed = 0;

  function update(): void {
    const now = asked > 0 || computing;
    if (now === busy) return;
    busy = now;
    if (now) {
      failed = 0;
      status.begin();
    } else {
      const failures = `${failed} node${failed === 1 ? "" : "s"} failed`;
      status.end(stopped ? "Stopped" : failed ? failures : "Done", !stopped && failed > 0);
      stopped = false;
    }
    onChange();
  }

  runner.listen((event) => {
    if (event.kind === "status") computing = event.busy;
    if (event.kind === "started") computing = true;
    update();
    if (event.kind === "failed") failed++;
    if (event.kind === "notice") event.once ? toasts.once(event.message) : toasts.show(event.message);
    status.event(event);
  });

  return {
    get busy() {
      return busy;
    },
    async run(targets) {
      stopped = false;
      asked++;
      update();
      try {
        return await runner.run(targets);
      } catch (error) {
        toasts.fail(error);
        return undefined;
      } finally {
        asked--;
        update();
      }
    },
    stop() {
      if (!busy) return;
      stopped = true;
      runner.cancel();
    },
  };
}
