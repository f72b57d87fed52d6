/** A picture that no Save is connected to, saved all the same. No DOM. */
import { withLinks } from "../graph/links";
import type { AnySchema } from "../graph/node";
import type { StoredGraph, StoredLink, StoredNode } from "../graph/stored";
import { paramEntries } from "./catalog";

export const SAVE = "sftgan/save";

/** A graph, and the node in it that makes the file. */
export interface Saving {
  readonly graph: StoredGraph;
  readonly node: string;
}

/** The graph with one more node that saves the picture at an output of `from`; undefined where there is no such node or output. */
export function withSave(stored: StoredGraph, from: number, slot: number, save: AnySchema | undefined): Saving | undefined {
  if (!save || slot < 0) return undefined;
  const id = Math.max(stored.last_node_id, ...stored.nodes.map((node) => node.id)) + 1;
  const linkId = Math.max(stored.last_link_id, ...stored.links.map(([one]) => one), 0) + 1;
  const right = Math.max(...stored.nodes.map(({ pos, size }) => (pos?.[0] ?? 0) + (size?.[0] ?? 200)));
  const node: StoredNode = {
    id,
    type: SAVE,
    pos: [right + 60, stored.nodes.find((one) => one.id === from)?.pos?.[1] ?? 0],
    flags: {},
    inputs: [{ name: "image", type: "image", link: linkId }],
    outputs: [{ name: "file", type: "file", links: null }],
    properties: Object.fromEntries(paramEntries(save.params).map(([name, { default: value }]) => [name, value])),
  };
  const links: StoredLink[] = [...stored.links, [linkId, from, slot, id, 0, "image"]];
  const nodes = withLinks([...stored.nodes, node], links);
  return { graph: { ...stored, last_node_id: id, last_link_id: linkId, nodes, links }, node: String(id) };
}
