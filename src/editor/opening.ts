/** What the page begins with: the graph of the last visit, or the first ready one; and what is said of a run that was cut off. */
import { readGraph } from "../graph/clean";
import type { StoredGraph } from "../graph/stored";
import type { Autosave } from "./autosave";
import type { GraphDocument } from "./document";
import type { ReadyGraph } from "./graphs";
import type { Toasts } from "./toasts";

/** `brought` gives the graph that the page's address holds: it takes the place of the other as a step that can be undone. */
export async function openFirstGraph(
  document: GraphDocument,
  autosave: Autosave,
  ready: readonly ReadyGraph[],
  toasts: Toasts,
  brought?: () => StoredGraph,
): Promise<void> {
  const kept = await autosave.restore();
  const isRestored = kept && toasts.attempt(() => document.start(readGraph(kept.text)));
  const first = ready[0];
  if (!isRestored && first) toasts.attempt(() => document.start(first.graph));
  if (brought) toasts.attempt(() => document.replace(brought(), "open a link"));
}

/** `go`: runs again. */
export function sayInterrupted(toasts: Toasts, go: () => void): void {
  toasts.show("The page was loaded again in the midst of a run, which has ended with it.", "info", [{ label: "Go on", act: go }]);
}
