/**
 * Takes: results that a person has named, kept in a graph's `extra.sftgan.takes` as recipes, not as pixels:
 *
 *     { "nodes": [ { "id": 3, "type": "sftgan/constant-prior", "properties": { "class": "plant" },
 *                    "inputs": { "picture": [0, "image"] } }, … ],
 *       "list": [ { "name": "plant", "result": [5, "image"] }, … ] }
 *
 * All takes share one list of nodes, in which what is equal is there once. An input is fed by an output of an earlier entry, so
 * no recipe goes round in a circle. `id` is the node's in the graph that the take was kept from: that is where it is put back.
 */
import { cleanValue, LIMITS } from "./clean";
import { identityOf } from "./identity";
import { isRecord, type Json, shown } from "./json";
import type { StoredGraph } from "./stored";
import { reach } from "./traverse";

/** Takes in a graph, characters of their JSON, and of a name. */
export const MOST_TAKES = 50;
const MOST_TEXT = 2 ** 21;
export const LONGEST_NAME = 80;

/** An entry of the list of nodes, and the name of its output. */
export type Origin = readonly [node: number, output: string];

export interface RecipeNode {
  readonly id: number;
  readonly type: string;
  /** Absent: the type's. */
  readonly title?: string;
  readonly properties: Json;
  /** By input socket or parameter. */
  readonly inputs: Readonly<Record<string, Origin>>;
}

export interface Take {
  readonly name: string;
  readonly result: Origin;
}

export interface Takes {
  readonly nodes: readonly RecipeNode[];
  readonly list: readonly Take[];
}

/** What one result is made by: its nodes, sources first. */
export interface Recipe {
  readonly nodes: readonly RecipeNode[];
  readonly result: Origin;
}

export const NO_TAKES: Takes = { nodes: [], list: [] };

/** The takes in a graph, which may come from any file, and a message for each that cannot be read. */
export function readTakes({ extra }: Pick<StoredGraph, "extra">): { readonly takes: Takes; readonly problems: string[] } {
  const stored = isRecord(extra.sftgan) ? extra.sftgan.takes : undefined;
  if (stored === undefined) return { takes: NO_TAKES, problems: [] };
  if (!isRecord(stored) || !Array.isArray(stored.nodes) || !Array.isArray(stored.list))
    return {
      takes: NO_TAKES,
      problems: [`the graph's takes are ${shown(stored)}, not a list of nodes and one of takes: they are left out`],
    };
  const problems: string[] = [];
  const nodes: (RecipeNode | string)[] = [];
  for (const node of stored.nodes.slice(0, LIMITS.takes)) nodes.push(cleanNode(node, nodes));
  const list: Take[] = [];
  for (const [index, take] of stored.list.slice(0, MOST_TAKES).entries()) {
    const found = cleanTake(take, nodes);
    if (typeof found === "string") problems.push(`take ${index + 1} is left out: ${found}`);
    else list.push(found);
  }
  if (stored.list.length > MOST_TAKES)
    problems.push(`the graph has ${stored.list.length} takes and at most ${MOST_TAKES} are kept: the rest are left out`);
  return { takes: pooled(nodes as RecipeNode[], list), problems };
}

/** `extra.sftgan` with these takes; without any where there are none. */
export function withTakes(sftgan: unknown, takes: Takes): Json {
  const { takes: _, ...rest } = isRecord(sftgan) ? sftgan : {};
  return takes.list.length ? { ...rest, takes } : rest;
}

/** With one more take. Throws an error where there is no room for it. */
export function addTake(takes: Takes, name: string, { nodes, result }: Recipe): Takes {
  if (takes.list.length >= MOST_TAKES)
    throw new Error(`there are ${takes.list.length} takes and a graph keeps at most ${MOST_TAKES}: delete one`);
  const first = takes.nodes.length;
  const moved = nodes.map((node) => ({ ...node, inputs: mapOrigins(node.inputs, (from) => from + first) }));
  const all = pooled(
    [...takes.nodes, ...moved],
    [...takes.list, { name: cleanName(name), result: [result[0] + first, result[1]] }],
  );
  const links = all.nodes.reduce((sum, node) => sum + Object.keys(node.inputs).length, 0);
  for (const [count, what, most] of [
    [all.nodes.length, "nodes", LIMITS.takes],
    [links, "links", LIMITS.links],
  ] as const)
    if (count > most)
      throw new Error(`the takes would have ${count} ${what} and a graph keeps at most ${most} of them: delete one`);
  const { length } = JSON.stringify(all, (key, value) => (key === "data" ? undefined : value)); // files count as the graph's
  if (length > MOST_TEXT)
    throw new Error(`the takes would have ${length} characters and a graph keeps at most ${MOST_TEXT} of them: delete one`);
  return all;
}

export const removeTake = (takes: Takes, index: number): Takes =>
  pooled(
    takes.nodes,
    takes.list.filter((_, i) => i !== index),
  );

export const renameTake = (takes: Takes, index: number, name: string): Takes => ({
  ...takes,
  list: takes.list.map((take, i) => (i === index ? { ...take, name: cleanName(name) } : take)),
});

/** The entries that a result is made by, sources first. */
export function entriesOf(nodes: readonly RecipeNode[], result: Origin): number[] {
  const needed = reach([result[0]], (entry) => Object.values(nodes[entry]!.inputs).map(([from]) => from));
  return [...needed].sort((a, b) => a - b);
}

/** What a take is made by, apart from the others. */
export function recipeOf({ nodes }: Pick<Takes, "nodes">, { result }: Take): Recipe {
  const entries = entriesOf(nodes, result);
  const places = new Map(entries.map((entry, at) => [entry, at]));
  const at = (from: number) => places.get(from)!;
  const own = entries.map((entry) => ({ ...nodes[entry]!, inputs: mapOrigins(nodes[entry]!.inputs, at) }));
  return { nodes: own, result: [own.length - 1, result[1]] };
}

/** On one line, of at most `LONGEST_NAME` characters, and never empty. */
const cleanName = (name: string): string =>
  [...name.replace(/[\p{Cc}\s]+/gu, " ").trim()].slice(0, LONGEST_NAME).join("").trim() || "Take";

/** The list without entries that no take needs, and with those that are equal as one. */
function pooled(nodes: readonly RecipeNode[], list: readonly Take[]): Takes {
  const needed = new Set(list.flatMap(({ result }) => entriesOf(nodes, result)));
  const kept: RecipeNode[] = [];
  const known = new Map<string, number>();
  const moved = new Map<number, number>();
  nodes.forEach((node, i) => {
    if (!needed.has(i)) return;
    const own = { ...node, inputs: mapOrigins(node.inputs, (from) => moved.get(from)!) };
    const text = identityOf(own.type, [own.id, own.title, own.properties], feedingOf(own.inputs));
    const at = known.get(text) ?? kept.push(own) - 1;
    known.set(text, at);
    moved.set(i, at);
  });
  return { nodes: kept, list: list.map(({ name, result }) => ({ name, result: [moved.get(result[0])!, result[1]] })) };
}

const feedingOf = (inputs: RecipeNode["inputs"]) => Object.entries(inputs).map(([name, origin]) => [name, ...origin] as const);

const mapOrigins = (inputs: RecipeNode["inputs"], move: (from: number) => number): RecipeNode["inputs"] =>
  Object.fromEntries(Object.entries(inputs).map(([name, [from, output]]) => [name, [move(from), output] as const]));

const isName = (value: unknown): value is string => typeof value === "string" && value !== "" && value.length <= 200;

/** A node, or what is wrong with it. */
function cleanNode(node: unknown, before: readonly (RecipeNode | string)[]): RecipeNode | string {
  if (!isRecord(node)) return `one of its nodes is ${shown(node)}`;
  const { id, type, title, properties = {}, inputs = {} } = node;
  if (!Number.isInteger(id) || (id as number) < 0 || (id as number) > LIMITS.id)
    return `one of its nodes has the id ${shown(id)}`;
  if (!isName(type)) return `one of its nodes has the type ${shown(type)}`;
  if (!isRecord(properties) || !isRecord(inputs)) return `its node ${id} has no properties or inputs that can be read`;
  const origins = Object.entries(cleanValue(inputs, 3) as Json);
  if (origins.length > LIMITS.slots) return `its node ${id} has ${origins.length} inputs`;
  for (const [name, origin] of origins) {
    const wrong = isName(name) ? wrongOrigin(origin, before) : `it has an input called ${shown(name)}`;
    if (wrong) return wrong;
  }
  return {
    id: id as number,
    type,
    ...(isName(title) && { title: title.replace(/\p{Cc}+/gu, " ") }),
    properties: cleanValue(properties, LIMITS.depth) as Json,
    inputs: Object.fromEntries(origins) as RecipeNode["inputs"],
  };
}

function cleanTake(take: unknown, nodes: readonly (RecipeNode | string)[]): Take | string {
  if (!isRecord(take) || typeof take.name !== "string") return `it is ${shown(take)}`;
  return wrongOrigin(take.result, nodes) ?? { name: cleanName(take.name), result: [...(take.result as Origin)] };
}

/** What is wrong with an origin among the entries before it; undefined if nothing is. */
function wrongOrigin(origin: unknown, nodes: readonly (RecipeNode | string)[]): string | undefined {
  const [from, output] = Array.isArray(origin) && origin.length === 2 ? origin : [];
  if (!Number.isInteger(from) || from < 0 || from >= nodes.length || !isName(output))
    return `it names ${shown(origin)}, which is no output of an earlier node`;
  const node = nodes[from]!;
  return typeof node === "string" ? node : undefined;
}
