/** Deleting nodes so that what they handed on goes on flowing: past each of them as if it were bypassed. */
import type { LGraph, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { wiresOn } from "../wires/flow";

/** Removes nodes, and joins what fed them to what they fed where the types fit. */
export function removeAndJoin(graph: LGraph, nodes: readonly LGraphNode[]): void {
  const gone = new Set(nodes.map((node) => node.id));
  const wires = wiresOn(graph);
  const joins = wires.links.flatMap((link) => {
    const way = gone.has(link[1]) && !gone.has(link[3]) ? wires.way(link, ({ id }) => gone.has(id)) : undefined;
    return way ? [{ from: way.at(-1)![1], output: way.at(-1)![2], to: link[3], input: link[4] }] : [];
  });
  for (const node of nodes) graph.remove(node);
  for (const { from, output, to, input } of joins) {
    const target = graph.getNodeById(to);
    if (target) graph.getNodeById(from)?.connect(output, target, input);
  }
}
