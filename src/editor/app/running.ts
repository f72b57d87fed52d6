/** When an app's graph is computed: as something is set, as a person says so; after a question where that will take long. */

import { withFreePlaces } from "../long-runs/place";
import type { Remedy } from "../long-runs/remedies";
import type { Toasts } from "../toasts";
import type { Viewer } from "../viewer/viewer";
import type { Computing } from "./computing";
import type { Consent } from "./consent";
import type { AppSession } from "./session";

/** Milliseconds of rest after a change before it is computed. */
const REST = 250;

export interface RunningParts {
  readonly session: AppSession;
  readonly computing: Computing;
  readonly consent: Consent;
  readonly viewer: Pick<Viewer, "refresh">;
  readonly toasts: Toasts;
  /** Shows the result once there is one. */
  show(): void;
}

export interface Running {
  /** Runs what there is, and asks first where it will take long. */
  run(): void;
  /** Runs what has been asked about, or what there is: a person says so. */
  start(): void;
  stop(): void;
  /** Something was set: it runs shortly after. */
  changed(): void;
  /** Shows what is there of another photo: that photo, and no result of an earlier one. */
  anew(): Promise<void>;
  /** Computes a node that is not the result, where it is not there. */
  glimpse(node: number): void;
  /** Takes what makes a run shorter, as a step of undo, and runs. */
  shorten(remedy: Remedy): void;
}

export function createRunning({ session, computing, consent, viewer, toasts, show }: RunningParts): Running {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function run(): void {
    clearTimeout(timer);
    const { graph, model } = session;
    const { result } = model;
    if (result === undefined) {
      toasts.show("This graph gives no picture: open it in the editor and connect one.", "error");
      return;
    }
    void computing.run(graph, result, { consent: () => consent.before(graph, result) }).then(() => {
      if (!computing.busy) consent.settle();
      viewer.refresh();
    });
  }

  function changed(): void {
    consent.forget();
    show();
    clearTimeout(timer);
    timer = setTimeout(run, REST);
  }

  return {
    run,
    start() {
      consent.agree();
      run();
    },
    stop() {
      clearTimeout(timer);
      consent.forget();
      computing.stop();
      viewer.refresh();
    },
    changed,
    async anew() {
      clearTimeout(timer);
      consent.forget();
      const forgotten = computing.forget(session.graph);
      show();
      await forgotten;
      viewer.refresh();
    },
    glimpse(node) {
      if (computing.of(String(node)).key !== undefined || computing.busy) return;
      void computing.run(session.graph, String(node), { isResult: false });
    },
    shorten({ remedied }) {
      const shorter = remedied(session.graph);
      if (!shorter) return;
      computing.stop();
      session.replace(withFreePlaces(shorter));
      changed();
    },
  };
}
