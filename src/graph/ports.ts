/** The nodes by which values come into the graph inside of a node, and go out. */
import { GraphError, LIMITS, lastId } from "./clean";
import { shown } from "./json";
import { withLinks } from "./links";
import type { StoredGraph, StoredLink, StoredNode, StoredSlot } from "./stored";
import { INPUT, inside, OUTPUT, withInside } from "./subgraphs";

const SIDES = [
  ["inputs", INPUT],
  ["outputs", OUTPUT],
] as const;

/**
 * The graph with another one in the node that `path` leads to: where an input or output in it has gone, come or been renamed, so
 * has the slot on the node, and what was wired to a slot that has gone is wired no more. Throws GraphError where there is no such
 * node.
 */
export function withPortsOf(graph: StoredGraph, path: readonly number[], inner: StoredGraph): StoredGraph {
  const before = inside(graph, path);
  const whole = withInside(graph, path, inner);
  const around = path.slice(0, -1);
  const changes = SIDES.map(([side, type]) => [side, portNames(before, type), portNames(inner, type)] as const).filter(
    ([, was, is]) => [...was].join() !== [...is].join(),
  );
  const parent = changes.length ? inside(whole, around) : undefined;
  if (!parent) return whole;
  return withInside(
    whole,
    around,
    changes.reduce((now, [side, was, is]) => withSlots(now, path.at(-1)!, side, was, is), parent),
  );
}

/** What inputs or outputs are called, by the ids of the nodes that are them. */
type PortNames = ReadonlyMap<number, string>;

const portNames = (graph: StoredGraph | undefined, type: string): PortNames =>
  new Map(
    graph?.nodes.flatMap(({ id, type: own, properties = {} }) =>
      own === type && typeof properties.name === "string" ? [[id, properties.name] as const] : [],
    ),
  );

function withSlots(graph: StoredGraph, id: number, side: "inputs" | "outputs", was: PortNames, is: PortNames): StoredGraph {
  const [before, after] = [new Set(was.values()), new Set(is.values())];
  const renamed = new Map<string, string>();
  for (const [port, name] of is) {
    const old = was.get(port);
    if (old !== undefined && old !== name && !after.has(old) && !before.has(name)) renamed.set(old, name);
  }
  const gone = [...before].filter((name) => !after.has(name) && !renamed.has(name));
  const slots = graph.nodes.find((node) => node.id === id)?.[side] ?? [];
  const known = new Set([...slots.map(({ name }) => name), ...renamed.values()]);
  const come = [...after].filter((name) => !before.has(name) && !known.has(name)).slice(0, LIMITS.slots - slots.length);
  if (!gone.length && !come.length && !renamed.size) return graph;
  const kept = slots.flatMap((slot, at) => (gone.includes(slot.name) ? [] : [at]));
  const end = side === "inputs" ? { link: null } : { links: null };
  const now: StoredSlot[] = [
    ...kept.map((at) => ({ ...slots[at]!, name: renamed.get(slots[at]!.name) ?? slots[at]!.name })),
    ...come.map((name) => ({ name, type: 0, ...end })),
  ];
  const [node, slot] = side === "inputs" ? ([3, 4] as const) : ([1, 2] as const);
  const links = graph.links.flatMap((link): StoredLink[] => {
    if (link[node] !== id) return [link];
    const at = kept.indexOf(link[slot]);
    const moved: [...StoredLink] = [...link];
    moved[slot] = at;
    return at < 0 ? [] : [moved];
  });
  const nodes = graph.nodes.map((one) => (one.id === id ? withRoutes({ ...one, [side]: now }, renamed) : one));
  return { ...graph, nodes: withLinks(nodes, links), links };
}

/** The points that wires are led through are stored by the name of the input that they end at. */
function withRoutes(node: StoredNode, renamed: ReadonlyMap<string, string>): StoredNode {
  const { routes } = node.flags ?? {};
  if (typeof routes !== "object" || routes === null) return node;
  const names = new Set(node.inputs?.map(({ name }) => name));
  const kept = Object.entries(routes)
    .map(([name, points]) => [renamed.get(name) ?? name, points] as const)
    .filter(([name]) => names.has(name));
  return { ...node, flags: { ...node.flags, routes: Object.fromEntries(kept) } };
}

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
