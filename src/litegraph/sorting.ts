/** The order in which litegraph runs nodes. */
import type { LGraph } from "./host";

/** Runs what takes out, adds or wires many nodes: litegraph sorts all there are after each, and here once, at the end. */
export function sortedOnce(graph: LGraph, act: () => void): void {
  let isDue = false;
  const own = Object.getOwnPropertyDescriptor(graph, "updateExecutionOrder");
  graph.updateExecutionOrder = () => {
    isDue = true;
  };
  try {
    act();
  } finally {
    if (own) Object.defineProperty(graph, "updateExecutionOrder", own);
    else delete (graph as Partial<LGraph>).updateExecutionOrder;
    if (isDue) graph.updateExecutionOrder();
  }
}
