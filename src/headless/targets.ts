/** Which nodes a command computes, and what is known to be wrong before anything is computed. */
import { order } from "../graph/order";
import { type Graph, inOneMessage } from "../graph/parse";
import { definitionOf } from "./address";

/** Every sink; of one "on demand" what feeds it. Without sinks whatever feeds nothing. None only of an empty graph. */
export function sinks(graph: Graph): string[] {
  const found = new Set<string>();
  for (const node of graph.values()) {
    const sink = definitionOf(node)?.sink;
    if (sink === "always") found.add(node.id);
    if (sink === "on demand") for (const link of Object.values(node.inputs)) found.add(link.node);
  }
  if (found.size > 0) return [...found];
  // Where all nodes feed one another in a circle, each is a target, and says so.
  const feeding = new Set([...graph.values()].flatMap((node) => Object.values(node.inputs).map((link) => link.node)));
  const ends = [...graph.keys()].filter((id) => !feeding.has(id));
  return ends.length > 0 ? ends : [...graph.keys()];
}

/** A sentence by node for what keeps `targets` from being computed. */
export function problems(graph: Graph, targets: readonly string[]): Map<string, string> {
  const { ids, errors } = order(graph, targets);
  for (const id of ids) {
    const found = graph.get(id)!.problems;
    if (found.length > 0) errors.set(id, inOneMessage(found));
  }
  return errors;
}
