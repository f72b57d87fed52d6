/**
 * From one state of a graph to another in place, where they differ in our nodes' own fields only: most steps of undo do, and
 * making all nodes of a large graph anew takes long.
 */
import type { StoredGraph, StoredNode } from "../graph/stored";
import { definitionOf, type LGraph, type LGraphNode, nodesOf } from "./host";

const rest = ({ pos, size, title, properties, ...others }: StoredNode): string => JSON.stringify(others);

/**
 * `before` is the graph as `save` gives it, `after` an earlier such state. False, with nothing done, where they differ in more;
 * fields that `after` has not are left, so whoever calls compares what has become of it, and loads it where it is not the same.
 */
export function patch(graph: LGraph, before: StoredGraph, after: StoredGraph): boolean {
  const { nodes: was, ...graphWas } = before;
  const { nodes: is, ...graphIs } = after;
  if (was.length !== is.length || JSON.stringify(graphWas) !== JSON.stringify(graphIs)) return false;
  const old = new Map(was.map((node) => [node.id, node]));
  const live = new Map(nodesOf(graph).map((node) => [node.id, node]));
  const changed: [LGraphNode, StoredNode][] = [];
  for (const node of is) {
    const [before, now] = [old.get(node.id), live.get(node.id)];
    if (!before || !now) return false;
    if (JSON.stringify(before) === JSON.stringify(node)) continue;
    if (!definitionOf(now) || rest(before) !== rest(node)) return false;
    changed.push([now, node]);
  }
  for (const [node, stored] of changed) node.configure(stored as never);
  const drawn = nodesOf(graph) as LGraphNode[];
  drawn.splice(0, drawn.length, ...is.map(({ id }) => live.get(id)!)); // the last one clicked is drawn last
  return true;
}
