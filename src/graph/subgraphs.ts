/**
 * litegraph's subgraphs, which are graphs inside of nodes: taken out into the graph that the node is in. What flows in by the
 * node's slots comes from nodes "graph/input" inside, and goes out to "graph/output", by their property `name`. So they are run,
 * and so a person gets to edit them.
 */
import { cleanGraph, GraphError, LIMITS } from "./clean";
import { isRecord, shown } from "./json";
import { withLinks } from "./links";
import { isOff, modeOf } from "./modes";
import type { StoredGraph, StoredLink, StoredNode } from "./stored";

/** The type of litegraph's node that holds a graph, and of the nodes inside by which values come in and go out. */
export const SUBGRAPH = "graph/subgraph";
export const INPUT = "graph/input";
export const OUTPUT = "graph/output";
/** Height of a node's title, and what a frame leaves around nodes. */
const FRAME = { title: 30, margin: 20, head: 44 };
const COLOUR = "#88A";

/** The graph inside of a node, not looked at yet; undefined where it holds none. */
export function graphIn(node: StoredNode): Readonly<Record<string, unknown>> | undefined {
  const { subgraph } = node as { subgraph?: unknown };
  return isRecord(subgraph) && Array.isArray(subgraph.nodes) ? subgraph : undefined;
}

/**
 * The graph inside of the node that a path of ids leads to; undefined where it leads to none that can be read. No path: the graph
 * itself.
 */
export function inside(graph: StoredGraph, [id, ...path]: readonly number[]): StoredGraph | undefined {
  if (id === undefined) return graph;
  const node = graph.nodes.find((one) => one.id === id);
  const held = node && graphIn(node);
  try {
    return held && inside(cleanGraph(held), path);
  } catch {
    return undefined;
  }
}

/** The graph with `inner` in the node that a path of ids leads to. Throws GraphError where it leads to none. */
export function withInside(graph: StoredGraph, [id, ...path]: readonly number[], inner: StoredGraph): StoredGraph {
  if (id === undefined) return inner;
  const held = inside(graph, [id]);
  if (!held) throw new GraphError(`node ${id} holds no graph: choose a subgraph`);
  const subgraph = withInside(held, path, inner);
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === id ? { ...node, subgraph } : node)) };
}

/** A node by its id, wherever it is, and the nodes it is in by their ids, the outermost first. */
export function findNode(
  graph: StoredGraph,
  id: number,
): { readonly node: StoredNode; readonly path: readonly number[] } | undefined {
  const node = graph.nodes.find((one) => one.id === id);
  if (node) return { node, path: [] };
  for (const outer of graph.nodes) {
    const held = graphIn(outer) && inside(graph, [outer.id]);
    const found = held && findNode(held, id);
    if (found) return { node: found.node, path: [outer.id, ...found.path] };
  }
  return undefined;
}

/** The graph with a node changed, wherever it is. */
export function withNode(graph: StoredGraph, id: number, change: (node: StoredNode) => StoredNode): StoredGraph {
  const { path } = findNode(graph, id) ?? {};
  const held = path && inside(graph, path);
  if (!held) return graph;
  return withInside(graph, path, { ...held, nodes: held.nodes.map((node) => (node.id === id ? change(node) : node)) });
}

/** The graph with values in the place of some of a node's parameters, wherever it is. */
export const withValues = (graph: StoredGraph, id: number, values: Readonly<Record<string, unknown>>): StoredGraph =>
  withNode(graph, id, (node) => ({ ...node, properties: { ...node.properties, ...values } }));

/** The graph with each of its nodes changed, those in subgraphs too. */
export function withNodes(graph: StoredGraph, change: (node: StoredNode) => StoredNode): StoredGraph {
  const nodes = graph.nodes.map((node) => {
    const held = graphIn(node) && inside({ ...graph, nodes: [node] }, [node.id]);
    return change(held ? ({ ...node, subgraph: withNodes(held, change) } as StoredNode) : node);
  });
  return { ...graph, nodes };
}

/**
 * The graph with no id twice, the graphs inside of its nodes included: nodes inside get others where theirs are taken. So each has
 * the same one wherever it is shown, and as it runs. Inside of a node that cannot be read nothing changes.
 */
export function withOwnIds(graph: StoredGraph): StoredGraph {
  const used = new Set(graph.nodes.map(({ id }) => id));
  let last = graph.last_node_id;
  const fresh = (): number => {
    if (last >= LIMITS.id) last = 0;
    do last++;
    while (used.has(last));
    return last;
  };
  const renumbered = (node: StoredNode): StoredNode => {
    const held = graphIn(node) && inside({ ...graph, nodes: [node] }, [node.id]);
    if (!held) return node;
    const ids = new Map(held.nodes.map(({ id }) => [id, used.has(id) ? fresh() : id]));
    for (const id of ids.values()) used.add(id);
    const isSame = [...ids].every(([was, id]) => was === id);
    const nodes = held.nodes.map((one) => {
      const deep = renumbered(one);
      return isSame ? deep : { ...deep, id: ids.get(one.id)! };
    });
    if (isSame && nodes.every((one, i) => one === held.nodes[i])) return node;
    const links = held.links.map(
      ([id, from, output, to, input, type]): StoredLink => [id, ids.get(from) ?? from, output, ids.get(to) ?? to, input, type],
    );
    return { ...node, subgraph: { ...held, nodes, links } } as StoredNode;
  };
  const nodes = graph.nodes.map(renumbered);
  return nodes.every((node, i) => node === graph.nodes[i]) ? graph : { ...graph, last_node_id: last, nodes };
}

/** Where a value comes from. */
type Source = readonly [node: number, slot: number, type: string | number];

/**
 * The graph with the nodes inside of node `id` in its place, under fresh ids where theirs are taken, joined as they were, in a
 * frame with its title; what stands to the right of it makes room. `ids` are theirs. Nodes of one that is muted or bypassed are so too; where it
 * `staysOff` it stays as well, without them: what it hands on, or does not, is by its own inputs and outputs. Throws GraphError where the node holds
 * no graph that can be read.
 */
export function unpacked(
  graph: StoredGraph,
  id: number,
  staysOff = false,
): { readonly graph: StoredGraph; readonly ids: readonly number[] } {
  const node = graph.nodes.find((one) => one.id === id);
  const held = node && graphIn(node);
  if (!node || !held) throw new GraphError(`node ${id} holds no graph: choose a subgraph`);
  const inner = cleanGraph(held);
  const byId = new Map(inner.nodes.map((one) => [one.id, one]));
  const isPort = (one: StoredNode | undefined, type: string | undefined): one is StoredNode => one?.type === type;
  const nameOf = ({ properties = {} }: StoredNode): string => shown(properties.name);
  const moved = inner.nodes.filter(({ type }) => type !== INPUT && type !== OUTPUT);

  let nextId = Math.max(graph.last_node_id, ...[...graph.nodes, ...inner.nodes].map((one) => one.id), 0);
  let linkId = Math.max(graph.last_link_id, ...graph.links.map(([link]) => link), 0);
  const taken = new Set(graph.nodes.map((one) => one.id));
  const ids = new Map(moved.map((one) => [one.id, taken.has(one.id) ? ++nextId : one.id]));
  const slotOf = (list: "inputs" | "outputs", port: StoredNode): number =>
    (node[list] ?? []).findIndex(({ name }) => shown(name) === nameOf(port));
  const into = new Map(graph.links.filter(([, , , to]) => to === id).map((link) => [link[4], link]));
  const outOf = (slot: number) => graph.links.filter(([, from, output]) => from === id && output === slot);

  /** What feeds a link inside: a node that was inside, or what feeds the node from outside. */
  const sourceOf = ([, from, slot, , , type]: StoredLink): Source | undefined => {
    const origin = byId.get(from);
    if (!isPort(origin, INPUT)) return ids.has(from) ? [ids.get(from)!, slot, type] : undefined;
    const outer = into.get(slotOf("inputs", origin));
    return outer && [outer[1], outer[2], outer[5]];
  };
  const off = isOff(modeOf(node));
  const stays = staysOff && off;
  const links = graph.links.filter(([, from, , to]) => stays || (from !== id && to !== id));
  const join = (source: Source | undefined, to: number, input: number): void => {
    if (source) links.push([++linkId, source[0], source[1], to, input, source[2]]);
  };
  for (const link of inner.links) {
    const target = byId.get(link[3]);
    if (isPort(target, OUTPUT))
      for (const [, , , to, input] of stays ? [] : outOf(slotOf("outputs", target))) join(sourceOf(link), to, input);
    else if (ids.has(link[3])) join(sourceOf(link), ids.get(link[3])!, link[4]);
  }

  const boxes = moved.map(({ pos = [0, 0], size = [200, 100] }) => [
    pos[0],
    pos[1] - FRAME.title,
    pos[0] + size[0],
    pos[1] + size[1],
  ]);
  const edge = (at: number, most: (...all: number[]) => number): number =>
    boxes.length ? most(...boxes.map((box) => box[at]!)) : 0;
  const [left, top, right, bottom] = [edge(0, Math.min), edge(1, Math.min), edge(2, Math.max), edge(3, Math.max)];
  const [x, y] = node.pos ?? [0, 0];
  const [dx, dy] = [x - left, y - FRAME.title - top];
  const room = Math.max(0, right - left - (node.size?.[0] ?? 0) + FRAME.margin);
  const placed = moved.map((one) => ({
    ...one,
    id: ids.get(one.id)!,
    pos: [(one.pos?.[0] ?? 0) + dx, (one.pos?.[1] ?? 0) + dy] as const,
    ...(off && { mode: node.mode! }),
  }));
  const others = graph.nodes
    .flatMap((one) => (one !== node ? [one] : stays ? [{ ...one, subgraph: undefined } as StoredNode] : []))
    .map((one) => (one.pos && one.pos[0] > x ? { ...one, pos: [one.pos[0] + room, one.pos[1]] as const } : one));
  const groups = inner.groups.filter(isRecord).map((group) => {
    const [gx, gy, ...size] = group.bounding as [number, number, number, number];
    return { ...group, bounding: [gx + dx, gy + dy, ...size] };
  });
  const frame = {
    title: node.title || "Subgraph",
    bounding: [
      x - FRAME.margin,
      y - FRAME.title - FRAME.head + 10,
      right - left + 2 * FRAME.margin,
      bottom - top + FRAME.head + FRAME.margin,
    ],
    color: COLOUR,
  };
  return {
    graph: {
      ...graph,
      last_node_id: nextId,
      last_link_id: linkId,
      nodes: withLinks([...others, ...placed], links),
      links,
      groups: [...graph.groups, ...(moved.length ? [frame] : []), ...groups],
    },
    ids: [...ids.values()],
  };
}

export interface Flat {
  readonly graph: StoredGraph;
  /** The node that each node was in, by its id: of one that was two deep a node which was taken out too. */
  readonly owners: ReadonlyMap<number, StoredNode>;
  /** Why graphs inside of nodes are left there, by the node's id. */
  readonly refused: ReadonlyMap<number, string>;
}

/**
 * All graphs inside of nodes taken out, those that `opens` says. One that cannot be read stays as it is. As it runs, what is off
 * stays too, and hands on what it does by its own inputs and outputs: `staysOff`.
 */
export function flat(graph: StoredGraph, opens: (node: StoredNode) => boolean = () => true, staysOff = false): Flat {
  const owners = new Map<number, StoredNode>();
  const refused = new Map<number, string>();
  let count = 0;
  let now = graph;
  for (;;) {
    const next = now.nodes.find((node) => graphIn(node) && !refused.has(node.id) && opens(node));
    if (!next) return { graph: now, owners, refused };
    try {
      if (++count > LIMITS.subgraphs)
        throw new GraphError(`the graph holds more than ${LIMITS.subgraphs} subgraphs: unpack some, or split the graph`);
      const { graph: opened, ids } = unpacked(now, next.id, staysOff);
      if (opened.nodes.length > LIMITS.nodes)
        throw new GraphError(
          `with its nodes the graph has ${opened.nodes.length}; at most ${LIMITS.nodes} are run: split the graph`,
        );
      for (const id of ids) owners.set(id, next);
      now = opened;
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      refused.set(next.id, `what is in this subgraph does not run: ${error.message}`);
    }
  }
}
