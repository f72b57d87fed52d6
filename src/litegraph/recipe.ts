/** What a graph's results depend on. */
import type { FileRef } from "../graph/node";
import { signature } from "./foreign";
import { isForeign, type LGraph, linksOf, nodesOf } from "./host";
import { foreignInputs } from "./post";

/** Everything the results depend on, as text that is the same for the same results: neither titles nor places. */
export function recipeOf(graph: LGraph): string {
  const ours = nodesOf(graph).filter((node) => !isForeign(node));
  const withoutCopies = (_: string, value: unknown): unknown =>
    (value as FileRef | null)?.sha256 ? { ...(value as FileRef), data: undefined } : value;
  const recipe = [
    ours.map((node) => [node.id, node.type, node.mode ?? 0, node.properties]).sort(([a], [b]) => Number(a) - Number(b)),
    linksOf(graph)
      .map((link) => [
        link.origin_id,
        graph.getNodeById(link.origin_id)?.outputs?.[link.origin_slot]?.name,
        link.target_id,
        graph.getNodeById(link.target_id)?.inputs?.[link.target_slot]?.name,
      ])
      .map(String)
      .sort(),
    [...foreignInputs(graph)].map(([output, value]) => [output, signature(value)]).sort(),
  ];
  return JSON.stringify(recipe, withoutCopies);
}

/** The ids of nodes and of everything they feed. */
export function downstreamOf(graph: LGraph, ids: Iterable<number>): Set<number> {
  const all = new Set(ids);
  const links = linksOf(graph);
  for (let size = -1; size !== all.size; ) {
    size = all.size;
    for (const link of links) if (all.has(link.origin_id)) all.add(link.target_id);
  }
  return all;
}
