/** Recipes cut out of a graph, and made into graphs that run by themselves. */

import { embedded, sha256 } from "./file";
import { isRecord, type Json } from "./json";
import type { AnySchema, FileRef } from "./node";
import { inOneMessage, parseGraph } from "./parse";
import { type StoredGraph, type StoredLink, type StoredNode, VERSION } from "./stored";
import { type Recipe, type RecipeNode, readTakes } from "./takes";
import { order } from "./traverse";

/** Bytes of files as base64, by their SHA-256. */
export type Embedded = ReadonlyMap<string, string>;

/**
 * The recipe of a node's output, with the files that the graph carries. Throws a sentence that says what keeps the node from
 * being computed, where something does.
 */
export function cutRecipe(graph: StoredGraph, id: number, output: string, definitions: readonly AnySchema[]): Recipe {
  const parsed = parseGraph(graph, definitions);
  const { ids, errors } = order(parsed, [String(id)]);
  const [circle] = errors;
  if (circle) throw new Error(`${parsed.get(circle[0])?.title ?? `node ${circle[0]}`} cannot be kept: ${circle[1]}`);
  const at = new Map(ids.map((id, index) => [id, index]));
  const titles = new Map(graph.nodes.map((node) => [String(node.id), node.title]));
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

const isRef = (value: unknown): value is FileRef => isRecord(value) && typeof value.name === "string";

/** The files that a graph carries inside itself, in its nodes or those of its takes. */
export async function filesIn(graph: StoredGraph): Promise<Embedded> {
  const found = new Map<string, string>();
  for (const { properties = {} } of [...graph.nodes, ...readTakes(graph).takes.nodes])
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

/** A graph of a recipe's nodes, whose ids `idOf` gives by entry. `files` are put inside. */
export function graphOf(nodes: readonly RecipeNode[], idOf: (entry: number) => number, files: Embedded = new Map()): StoredGraph {
  const ids = nodes.map((_, entry) => idOf(entry));
  const outputs = nodes.map((): string[] => []);
  const links: StoredLink[] = [];
  const columns: number[] = [];
  const rows = new Map<number, number>();
  const made = new Map<number, StoredNode>();
  nodes.forEach((node, entry) => {
    const column = 1 + Math.max(-1, ...Object.values(node.inputs).map(([from]) => columns[from]!));
    const row = rows.get(column) ?? 0;
    columns.push(column);
    rows.set(column, row + 1);
    if (made.has(ids[entry]!)) return; // two entries, one node
    const inputs = Object.entries(node.inputs).map(([name, [from, output]], slot) => {
      const known = outputs[ids.indexOf(ids[from]!)]!;
      if (!known.includes(output)) known.push(output);
      links.push([links.length + 1, ids[from]!, known.indexOf(output), ids[entry]!, slot, 0]);
      return { name, type: 0, link: links.length };
    });
    made.set(ids[entry]!, {
      id: ids[entry]!,
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
    outputs: outputs[ids.indexOf(node.id)]!.map((name, slot) => ({
      name,
      type: 0,
      links: links.filter((link) => link[1] === node.id && link[2] === slot).map(([id]) => id),
    })),
  }));
  return {
    last_node_id: Math.max(0, ...ids),
    last_link_id: links.length,
    nodes: withOutputs,
    links,
    groups: [],
    config: {},
    extra: { sftgan: { version: VERSION } },
    version: 0.4,
  };
}
