/** To a node wherever it is: in what is shown, or in a subgraph. */
import { findNode } from "../../graph/subgraphs";
import type { GraphDocument } from "../document";
import type { NodeActions } from "../node-actions";

/** Shows the part of the graph that the node is in, and selects it. Throws an error where that cannot be read. */
export function goToNode(document: GraphDocument, nodes: NodeActions, id: number): void {
  const { path } = findNode(document.stored(), id) ?? {};
  if (path && path.join() !== document.path.join()) document.enter(path);
  const node = nodes.byId(String(id));
  if (node) nodes.show([node]);
}
