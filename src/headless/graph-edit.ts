/** Changes to stored graphs that options of the command line stand for: a node more, a wire elsewhere, a node less. */
import type { AnyNode } from "../graph/node";
import type { StoredGraph, StoredLink, StoredNode, StoredSlot } from "../graph/stored";

/** An output or an input of a node, by name; an output also by its place. */
export interface End {
  readonly node: number;
  readonly slot: string;
}
export interface Start {
  readonly node: number;
  readonly slot: string | number;
}

const placeOf = (slots: readonly StoredSlot[] | undefined, name: string) => slots?.findIndex((slot) => slot.name === name) ?? -1;

/** The graph with a node of this type, and the node's id. It stands below the node `near`. */
export function withNode(
  stored: StoredGraph,
  def: Pick<AnyNode, "type" | "inputs" | "outputs">,
  properties: Readonly<Record<string, unknown>>,
  near: number,
): { readonly stored: StoredGraph; readonly id: number } {
  const id = stored.last_node_id + 1;
  const slots = (sockets: AnyNode["inputs"]) =>
    Object.entries<{ readonly type: string }>(sockets).map(([name, { type }]) => ({ name, type }));
  const [x, y] = stored.nodes.find((node) => node.id === near)?.pos ?? [0, 0];
  const node: StoredNode = {
    id,
    type: def.type,
    pos: [x, y + 240],
    flags: {},
    mode: 0,
    inputs: slots(def.inputs).map((slot) => ({ ...slot, link: null })),
    outputs: slots(def.outputs).map((slot) => ({ ...slot, links: [] })),
    properties,
  };
  return { stored: { ...stored, last_node_id: id, nodes: [...stored.nodes, node] }, id };
}

/** The graph with a wire between two ends, in place of the one that fed the input. An input that is not stored is added. */
export function withLink(stored: StoredGraph, from: Start, to: End, type: string): StoredGraph {
  const outputs = stored.nodes.find(({ id }) => id === from.node)!.outputs;
  const output = typeof from.slot === "number" ? from.slot : Math.max(0, placeOf(outputs, from.slot));
  const target = stored.nodes.find(({ id }) => id === to.node)!;
  const known = placeOf(target.inputs, to.slot);
  const place = known < 0 ? (target.inputs?.length ?? 0) : known;
  const cut = known < 0 ? stored : withoutLinks(stored, ([, , , node, slot]) => node === to.node && slot === known);
  const id = stored.last_link_id + 1;
  const link: StoredLink = [id, from.node, output, to.node, place, type];
  const nodes = cut.nodes.map((node) => {
    const outputs = node.outputs?.map((slot, i) => (i === output ? { ...slot, links: [...(slot.links ?? []), id] } : slot));
    const added = known < 0 ? [...(node.inputs ?? []), { name: to.slot, type, link: id }] : node.inputs;
    const inputs = added?.map((slot) => (slot.name === to.slot ? { ...slot, link: id } : slot));
    return { ...node, ...(node.id === from.node && outputs && { outputs }), ...(node.id === to.node && { inputs }) };
  });
  return { ...cut, last_link_id: id, nodes, links: [...cut.links, link] };
}

/** The graph without a node, and without its wires. */
export function withoutNode(stored: StoredGraph, id: number): StoredGraph {
  const cut = withoutLinks(stored, ([, from, , to]) => from === id || to === id);
  return { ...cut, nodes: cut.nodes.filter((node) => node.id !== id) };
}

function withoutLinks(stored: StoredGraph, goes: (link: StoredLink) => boolean): StoredGraph {
  const gone = new Set(stored.links.filter(goes).map(([id]) => id));
  if (gone.size === 0) return stored;
  const nodes = stored.nodes.map((node) => ({
    ...node,
    ...(node.inputs && {
      inputs: node.inputs.map((slot) => (gone.has(slot.link ?? -1) ? { ...slot, link: null } : slot)),
    }),
    ...(node.outputs && {
      outputs: node.outputs.map((slot) => ({ ...slot, links: slot.links?.filter((id) => !gone.has(id)) ?? [] })),
    }),
  }));
  return { ...stored, nodes, links: stored.links.filter(([id]) => !gone.has(id)) };
}
