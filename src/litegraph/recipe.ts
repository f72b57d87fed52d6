/** What a graph's results depend on: neither titles nor places. */
import { identityOf, withoutBytes } from "../graph/identity";
import { reach } from "../graph/traverse";
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
  const inputs = (node.inputs ?? []).flatMap(({ name, link: id }) => {
    const link = linkOf(graph, id);
    const origin = link && graph.getNodeById(link.origin_id);
    if (!link || !origin) return [];
    const output = origin.outputs?.[link.origin_slot]?.name;
    const foreign = isForeign(origin) ? [origin.mode ?? 0, signature(valueIn(graph, link))] : [];
    return [[name, origin.id, output, ...foreign] as const];
  });
  return identityOf(node.type ?? "", [node.mode ?? 0, withoutBytes(node.properties)], inputs);
}

/** The ids of nodes and of everything they feed. */
export function downstreamOf(graph: LGraph, ids: Iterable<number>): Set<number> {
  const fed = new Map<number, number[]>();
  for (const { origin_id, target_id } of linksOf(graph)) {
    const own = fed.get(origin_id);
    if (own) own.push(target_id);
    else fed.set(origin_id, [target_id]);
  }
  return reach(ids, (id) => fed.get(id) ?? []);
}
