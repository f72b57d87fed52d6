/** To a node wherever it is: in what is shown, or in a subgraph. */
import type { StoredGraph, StoredNode } from "../../graph/stored";
import { findNode, graphIn, INPUT, inside, OUTPUT } from "../../graph/subgraphs";
import type { GraphDocument } from "../document";
import type { NodeActions } from "../node-actions";

/** Shows the part of the graph that the node is in, and selects it. Throws an error where that cannot be read. */
export function goToNode(document: GraphDocument, nodes: NodeActions, id: number): void {
  const { path } = findNode(document.stored(), id) ?? {};
  if (path && path.join() !== document.path.join()) document.enter(path);
  const node = nodes.byId(String(id));
  if (node) nodes.show([node]);
}

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
