/** Copying and pasting parts of a graph, on the stored form: what is pasted passes the same door as an opened file. */
import type { StoredGraph, StoredLink, StoredNode } from "../graph/stored";

/** The nodes with these ids and the wires between them. */
export function cutOut(graph: StoredGraph, ids: ReadonlySet<number>): StoredGraph {
  const links = graph.links.filter((link) => ids.has(link[1]) && ids.has(link[3]));
  const kept = new Set(links.map((link) => link[0]));
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => ids.has(node.id)).map((node) => withLinks(node, (id) => (kept.has(id) ? id : undefined))),
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
  const linkIds = new Map(inside.map((link) => [link[0], ++linkId]));
  const left = Math.min(...fragment.nodes.map((node) => node.pos?.[0] ?? 0));
  const top = Math.min(...fragment.nodes.map((node) => node.pos?.[1] ?? 0));
  const nodes = fragment.nodes.map((node) => ({
    ...withLinks(node, (id) => linkIds.get(id)),
    id: nodeIds.get(node.id)!,
    pos: [Math.round((node.pos?.[0] ?? 0) - left + at[0]), Math.round((node.pos?.[1] ?? 0) - top + at[1])] as const,
  }));
  const links = inside.map(
    ([id, from, output, to, input, type]): StoredLink => [
      linkIds.get(id)!,
      nodeIds.get(from)!,
      output,
      nodeIds.get(to)!,
      input,
      type,
    ],
  );
  return {
    graph: {
      ...graph,
      last_node_id: nodeId,
      last_link_id: linkId,
      nodes: [...graph.nodes, ...nodes],
      links: [...graph.links, ...links],
    },
    ids: [...nodeIds.values()],
  };
}

/** The node with each link id replaced, and left out where there is none. */
function withLinks(node: StoredNode, rename: (id: number) => number | undefined): StoredNode {
  return {
    ...node,
    ...(node.inputs && {
      inputs: node.inputs.map((slot) => ({ ...slot, link: slot.link == null ? null : (rename(slot.link) ?? null) })),
    }),
    ...(node.outputs && {
      outputs: node.outputs.map((slot) => ({
        ...slot,
        links: (slot.links ?? []).map(rename).filter((id) => id !== undefined),
      })),
    }),
  };
}
