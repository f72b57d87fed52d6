/** Running and stopping, and what the status bar says of it. */
import type { RunReport } from "../browser/protocol";
import type { Attachment } from "../litegraph/attachment";
import type { StatusBar } from "./status";
import { SCOPE as TAKES } from "./takes/computing";
import type { Toasts } from "./toasts";

export interface Runs {
  /** A run that was asked for has not ended, or the engine computes, as when it runs after a change; not while takes are computed. */
  readonly busy: boolean;
  /**
   * Runs, where `consent` is given once that resolves to true. Resolves with undefined where it does not, or the graph could not be
   * read; the user has then been told.
   */
  run(targets?: readonly string[], consent?: () => Promise<boolean>): Promise<RunReport | undefined>;
  stop(): void;
  /** The graph has changed. */
  changed(replaced?: boolean): void;
}

/** `titleOf` names a node for people; `onChange` is called when `busy` has changed. */
export function createRuns(
  runner: Attachment,
  status: StatusBar,
  toasts: Toasts,
  titleOf: (id: string) => string,
  onChange: () => void,
): Runs {
  let busy = false;
  let asked = 0;
  let computing = false;
  let stopped = false;
  /** There was no consent: nothing has run. */
  let declined = false;
  /** The nodes that have failed. */
  const failed = new Set<string>();

  function update(): void {
    const now = asked > 0 || computing;
    if (now === busy) return;
    busy = now;
    if (now) {
      failed.clear();
      status.begin();
    } else {
      const [first, ...more] = failed;
      const failures = first === undefined ? "Done" : `${more.length ? `${failed.size} nodes` : titleOf(first)} failed`;
      if (declined) status.rest();
      else status.end(stopped ? "Stopped" : failures, !stopped && failed.size > 0);
      stopped = false;
      declined = false;
    }
    onChange();
  }

  runner.listen((event) => {
    if (event.kind === "status") computing = event.busy && event.scope !== TAKES;
    if (event.kind === "started") computing = true;
    update();
    if (event.kind === "failed") failed.add(event.node);
    if (event.kind === "notice") event.once ? toasts.once(event.message) : toasts.show(event.message);
    status.event(event);
  });

  return {
    get busy() {
      return busy;
    },
    async run(targets, consent) {
      stopped = false;
      declined = false;
      asked++;
      update();
      try {
        if (consent) {
          status.doing("Estimating the run…"); // nothing runs while a long one is asked about
          if (!(await consent())) declined = true;
          else if (!stopped) status.begin(); // what was thought over is no time of the run
        }
        return stopped || declined ? undefined : await runner.run(targets);
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
    changed(replaced) {
      if (replaced && !busy) status.rest(); // the last run was another graph's
    },
  };
}
