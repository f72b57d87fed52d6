/** What a graph's results depend on: neither titles nor places. */
import type { FileRef } from "../graph/node";
import { signature, valueIn } from "./foreign";
import { isForeign, type LGraph, type LGraphNode, linkOf, linksOf, nodesOf } from "./host";

/** For each of our nodes, by id, what it is and what feeds it, as text. A node's result depends on these of all upstream. */
export type Recipes = ReadonlyMap<number, string>;

export const recipesOf = (graph: LGraph): Recipes =>
  new Map(
    nodesOf(graph)
      .filter((node) => !isForeign(node))
      .map((node): [number, string] => [node.id, recipeOf(graph, node)])
      .sort(([a], [b]) => a - b),
  );

export const sameRecipes = (a: Recipes, b: Recipes): boolean =>
  a.size === b.size && [...a].every(([id, recipe]) => b.get(id) === recipe);

function recipeOf(graph: LGraph, node: LGraphNode): string {
  const withoutCopies = (_: string, value: unknown): unknown =>
    (value as FileRef | null)?.sha256 ? { ...(value as FileRef), data: undefined } : value;
  const inputs = (node.inputs ?? []).flatMap(({ name, link: id }) => {
    const link = linkOf(graph, id);
    const origin = link && graph.getNodeById(link.origin_id);
    if (!link || !origin) return [];
    const output = origin.outputs?.[link.origin_slot]?.name;
    return [[name, origin.id, output, ...(isForeign(origin) ? [origin.mode ?? 0, signature(valueIn(graph, link))] : [])]];
  });
  return JSON.stringify([node.type, node.mode ?? 0, node.properties, inputs], withoutCopies);
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
