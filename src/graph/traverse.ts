/** Walks along the wires of a graph. None recurses, so that a chain may be of any length. */
import type { Graph } from "./parse";

/**
 * What can be reached from `starts`, themselves included, going from each to those that `next` gives: the nearest first, each
 * once.
 */
export function reach<Id>(starts: Iterable<Id>, next: (id: Id) => Iterable<Id>): Set<Id> {
  const reached = new Set(starts);
  for (const id of reached) for (const other of next(id)) reached.add(other); // a set hands out what is added to it on the way
  return reached;
}

/** The nodes that feed a node, once for each input. */
export const sourcesOf = (graph: Graph, id: string): string[] =>
  Object.values(graph.get(id)?.inputs ?? {}).map(({ node }) => node);

/** The ids `targets` need, sources first, and a message for each node that lies on a cycle or is not there. */
export function order(
  graph: Graph,
  targets: readonly string[],
): { readonly ids: string[]; readonly errors: Map<string, string> } {
  const sorted = new Set<string>();
  const errors = new Map<string, string>();
  /** From a target to where the walk is, each with the sources that are still to be visited. */
  const path: { readonly id: string; readonly sources: Iterator<string> }[] = [];
  const onPath = new Set<string>();
  const enter = (id: string) => {
    if (sorted.has(id)) return;
    if (onPath.has(id)) {
      const ids = path.map(({ id }) => id);
      errors.set(id, cycleMessage(graph, [...ids.slice(ids.indexOf(id)), id]));
      return;
    }
    path.push({ id, sources: sourcesOf(graph, id)[Symbol.iterator]() });
    onPath.add(id);
  };
  for (const target of targets) {
    if (graph.has(target)) enter(target);
    else errors.set(target, `the graph has no node ${target}: choose one of ${[...graph.keys()].slice(0, 20).join(", ")}`);
    for (let at = path.at(-1); at; at = path.at(-1)) {
      const { value: source, done } = at.sources.next();
      if (!done && graph.has(source)) enter(source);
      if (!done) continue;
      path.pop();
      onPath.delete(at.id);
      sorted.add(at.id);
    }
  }
  return { ids: [...sorted], errors };
}

function cycleMessage(graph: Graph, ids: readonly string[]): string {
  const titles = ids.map((id) => graph.get(id)!.title.slice(0, 40));
  const shown = titles.length > 7 ? [...titles.slice(0, 3), "…", ...titles.slice(-3)] : titles;
  return `it depends on itself (${shown.join(" → ")}): remove one of these links`;
}
