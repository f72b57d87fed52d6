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

/** Undefined where all nodes run, and so all wires carry something. */
export function flowOf(graph: LGraph): Flow | undefined {
  if (!nodesOf(graph).some((node) => isOff(modeOf(node as never)))) return undefined;
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
