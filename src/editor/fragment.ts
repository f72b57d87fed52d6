/** Copying and pasting parts of a graph, on the stored form: what is pasted passes the same door as an opened file. */
import { withLinks } from "../graph/links";
import type { StoredGraph, StoredLink } from "../graph/stored";

/** The nodes with these ids and the wires between them. */
export function cutOut(graph: StoredGraph, ids: ReadonlySet<number>): StoredGraph {
  const links = graph.links.filter((link) => ids.has(link[1]) && ids.has(link[3]));
  return {
    ...graph,
    nodes: withLinks(
      graph.nodes.filter((node) => ids.has(node.id)),
      links,
    ),
    links,
    groups: [],
    extra: {},
  };
}

/**
 * `graph` with the nodes of `fragment` beside its own, under fresh ids, moved so that their top left corner is at `at`.
 * Returns the new ids too.
 */
export function merge(
  graph: StoredGraph,
  fragment: StoredGraph,
  at: readonly [number, number],
): { graph: StoredGraph; ids: number[] } {
  let nodeId = Math.max(graph.last_node_id, ...graph.nodes.map((node) => node.id), 0);
  let linkId = Math.max(graph.last_link_id, ...graph.links.map((link) => link[0]), 0);
  const nodeIds = new Map(fragment.nodes.map((node) => [node.id, ++nodeId]));
  const inside = fragment.links.filter((link) => nodeIds.has(link[1]) && nodeIds.has(link[3]));
  const left = Math.min(...fragment.nodes.map((node) => node.pos?.[0] ?? 0));
  const top = Math.min(...fragment.nodes.map((node) => node.pos?.[1] ?? 0));
  const nodes = fragment.nodes.map((node) => ({
    ...node,
    id: nodeIds.get(node.id)!,
    pos: [Math.round((node.pos?.[0] ?? 0) - left + at[0]), Math.round((node.pos?.[1] ?? 0) - top + at[1])] as const,
  }));
  const links = inside.map(
    ([, from, output, to, input, type]): StoredLink => [++linkId, nodeIds.get(from)!, output, nodeIds.get(to)!, input, type],
  );
  return {
    graph: {
      ...graph,
      last_node_id: nodeId,
      last_link_id: linkId,
      nodes: [...graph.nodes, ...withLinks(nodes, links)],
      links: [...graph.links, ...links],
    },
    ids: [...nodeIds.values()],
  };
}
