/**
 * Nodes of a graph put into a subgraph in their place, on the stored form: each wire that came in or went out does so by an input or
 * output of it, one for each value. No DOM.
 */
import { GraphError, LIMITS, lastId } from "../../graph/clean";
import { withLinks } from "../../graph/links";
import type { StoredGraph, StoredLink, StoredNode } from "../../graph/stored";
import { INPUT, OUTPUT, SUBGRAPH } from "../../graph/subgraphs";
import { cutOut } from "../fragment";
import { freePlace } from "../free-place";
import type { Box } from "../wires/geometry";

export interface Packed {
  readonly graph: StoredGraph;
  /** Of the node that holds them. */
  readonly id: number;
}

/** Where ports lie: beside the nodes, one below another. In graph units. */
const PORT = { size: [160, 26], left: 220, right: 60, apart: 70 } as const;
const SIZE = [210, 60] as const;
/** Height of a node's title, above its position. */
const TITLE = 30;
/** Of the nodes that are in the way, so many are named. */
const MOST_NAMED = 3;

/** A value that comes in or goes out: of which node's output, and the links that carry it. */
interface Value {
  readonly from: number;
  readonly slot: number;
  readonly type: string | number;
  readonly links: readonly StoredLink[];
}

/**
 * The graph with the nodes of these ids in a subgraph called `title`; they keep their ids. Throws GraphError where a node that is
 * left out lies between them, where an input or output of the surrounding subgraph is among them, or there are too many wires.
 */
export function packed(graph: StoredGraph, ids: ReadonlySet<number>, title: string): Packed {
  const isIn = (id: number): boolean => ids.has(id);
  const inner = cutOut(graph, ids);
  if (!inner.nodes.length) throw new GraphError("no node is selected: select those that are to go into the subgraph");
  if (inner.nodes.some(({ type }) => type === INPUT || type === OUTPUT))
    throw new GraphError("inputs and outputs of a subgraph stay in it: leave them out of the selection");
  const between = nodesBetween(graph, ids);
  if (between.length) {
    const named = between.slice(0, MOST_NAMED).map((node) => `“${node.title || node.type}”`);
    const more = between.length > MOST_NAMED ? ` and ${between.length - MOST_NAMED} more` : "";
    throw new GraphError(`${named.join(", ")}${more} between these nodes would need the subgraph and feed it: select that too`);
  }
  const node = (id: number): StoredNode => graph.nodes.find((one) => one.id === id)!;
  /** From top to bottom, as the nodes lie that take or give them. */
  const inOrder = (links: readonly StoredLink[], end: 1 | 3): Value[] => {
    const [height, slot] = [(link: StoredLink) => node(link[end]).pos?.[1] ?? 0, (link: StoredLink) => link[end + 1] as number];
    return valuesOf([...links].sort((a, b) => height(a) - height(b) || slot(a) - slot(b)));
  };
  const coming = inOrder(
    graph.links.filter(([, from, , to]) => !isIn(from) && isIn(to)),
    3,
  );
  const going = inOrder(
    graph.links.filter(([, from, , to]) => isIn(from) && !isIn(to)),
    1,
  );
  for (const [values, what] of [
    [coming, "come in"],
    [going, "go out"],
  ] as const)
    if (values.length > LIMITS.slots)
      throw new GraphError(`${values.length} values would ${what}, and there may be ${LIMITS.slots}: select fewer nodes`);

  const inputNames = distinct(coming.map(({ links: [first] }) => node(first![3]).inputs?.[first![4]]?.name ?? "input"));
  const outputNames = distinct(going.map(({ from, slot }) => node(from).outputs?.[slot]?.name ?? "output"));
  let last = Math.max(graph.last_node_id, lastId(graph.nodes));
  const id = ++last;
  let link = Math.max(graph.last_link_id, ...graph.links.map(([one]) => one), 0);
  const corners = inner.nodes.map(
    ({ pos = [0, 0], size = SIZE }) => [pos[0], pos[0] + size[0], pos[1], pos[1] + size[1]] as const,
  );
  const [left, right, top, bottom] = [
    Math.min(...corners.map(([x]) => x)),
    Math.max(...corners.map(([, x]) => x)),
    Math.min(...corners.map(([, , y]) => y)),
    Math.max(...corners.map(([, , , y]) => y)),
  ];
  const port = (side: "in" | "out", at: number, name: string, type: string | number): StoredNode => {
    const slot = { name: "", type };
    return {
      ...{ id: ++last, type: side === "in" ? INPUT : OUTPUT, size: PORT.size, flags: {}, mode: 0, properties: { name, type } },
      pos: [side === "in" ? left - PORT.left : right + PORT.right, top + at * PORT.apart],
      ...(side === "in" ? { outputs: [{ ...slot, links: null }] } : { inputs: [{ ...slot, link: null }] }),
    };
  };
  const ins = coming.map(({ type }, at) => port("in", at, inputNames[at]!, type));
  const outs = going.map(({ type }, at) => port("out", at, outputNames[at]!, type));
  const within: readonly StoredLink[] = [
    ...inner.links,
    ...coming.flatMap(({ links, type }, at) =>
      links.map(([, , , to, input]): StoredLink => [++link, ins[at]!.id, 0, to, input, type]),
    ),
    ...going.map(({ from, slot, type }, at): StoredLink => [++link, from, slot, outs[at]!.id, 0, type]),
  ];
  const others = graph.nodes.filter((one) => !isIn(one.id));
  const boxOf = ({ pos = [0, 0], size = SIZE }: StoredNode): Box => [pos[0], pos[1] - TITLE, size[0], size[1] + TITLE];
  const middle: Box = [(left + right - SIZE[0]) / 2, (top + bottom - SIZE[1]) / 2 - TITLE, SIZE[0], SIZE[1] + TITLE];
  const [x, y] = freePlace(middle, others.map(boxOf));
  const held: StoredGraph = {
    ...inner,
    last_node_id: last,
    last_link_id: link,
    nodes: withLinks([...inner.nodes, ...ins, ...outs], within),
    links: within,
    extra: {},
  };
  const holder = {
    ...{ id, type: SUBGRAPH, title, pos: [Math.round(x), Math.round(y + TITLE)] },
    ...{ size: SIZE, flags: {}, mode: 0, properties: {} },
    inputs: coming.map(({ type }, at) => ({ name: inputNames[at]!, type, link: null })),
    outputs: going.map(({ type }, at) => ({ name: outputNames[at]!, type, links: null })),
    subgraph: held,
  } as unknown as StoredNode;
  const links: readonly StoredLink[] = [
    ...graph.links.filter(([, from, , to]) => !isIn(from) && !isIn(to)),
    ...coming.map(({ from, slot, type }, at): StoredLink => [++link, from, slot, id, at, type]),
    ...going.flatMap(({ links, type }, at) => links.map(([, , , to, input]): StoredLink => [++link, id, at, to, input, type])),
  ];
  return {
    id,
    graph: {
      ...graph,
      last_node_id: last,
      last_link_id: link,
      nodes: withLinks([...others, holder], links),
      links,
      groups: graph.groups.filter((group) => !inner.groups.includes(group as never)),
    },
  };
}

/** Links by the value that they carry, in their order. */
function valuesOf(links: readonly StoredLink[]): Value[] {
  const values = new Map<string, StoredLink[]>();
  for (const link of links) {
    const key = `${link[1]}.${link[2]}`;
    values.set(key, [...(values.get(key) ?? []), link]);
  }
  return [...values.values()].map((carried) => {
    const [, from, slot, , , type] = carried[0]!;
    return { from, slot, type, links: carried };
  });
}

/** "image", "image 2", …: no name twice. */
function distinct(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let count = 2; used.has(free); count++) free = `${name} ${count}`;
    used.add(free);
    return free;
  });
}

/** Nodes beside these that are fed by one of them and feed another. */
function nodesBetween({ nodes, links }: StoredGraph, ids: ReadonlySet<number>): StoredNode[] {
  const reached = (from: 1 | 3, to: 1 | 3): Set<number> => {
    const found = new Set<number>();
    const todo = [...ids];
    for (let id = todo.pop(); id !== undefined; id = todo.pop())
      for (const link of links)
        if (link[from] === id && !ids.has(link[to]) && !found.has(link[to])) {
          found.add(link[to]);
          todo.push(link[to]);
        }
    return found;
  };
  const [after, before] = [reached(1, 3), reached(3, 1)];
  return nodes.filter(({ id }) => after.has(id) && before.has(id));
}
