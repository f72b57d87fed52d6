/** What of a graph can be kept as a take: pictures that the network made, the likeliest first, and the priors they hang on. */

import { isOff } from "../../graph/modes";
import type { AnySchema, Socket } from "../../graph/node";
import { type Graph, parseGraph } from "../../graph/parse";
import type { StoredGraph } from "../../graph/stored";
import type { Origin, RecipeNode } from "../../graph/takes";
import { order, reach } from "../../graph/traverse";
import { socketEntries } from "../catalog";
import type { Definitions } from "../layers";

/** A picture that a node gives. */
export interface Result {
  readonly id: number;
  readonly output: string;
  readonly title: string;
}

const has = (sockets: Readonly<Record<string, Socket>> | undefined, type: string): boolean =>
  socketEntries(sockets ?? {}).some(([, socket]) => socket.type === type);

/**
 * Pictures made of features. First comes what the selected node gives, shows or feeds, then what is saved, then what is
 * looked at.
 */
export function resultsOf(graph: StoredGraph, definitions: readonly AnySchema[], selected?: number): Result[] {
  const types = new Map(definitions.map((def) => [def.type, def]));
  const parsed = parseGraph(graph, definitions);
  const place = new Map(graph.nodes.map((node) => [String(node.id), node.pos?.[0] ?? 0]));
  const own = selected === undefined ? undefined : String(selected);
  return [...parsed.values()]
    .flatMap((node) => {
      const def = types.get(node.type);
      if (!def || def.sink || isOff(node.mode)) return [];
      const upstream = order(parsed, [node.id]).ids;
      if (!upstream.some((id) => has(types.get(parsed.get(id)!.type)?.inputs, "features"))) return [];
      const pictures = socketEntries(def.outputs).filter(([, { type }]) => type === "image");
      const rank = rankOf(parsed, types, node.id, upstream, own);
      return pictures.map(([output]) => ({
        rank,
        x: place.get(node.id) ?? 0,
        result: { id: Number(node.id), output, title: pictures.length > 1 ? `${node.title} · ${output}` : node.title },
      }));
    })
    .sort((a, b) => b.rank - a.rank || b.x - a.x)
    .map(({ result }) => result);
}

function rankOf(
  graph: Graph,
  types: ReadonlyMap<string, AnySchema>,
  id: string,
  upstream: readonly string[],
  selected: string | undefined,
): number {
  if (selected === id) return 5;
  const feeds = [...graph.values()].filter(({ inputs }) => Object.values(inputs).some((link) => link.node === id));
  if (feeds.some((node) => node.id === selected)) return 4;
  if (selected !== undefined && upstream.includes(selected)) return 3;
  const sinks = feeds.map(({ type }) => types.get(type)?.sink);
  return sinks.includes("on demand") ? 2 : sinks.includes("always") ? 1 : 0;
}

/** The priors that a recipe's result hangs on: where they leave the nodes that make priors, the nearest to the result first. */
export function priorsOf(nodes: readonly RecipeNode[], result: Origin, definitions: Definitions): Origin[] {
  const found = new Map<string, Origin>();
  reach([result[0]], (entry) => {
    const { type, inputs } = nodes[entry]!;
    const def = definitions(type);
    return Object.entries(inputs).flatMap(([name, origin]) => {
      const takesPrior = def && Object.hasOwn(def.inputs, name) && (def.inputs[name] as Socket).type === "prior";
      if (!takesPrior || has(def.outputs, "prior")) return [origin[0]];
      found.set(origin.join(), origin);
      return [];
    });
  });
  return [...found.values()];
}
