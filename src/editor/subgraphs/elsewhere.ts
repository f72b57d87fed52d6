/** The nodes of a stored graph that are not in the part of it which is shown. No DOM. */
import type { StoredGraph, StoredNode } from "../../graph/stored";
import { graphIn, INPUT, inside, OUTPUT } from "../../graph/subgraphs";

export interface Placed {
  readonly node: StoredNode;
  /** The title of the subgraph that it is in; undefined in the outermost graph. */
  readonly within: string | undefined;
}

/** The nodes that are not in the part that `path` leads to, but for the ends of subgraphs. */
export function nodesElsewhere(graph: StoredGraph, path: readonly number[]): Placed[] {
  const found: Placed[] = [];
  const walk = (held: StoredGraph, at: readonly number[], within: string | undefined): void => {
    for (const node of held.nodes) {
      if (at.join() !== path.join() && node.type !== INPUT && node.type !== OUTPUT) found.push({ node, within });
      const inner = graphIn(node) && inside({ ...held, nodes: [node] }, [node.id]);
      if (inner) walk(inner, [...at, node.id], node.title || "Subgraph");
    }
  };
  walk(graph, [], undefined);
  return found;
}
