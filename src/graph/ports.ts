/** The nodes by which values come into the graph inside of a node, and go out. */
import { GraphError, LIMITS, lastId } from "./clean";
import { shown } from "./json";
import type { StoredGraph, StoredNode } from "./stored";
import { INPUT, inside, OUTPUT, withInside } from "./subgraphs";

/**
 * The graph with one more input or output of the node that `path` leads to: a slot on it, and a node inside, whose id is `id`. It
 * takes any value. Throws GraphError where there is one of that name, or no such node.
 */
export function withPort(
  graph: StoredGraph,
  path: readonly number[],
  side: "input" | "output",
  name: string,
): { readonly graph: StoredGraph; readonly id: number } {
  const held = inside(graph, path);
  const around = inside(graph, path.slice(0, -1));
  const outer = around?.nodes.find((node) => node.id === path.at(-1));
  if (!held || !around || !outer) throw new GraphError("there is no graph in this node that can be read: choose a subgraph");
  const list = side === "input" ? "inputs" : "outputs";
  const slots = outer[list] ?? [];
  if (slots.some((slot) => slot.name === name))
    throw new GraphError(`the subgraph has an ${side} ${shown(name)} already: choose another name`);
  if (slots.length >= LIMITS.slots)
    throw new GraphError(`the subgraph has ${slots.length} ${list}, and there may be ${LIMITS.slots}: unpack it`);
  const id = lastId(graph.nodes) + 1;
  const corners = held.nodes.map(({ pos = [0, 0], size = [200, 100] }) => [pos[0], pos[0] + size[0], pos[1]] as const);
  const top = Math.min(...corners.map(([, , y]) => y));
  const x =
    side === "input" ? Math.min(...corners.map(([left]) => left)) - 220 : Math.max(...corners.map(([, right]) => right)) + 60;
  const end = { name: "", type: 0 };
  const port: StoredNode = {
    ...{
      id,
      type: side === "input" ? INPUT : OUTPUT,
      pos: corners.length ? [x, top] : [0, 0],
      size: [160, 26],
      flags: {},
      mode: 0,
    },
    ...(side === "input" ? { outputs: [{ ...end, links: null }] } : { inputs: [{ ...end, link: null }] }),
    properties: { name, type: 0 },
  };
  const wider = withInside(graph, path, { ...held, last_node_id: id, nodes: [...held.nodes, port] });
  const parent = inside(wider, path.slice(0, -1))!;
  const slot = side === "input" ? { name, type: 0, link: null } : { name, type: 0, links: null };
  const nodes = parent.nodes.map((node) => (node.id === outer.id ? { ...node, [list]: [...slots, slot] } : node));
  return { graph: { ...withInside(wider, path.slice(0, -1), { ...parent, nodes }), last_node_id: id }, id };
}
