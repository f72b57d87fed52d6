/** Files put inside a graph as base64, as far as a graph file may hold them. */
import type { Engine } from "../browser/protocol";
import { LIMITS } from "../graph/clean";
import { embed } from "../graph/file";
import type { Json } from "../graph/json";
import type { FileRef, Param, Params } from "../graph/node";
import { isRef } from "../graph/recipe";
import type { StoredGraph } from "../graph/stored";
import { findNode, flat, withNode } from "../graph/subgraphs";
import type { Definitions } from "./layers";

export class Embedding {
  /** Names of the files that there is no room for, or that are not here. */
  readonly left: string[];
  readonly #engine: Pick<Engine, "readFile">;
  /** Characters that the graph may still grow by. */
  #room: number;

  /** `left` are names of files that have been left out of the graph before. */
  constructor(graph: StoredGraph, engine: Pick<Engine, "readFile">, left: readonly string[] = []) {
    this.#engine = engine;
    this.#room = LIMITS.text - JSON.stringify(graph).length - 1024;
    this.left = [...left];
  }

  /** A node's properties with the files that are `wanted` inside. */
  async into(properties: Json = {}, wanted: (ref: FileRef, param: string) => boolean): Promise<Record<string, unknown>> {
    const whole: Record<string, unknown> = { ...properties };
    for (const [param, ref] of Object.entries(properties)) {
      if (!isRef(ref) || ref.data !== undefined || !wanted(ref, param)) continue;
      const bytes = await this.#engine.readFile(ref);
      const cost = bytes ? Math.ceil(bytes.length / 3) * 4 + 16 : 0;
      if (bytes && cost <= this.#room) {
        this.#room -= cost;
        whole[param] = embed(ref, bytes);
      } else if (!this.left.includes(ref.name)) this.left.push(ref.name);
    }
    return whole;
  }
}

/** The graph with the files of its nodes' parameters inside, and the names of those left out. */
export async function withFiles(
  graph: StoredGraph,
  definitions: Definitions,
  engine: Pick<Engine, "readFile">,
): Promise<{ graph: StoredGraph; left: readonly string[] }> {
  const embedding = new Embedding(graph, engine);
  let whole = graph;
  for (const { id } of flat(graph).graph.nodes) {
    const { node } = findNode(graph, id) ?? {};
    if (!node) continue;
    const params = (definitions(node.type)?.params ?? {}) as Params;
    const properties = await embedding.into(node.properties, (ref, name) => {
      const param = Object.hasOwn(params, name) ? params[name] : undefined;
      return param?.kind === "file" && !isShipped(param, ref);
    });
    if (Object.entries(properties).some(([name, value]) => node.properties?.[name] !== value))
      whole = withNode(whole, id, (one) => ({ ...one, properties }));
  }
  return { graph: whole, left: embedding.left };
}

const isShipped = (param: Param, ref: FileRef): boolean => !ref.sha256 && Boolean(param.shipped?.includes(ref.name));
