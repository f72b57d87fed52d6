/** Along which wires values flow as modes have it, and past which bypassed nodes. */
import type { LGraph, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { isOff, modeOf } from "../../graph/modes";
import type { AnySchema } from "../../graph/node";
import type { StoredLink, StoredNode } from "../../graph/stored";
import { Wires } from "../../graph/wires";
import { definitionOf, nodesOf } from "../../litegraph/host";

/** A bypassed node, and two of its slots between which it hands a value on. */
export interface Bridge {
  readonly node: LGraphNode;
  readonly input: number;
  readonly output: number;
}

export interface Flow {
  /** The ids of links that carry something. */
  readonly live: ReadonlySet<number>;
  readonly bridges: readonly Bridge[];
}

const isBypassed = (node: StoredNode): boolean => modeOf(node) === "bypassed";

/** A graph on a canvas as the wires of a stored one. */
export function wiresOn(graph: LGraph): Wires {
  const nodes = nodesOf(graph);
  const types = new Map<string, AnySchema | undefined>(nodes.map((node) => [node.type ?? "", definitionOf(node)]));
  const links = Object.values(graph.links).flatMap((link): StoredLink[] =>
    link ? [[link.id, link.origin_id, link.origin_slot, link.target_id, link.target_slot, link.type]] : [],
  );
  return new Wires({ nodes: nodes as unknown as StoredNode[], links }, (type) => types.get(type));
}

/** What a graph's flow follows from: its wires, and its nodes that do not run with their modes and slots. */
interface Known {
  readonly links: object;
  readonly version: number;
  readonly count: number;
  readonly off: readonly unknown[];
  readonly flow: Flow;
}
const known = new WeakMap<LGraph, Known>();

/** Undefined where all nodes run, and so all wires carry something. Made anew only when wires, modes or slots have changed. */
export function flowOf(graph: LGraph): Flow | undefined {
  const off: unknown[] = [];
  for (const node of nodesOf(graph) as LGraphNode[])
    if (isOff(modeOf(node as never))) off.push(node, node.mode, node.inputs?.length, node.outputs?.length);
  if (!off.length) return undefined;
  const { links } = graph;
  const version = (graph as unknown as { _version: number })._version; // litegraph counts what is wired, added and taken away
  const count = Object.keys(links).length;
  const before = known.get(graph);
  const isSame = before && before.links === links && before.version === version && before.count === count;
  if (isSame && before.off.length === off.length && before.off.every((part, i) => part === off[i])) return before.flow;
  const flow = newFlow(graph);
  known.set(graph, { links, version, count, off, flow });
  return flow;
}

function newFlow(graph: LGraph): Flow {
  const wires = wiresOn(graph);
  const live = new Set<number>();
  const bridges = new Map<string, Bridge>();
  for (const link of wires.links) {
    const target = wires.nodes.get(link[3]);
    if (!target || isOff(modeOf(target))) continue;
    const way = wires.way(link, isBypassed);
    const origin = way && wires.nodes.get(way.at(-1)![1]);
    if (!way || !origin || isOff(modeOf(origin))) continue;
    for (const [i, [id, from, output]] of way.entries()) {
      live.add(id);
      const next = way[i + 1];
      const node = next && graph.getNodeById(from);
      if (node) bridges.set(`${from}.${output}`, { node, input: next[4], output });
    }
  }
  return { live, bridges: [...bridges.values()] };
}
