/** Recipes cut out of a graph, and made into graphs that run by themselves. */

import { embedded, sha256 } from "./file";
import { isRecord, type Json } from "./json";
import type { AnySchema, FileRef } from "./node";
import { type Graph, inOneMessage, opened, parseGraph } from "./parse";
import { type StoredGraph, type StoredLink, type StoredNode, VERSION } from "./stored";
import { flat } from "./subgraphs";
import { type Recipe, type RecipeNode, readTakes } from "./takes";
import { order } from "./traverse";

/** Bytes of files as base64, by their SHA-256. */
export type Embedded = ReadonlyMap<string, string>;

/** A graph as recipes are cut out of it, one after another. */
export interface Cuttable {
  readonly parsed: Graph;
  readonly titles: ReadonlyMap<string, string | undefined>;
}

export const cuttable = (graph: StoredGraph, definitions: readonly AnySchema[]): Cuttable => ({
  parsed: parseGraph(graph, definitions),
  titles: new Map(opened(graph, definitions).graph.nodes.map((node) => [String(node.id), node.title])),
});

/**
 * The recipe of a node's output, with the files that the graph carries. Throws an error that says what keeps the node from
 * being computed, where something does. Who cuts several hands over what is the same for all.
 */
export function cutRecipe(
  graph: StoredGraph,
  id: number,
  output: string,
  definitions: readonly AnySchema[],
  { parsed, titles }: Cuttable = cuttable(graph, definitions),
): Recipe {
  const { ids, errors } = order(parsed, [String(id)]);
  const [circle] = errors;
  if (circle) throw new Error(`${parsed.get(circle[0])?.title ?? `node ${circle[0]}`} cannot be kept: ${circle[1]}`);
  const at = new Map(ids.map((id, index) => [id, index]));
  const nodes = ids.map((id): RecipeNode => {
    const { title, type, params, inputs, problems } = parsed.get(id)!;
    if (problems.length) throw new Error(`${title} cannot be kept: ${inOneMessage(problems)}`);
    const own = titles.get(id);
    return {
      id: Number(id),
      type,
      ...(own && { title: own }),
      properties: { ...params }, // those with defaults too, lest a default that changes changes an old take
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([name, link]) => [name, [at.get(link.node)!, link.output]] as const),
      ),
    };
  });
  return { nodes, result: [nodes.length - 1, output] };
}

/** The recipe with its files named by their content instead of carried; `filesIn` and `graphOf` put them back. */
export async function withoutData({ nodes, result }: Recipe): Promise<Recipe> {
  const bare = async (value: unknown): Promise<unknown> =>
    isRef(value) && value.data !== undefined
      ? { name: value.name, sha256: value.sha256 ?? (await sha256(embedded(value)!)) }
      : value;
  const stripped = nodes.map(async (node) => ({
    ...node,
    properties: Object.fromEntries(
      await Promise.all(Object.entries(node.properties).map(async ([name, value]) => [name, await bare(value)] as const)),
    ),
  }));
  return { nodes: await Promise.all(stripped), result };
}

/** Whether a property is a file parameter's value. */
export const isRef = (value: unknown): value is FileRef => isRecord(value) && typeof value.name === "string";

/** The files that a graph carries inside itself, in its nodes or those of its takes. */
export async function filesIn(graph: StoredGraph): Promise<Embedded> {
  const found = new Map<string, string>();
  for (const { properties = {} } of [...flat(graph).graph.nodes, ...readTakes(graph).takes.nodes])
    for (const value of Object.values(properties)) {
      if (!isRef(value) || typeof value.data !== "string") continue;
      try {
        found.set(value.sha256 ?? (await sha256(embedded(value)!)), value.data);
      } catch {
        // not base64: its own node says so
      }
    }
  return found;
}

/** Properties whose files are inside again, as far as there are bytes for them. */
export const withData = (properties: Json, files: Embedded): Json =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      const data = isRef(value) && value.sha256 !== undefined ? files.get(value.sha256) : undefined;
      return [name, data === undefined ? value : { ...(value as FileRef), data }];
    }),
  );

/** Where a graph made of a recipe puts its nodes: sources left, one column for each step. */
const COLUMN = 280;
const ROW = 300;
const SIZE = [220, 200] as const;

/** A graph of a recipe's nodes, whose ids `idOf` gives by entry. `files` are put inside. Takes time as its nodes and links do. */
export function graphOf(nodes: readonly RecipeNode[], idOf: (entry: number) => number, files: Embedded = new Map()): StoredGraph {
  const ids = nodes.map((_, entry) => idOf(entry));
  /** By node, then by output: its slot and its links. */
  const outputs = new Map<number, Map<string, { slot: number; links: number[] }>>(ids.map((id) => [id, new Map()]));
  const links: StoredLink[] = [];
  const columns: number[] = [];
  const rows = new Map<number, number>();
  const made = new Map<number, StoredNode>();
  nodes.forEach((node, entry) => {
    const id = ids[entry]!;
    const column = Object.values(node.inputs).reduce((most, [from]) => Math.max(most, columns[from]! + 1), 0);
    const row = rows.get(column) ?? 0;
    columns.push(column);
    rows.set(column, row + 1);
    if (made.has(id)) return; // two entries, one node
    const inputs = Object.entries(node.inputs).map(([name, [from, output]], slot) => {
      const origin = ids[from]!;
      const known = outputs.get(origin)!;
      const end = known.get(output) ?? { slot: known.size, links: [] };
      known.set(output, end);
      links.push([links.length + 1, origin, end.slot, id, slot, 0]);
      end.links.push(links.length);
      return { name, type: 0, link: links.length };
    });
    made.set(id, {
      id,
      type: node.type,
      ...(node.title && { title: node.title }),
      pos: [40 + COLUMN * column, 60 + ROW * row],
      size: SIZE,
      flags: {},
      mode: 0,
      inputs,
      properties: withData(node.properties, files),
    });
  });
  const withOutputs = [...made.values()].map((node) => ({
    ...node,
    outputs: [...outputs.get(node.id)!].map(([name, { links }]) => ({ name, type: 0, links })),
  }));
  return {
    last_node_id: ids.reduce((last, id) => Math.max(last, id), 0),
    last_link_id: links.length,
    nodes: withOutputs,
    links,
    groups: [],
    config: {},
    extra: { sftgan: { version: VERSION } },
    version: 0.4,
  };
}
