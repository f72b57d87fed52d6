/** What of a graph can be kept as a take: pictures that the network made, the likeliest first, and the priors they hang on. */

import { isOff } from "../../graph/modes";
import type { AnySchema, Socket } from "../../graph/node";
import { opened, parseGraph } from "../../graph/parse";
import type { StoredGraph } from "../../graph/stored";
import type { Origin, RecipeNode } from "../../graph/takes";
import { reach } from "../../graph/traverse";
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
  const place = new Map(opened(graph, definitions).graph.nodes.map((node) => [String(node.id), node.pos?.[0] ?? 0]));
  const fed = new Map<string, string[]>();
  for (const { id, inputs } of parsed.values())
    for (const { node } of Object.values(inputs)) {
      const own = fed.get(node);
      if (own) own.push(id);
      else fed.set(node, [id]);
    }
  const after = (ids: readonly string[]) => reach(ids, (id) => fed.get(id) ?? []);
  const made = after([...parsed.values()].filter(({ type }) => has(types.get(type)?.inputs, "features")).map(({ id }) => id));
  const own = selected === undefined ? undefined : String(selected);
  const afterOwn = after(own === undefined ? [] : [own]);

  const rankOf = (id: string): number => {
    const feeds = fed.get(id) ?? [];
    if (own === id) return 5;
    if (own !== undefined && feeds.includes(own)) return 4;
    if (afterOwn.has(id)) return 3;
    const sinks = feeds.map((other) => types.get(parsed.get(other)!.type)?.sink);
    return sinks.includes("on demand") ? 2 : sinks.includes("always") ? 1 : 0;
  };
  return [...parsed.values()]
    .flatMap((node) => {
      const def = types.get(node.type);
      if (!def || def.sink || isOff(node.mode) || !made.has(node.id)) return [];
      const pictures = socketEntries(def.outputs).filter(([, { type }]) => type === "image");
      const rank = rankOf(node.id);
      return pictures.map(([output]) => ({
        rank,
        x: place.get(node.id) ?? 0,
        result: { id: Number(node.id), output, title: pictures.length > 1 ? `${node.title} · ${output}` : node.title },
      }));
    })
    .sort((a, b) => b.rank - a.rank || b.x - a.x)
    .map(({ result }) => result);
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
