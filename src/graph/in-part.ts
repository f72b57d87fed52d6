/** A result of which a part is looked at before all of it is computed. */
import type { Outputs } from "./cache";
import type { AnyNode } from "./node";
import type { Graph } from "./parse";
import { sourcesOf } from "./traverse";

/** A node's outputs for a preview. `deferred`: computed as they are read, and not cached. */
export interface InPart {
  readonly outputs: Outputs;
  readonly deferred: boolean;
}

/** How a run gives the outputs of its nodes. */
export interface Sources {
  definition(id: string): AnyNode | undefined;
  /** Those that are there. */
  cached(id: string): Outputs | undefined;
  /** All of them, computed and kept as always; undefined where the node fails. */
  computed(id: string): Promise<Outputs | undefined>;
  deferred(def: AnyNode, id: string, outputsOf: (source: string) => Outputs): Promise<Outputs>;
}

/** A node's outputs, deferred where it or what feeds it can defer them; undefined where only computing all gives them. */
export async function inPart(
  graph: Graph,
  id: string,
  from: Sources,
  known = new Map<string, InPart | undefined>(),
): Promise<InPart | undefined> {
  if (known.has(id)) return known.get(id);
  const def = from.definition(id);
  const cached = from.cached(id);
  let found: InPart | undefined;
  if (cached) found = { outputs: cached, deferred: false };
  else if (def) {
    const sources = new Map<string, InPart>();
    for (const source of sourcesOf(graph, id)) {
      const part = await inPart(graph, source, from, known);
      if (!part) return undefined;
      sources.set(source, part);
    }
    if (def.defer) found = { outputs: await from.deferred(def, id, (source) => sources.get(source)!.outputs), deferred: true };
    else if (![...sources.values()].some(({ deferred }) => deferred)) {
      const outputs = await from.computed(id);
      if (outputs) found = { outputs, deferred: false };
    }
  }
  known.set(id, found);
  return found;
}
