/**
 * Rebuilds any JSON as a stored graph. litegraph's own fields are checked against an allow-list. What other people's nodes,
 * groups and pages store beside them is kept as it is, as plain data: whoever hands a graph to litegraph sees to it that none of
 * that takes the place of a member, see src/litegraph/kept.ts.
 */
import { type AppMarks, withMarks } from "./app";
import { isRecord, type Json, shown } from "./json";
import { type StoredGraph, type StoredLink, type StoredNode, type StoredSlot, VERSION } from "./stored";

/**
 * Larger graphs are refused, here and so everywhere; litegraph itself holds 1,000 nodes. `takes` is of the nodes in all takes,
 * `nesting` of graphs inside of nodes, one within another, and `subgraphs` of those that are run.
 */
export const LIMITS = {
  nodes: 1000,
  links: 20_000,
  takes: 2000,
  slots: 100,
  text: 16 * 2 ** 20,
  depth: 24,
  nesting: 8,
  subgraphs: 200,
  id: 2 ** 31 - 1,
} as const;

/** A graph file that cannot be read; its message is for people. */
export class GraphError extends Error {
  override readonly name = "GraphError";
}

/** Keys that reach an object's prototype or its methods. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isId = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LIMITS.id;

/** Text on one line, of at most `length` characters. */
const oneLine = (text: string, length: number) => text.slice(0, length).replace(/\p{Cc}+/gu, " ");

/** Parses a graph file's text. Throws GraphError. */
export function readGraph(text: string): StoredGraph {
  if (text.length > LIMITS.text)
    throw new GraphError(`the graph has ${text.length} characters; at most ${LIMITS.text} are read: embed fewer files in it`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new GraphError(`the file is not JSON (${oneLine((error as Error).message, 200)}): give a graph saved by the editor`);
  }
  return cleanGraph(json);
}

/** Rebuilds `json` from the fields a stored graph has. Throws GraphError where it is not a graph at all. */
export function cleanGraph(json: unknown): StoredGraph {
  if (!isRecord(json) || !Array.isArray(json.nodes))
    throw new GraphError('this is not a litegraph graph: a graph is a JSON object with a list "nodes"');
  const { nodes, links = [], groups = [] } = json;
  if (!Array.isArray(links)) throw new GraphError(`the graph's "links" are ${shown(links)}: they must be a list`);
  if (nodes.length > LIMITS.nodes)
    throw new GraphError(`the graph has ${nodes.length} nodes; at most ${LIMITS.nodes} are read: split it`);
  if (links.length > LIMITS.links)
    throw new GraphError(`the graph has ${links.length} links; at most ${LIMITS.links} are read: split it`);

  const given = isRecord(json.extra) ? (cleanValue(json.extra, LIMITS.depth) as Json) : {};
  const own = isRecord(given.sftgan) ? given.sftgan : {};
  checkVersion(own.version);
  checkTakes(own.takes);
  const extra = "app" in own ? { ...given, sftgan: withMarks(own, own.app as AppMarks) } : given;

  const seen = new Set<number>();
  const cleanNodes = nodes.map((node, index) => {
    const clean = cleanNode(node, index);
    if (seen.has(clean.id)) throw new GraphError(`two nodes of the graph have the id ${clean.id}: give each one of its own`);
    seen.add(clean.id);
    return clean;
  });
  const cleanLinks = links.filter((link) => link !== null && link !== undefined).map(cleanLink);
  const linkIds = new Set<number>();
  for (const [id] of cleanLinks) {
    if (linkIds.has(id)) throw new GraphError(`two links of the graph have the id ${id}: give each one of its own`);
    linkIds.add(id);
  }
  return {
    last_node_id: lastId(cleanNodes),
    last_link_id: cleanLinks.reduce((last, [id]) => Math.max(last, id), 0),
    nodes: cleanNodes,
    links: cleanLinks,
    groups: Array.isArray(groups) ? groups.filter(isRecord).slice(0, LIMITS.nodes).map(cleanGroup) : [],
    config: isRecord(json.config) ? (cleanValue(json.config, LIMITS.depth) as Json) : {},
    extra,
    version: isNumber(json.version) ? json.version : 0.4,
    ...othersOf(json, GRAPH_FIELDS),
  };
}

/** The largest id of these nodes and of those in the graphs inside them: a new node's is larger. */
export function lastId(nodes: readonly unknown[]): number {
  let last = 0;
  for (const node of nodes) {
    if (!isRecord(node)) continue;
    if (isId(node.id)) last = Math.max(last, node.id);
    if (isRecord(node.subgraph) && Array.isArray(node.subgraph.nodes)) last = Math.max(last, lastId(node.subgraph.nodes));
  }
  return last;
}

/** Throws where a node holds graphs one within another more than `left` deep. */
function checkNesting(node: unknown, left: number, id: number): void {
  if (!isRecord(node) || !isRecord(node.subgraph) || !Array.isArray(node.subgraph.nodes)) return;
  if (left === 0)
    throw new GraphError(
      `node ${id} of the graph holds graphs one within another, more than ${LIMITS.nesting} deep: unpack some of them`,
    );
  for (const inner of node.subgraph.nodes) checkNesting(inner, left - 1, id);
}

function checkVersion(version: unknown): void {
  if (version === undefined) return;
  if (!Number.isSafeInteger(version) || (version as number) < 1)
    throw new GraphError(`the graph's format version is ${shown(version)}: it must be a whole number from 1 to ${VERSION}`);
  if ((version as number) > VERSION)
    throw new GraphError(`the graph has format version ${version}, this program reads up to ${VERSION}: update litegraph-sftgan`);
}

/** All takes together are bounded as a graph is. */
function checkTakes(takes: unknown): void {
  const nodes = isRecord(takes) && Array.isArray(takes.nodes) ? takes.nodes : [];
  if (nodes.length > LIMITS.takes)
    throw new GraphError(`the graph's takes have ${nodes.length} nodes; at most ${LIMITS.takes} are read: delete takes`);
  let links = 0;
  for (const node of nodes) if (isRecord(node) && isRecord(node.inputs)) links += Object.keys(node.inputs).length;
  if (links > LIMITS.links)
    throw new GraphError(`the graph's takes have ${links} links; at most ${LIMITS.links} are read: delete takes`);
}

function cleanNode(node: unknown, index: number): StoredNode {
  if (!isRecord(node)) throw new GraphError(`node ${index + 1} of the graph is ${shown(node)}: it must be an object`);
  if (!isId(node.id))
    throw new GraphError(
      `node ${index + 1} of the graph has the id ${shown(node.id)}: it must be a whole number from 0 to ${LIMITS.id}`,
    );
  if (typeof node.type !== "string" || node.type === "" || node.type.length > 200)
    throw new GraphError(
      `node ${node.id} of the graph has the type ${shown(node.type)}: it must be a name of up to 200 characters`,
    );
  const clean: Record<string, unknown> = { id: node.id, type: node.type };
  if (typeof node.title === "string") clean.title = oneLine(node.title, 200);
  for (const name of ["pos", "size"] as const) {
    const pair = cleanPair(node[name]);
    if (pair) clean[name] = pair;
  }
  for (const name of ["mode", "order", "shape"] as const) if (isId(node[name])) clean[name] = node[name];
  for (const name of ["color", "bgcolor", "boxcolor"] as const)
    if (typeof node[name] === "string" && /^[#\w(),.% -]{1,40}$/.test(node[name])) clean[name] = node[name];
  clean.flags = isRecord(node.flags) ? cleanValue(node.flags, LIMITS.depth) : {};
  for (const name of ["inputs", "outputs"] as const)
    if (Array.isArray(node[name])) clean[name] = node[name].slice(0, LIMITS.slots).map((slot) => cleanSlot(slot, name));
  clean.properties = isRecord(node.properties) ? cleanValue(node.properties, LIMITS.depth) : {};
  checkNesting(node, LIMITS.nesting, node.id);
  const others = { ...othersOf(node, NODE_FIELDS) };
  if (isRecord(node.subgraph)) others.subgraph = cleanValue(node.subgraph, LIMITS.depth + 3 * LIMITS.nesting);
  return { ...clean, ...others } as unknown as StoredNode;
}

/** A place or a size as `[x, y]`; litegraph also writes typed arrays, which are JSON objects `{"0": x, "1": y}`. */
function cleanPair(value: unknown): readonly [number, number] | undefined {
  const [x, y] = Array.isArray(value) ? value : isRecord(value) ? [value[0], value[1]] : [];
  const ok = (n: unknown): n is number => typeof n === "number" && Math.abs(n) < 1e7;
  return ok(x) && ok(y) ? [x, y] : undefined;
}

function cleanSlot(slot: unknown, list: "inputs" | "outputs"): StoredSlot {
  const from = isRecord(slot) ? slot : {};
  const name = typeof from.name === "string" ? from.name.slice(0, 200) : "";
  const type = typeof from.type === "string" ? from.type.slice(0, 200) : isNumber(from.type) ? from.type : 0;
  const shape = { ...(isId(from.shape) && { shape: from.shape }), ...othersOf(from, SLOT_FIELDS) };
  if (list === "inputs") return { name, type, link: isId(from.link) ? from.link : null, ...shape } as StoredSlot;
  return { name, type, links: Array.isArray(from.links) ? from.links.filter(isId) : null, ...shape } as StoredSlot;
}

function cleanLink(link: unknown): StoredLink {
  const fields = Array.isArray(link)
    ? link
    : isRecord(link)
      ? [link.id, link.origin_id, link.origin_slot, link.target_id, link.target_slot, link.type]
      : [];
  const [id, origin, from, target, to, type] = fields;
  if (![id, origin, from, target, to].every(isId))
    throw new GraphError(`a link of the graph is ${shown(link)}: it must be [id, node, output slot, node, input slot, type]`);
  return [id, origin, from, target, to, typeof type === "string" ? type.slice(0, 200) : isNumber(type) ? type : 0] as StoredLink;
}

function cleanGroup(group: Json): Json {
  const bounding = Array.isArray(group.bounding) && group.bounding.length === 4 && group.bounding.every(Number.isFinite);
  return {
    title: typeof group.title === "string" ? group.title.slice(0, 200) : "Group",
    bounding: bounding ? group.bounding : [0, 0, 200, 100],
    ...(typeof group.color === "string" && /^[#\w(),.% -]{1,40}$/.test(group.color) ? { color: group.color } : {}),
    ...othersOf(group, GROUP_FIELDS),
  };
}

/** litegraph's own fields, checked one by one. */
export const GRAPH_FIELDS: readonly string[] = [
  "last_node_id",
  "last_link_id",
  "nodes",
  "links",
  "groups",
  "config",
  "extra",
  "version",
];
export const NODE_FIELDS: readonly string[] = [
  ...["id", "type", "title", "pos", "size", "mode", "order", "shape", "color", "bgcolor", "boxcolor", "flags"],
  ...["inputs", "outputs", "properties"],
];
const SLOT_FIELDS = ["name", "type", "link", "links", "shape"];
export const GROUP_FIELDS: readonly string[] = ["title", "bounding", "color"];

/** What others have stored beside the fields `own`. */
const othersOf = (json: Json, own: readonly string[]): Json =>
  cleanValue(Object.fromEntries(Object.entries(json).filter(([key]) => !own.includes(key))), LIMITS.depth) as Json;

/** JSON rebuilt without the keys that reach prototypes; what lies deeper than `depth` is dropped. */
export function cleanValue(value: unknown, depth: number): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (depth === 0 || typeof value !== "object") return null;
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, depth - 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !FORBIDDEN.has(key))
      .map(([key, item]) => [key, cleanValue(item, depth - 1)]),
  );
}
