/** What is under way in an engine and what waits for it, one after another: which stops which. */
import type { Scope } from "./protocol";

/** The scope of forecasts, of which the page hears nothing. */
export const FORECAST = "forecast";

/**
 * A run: stopped by a newer run of its scope, or, where that is not the page's graph, by anything asked of that. The making of a
 * file: stopped by `cancel` only. A glance: stopped by a newer one and by a run, of its scope.
 */
export interface Task extends Scope {
  readonly kind: "run" | "save" | "glance";
  readonly stop: AbortController;
}

export class Tasks {
  readonly #all = new Set<Task>();

  get none(): boolean {
    return this.#all.size === 0;
  }

  /** A new one, which stops those that it makes useless. */
  add(kind: Task["kind"], scope: string | undefined): Task {
    for (const other of this.#all) if (isStoppedBy(other, kind, scope)) other.stop.abort();
    const task: Task = { kind, scope, stop: new AbortController() };
    this.#all.add(task);
    return task;
  }

  /** It has ended. */
  delete(task: Task): void {
    this.#all.delete(task);
  }

  cancel(): void {
    for (const { stop } of this.#all) stop.abort();
  }
}

function isStoppedBy(task: Task, kind: Task["kind"], scope: string | undefined): boolean {
  if (task.kind === "save") return false;
  const isAskedByPage = scope === undefined || scope === FORECAST;
  if (task.scope !== scope) return isAskedByPage && task.scope !== undefined && task.kind === "run";
  return kind === "run" || (kind === "glance" && task.kind === "glance");
}
