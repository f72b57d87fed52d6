/** Loads stored graphs into a litegraph graph and stores them again. */
import { cleanGraph, GraphError } from "../graph/clean";
import { isRecord } from "../graph/json";
import { type StoredGraph, type StoredLink, type StoredNode, type StoredSlot, VERSION } from "../graph/stored";
import { extraOf, type LGraph, type LiteGraphHost, type NodeClass, nodesOf, noteLoaded, plain, registrationOf } from "./host";
import { keeping, NAMES, type Names, noteNames, putBack } from "./kept";
import type { AnyGraph } from "./page";
import { placeholderOf } from "./placeholder";
import { socketType, tidyLinks, whileLoading } from "./slots";

/**
 * Replaces a graph by a stored one, which may be any JSON: it is rebuilt from the fields we know before litegraph sees it, and
 * what other people's nodes, groups and pages store beside those is kept. Nodes of unregistered types are drawn as unknown.
 * Throws an error where `json` is no graph that can be loaded; the graph is then as it was.
 */
export function load(target: AnyGraph, json: unknown): void {
  const graph = target as LGraph;
  const { host } = registrationOf(graph);
  const clean = cleanGraph(json);
  const most = (host as unknown as { MAX_NUMBER_OF_NODES: number }).MAX_NUMBER_OF_NODES;
  if (clean.nodes.length > most)
    throw new GraphError(
      `the graph has ${clean.nodes.length} nodes and litegraph holds ${most}: split it, or raise MAX_NUMBER_OF_NODES`,
    );
  const data = prepared(host, clean);
  const before = save(graph);
  try {
    configure(graph, host, data);
  } catch (error) {
    configure(graph, host, prepared(host, cleanGraph(before)));
    throw new GraphError(`the graph could not be loaded (${error instanceof Error ? error.message : error}): check its nodes`);
  }
  noteLoaded(graph);
  extraOf(graph).extra = numbered(structuredClone(clean.extra));
}

/** A stored graph as litegraph may read it, and what of it is shown otherwise than it is stored. */
interface Prepared {
  readonly data: StoredGraph;
  /** By the node's id, and by the link's. */
  readonly nodes: ReadonlyMap<number, Names>;
  readonly links: ReadonlyMap<number, Names>;
  /** The graphs inside nodes, by the node's id. */
  readonly inside: ReadonlyMap<number, Prepared>;
}

/** `clean` is nobody else's: litegraph's nodes take what is in it for their own. */
function prepared(host: LiteGraphHost, clean: StoredGraph): Prepared {
  const known = host.registered_node_types as unknown as Record<string, NodeClass>;
  const [names, linkNames, inside] = [new Map<number, Names>(), new Map<number, Names>(), new Map<number, Prepared>()];
  const nodes = clean.nodes.map((node) => {
    const Class = Object.hasOwn(known, node.type) ? known[node.type] : undefined;
    if (!Class || Class.placeholderFor !== undefined) return { ...node, type: placeholderOf(host, node.type) };
    const shown = new Map<string, string>();
    names.set(node.id, shown);
    const { subgraph } = node as { subgraph?: unknown };
    if (!isRecord(subgraph) || !Array.isArray(subgraph.nodes)) return harmless(node, shown);
    const inner = prepared(host, cleanGraph(subgraph));
    inside.set(node.id, inner);
    return { ...harmless(node, shown), subgraph: inner.data };
  });
  const links = clean.links.map(([id, from, output, to, input, type]): StoredLink => {
    const shown = harmlessName(type, plain);
    if (shown !== type) linkNames.set(id, new Map([[String(shown), String(type)]]));
    return [id, from, output, to, input, shown];
  });
  return { data: { ...clean, nodes, links }, nodes: names, links: linkNames, inside };
}

function configure(graph: LGraph, host: LiteGraphHost, stored: Prepared): void {
  keeping(host, () => whileLoading(graph, () => graph.configure(stored.data as never)));
  note(graph, stored);
  tidyLinks(graph);
}

/** Tells what names are shown otherwise than they are stored. */
function note(graph: LGraph, { nodes, links, inside }: Prepared): void {
  for (const [id, names] of nodes) noteNames(graph.getNodeById(id) ?? undefined, names);
  for (const [id, names] of links) noteNames(graph.links[id], names);
  for (const [id, inner] of inside) {
    const { subgraph } = (graph.getNodeById(id) ?? {}) as { subgraph?: LGraph };
    if (subgraph) note(subgraph, inner);
  }
}

/**
 * A registered node with nothing that litegraph's menus would write into the page as HTML: they show slots' types and names,
 * and properties' names. A name such as "A<B" is no tag and stays. `shown` takes the names that are changed.
 */
function harmless(node: StoredNode, shown: Map<string, string>): StoredNode {
  const change = <T>(name: T, safe: (text: string) => string): T | string => {
    const now = harmlessName(name, safe);
    if (now !== name) shown.set(String(now), String(name));
    return now;
  };
  const slot = <Slot extends StoredSlot>(stored: Slot): Slot =>
    Object.fromEntries(
      Object.entries(stored).map(([key, value]) => [
        key,
        NAMES.includes(key) ? change(value, key === "type" ? plain : (text) => (hasTag(text) ? plain(text) : text)) : value,
      ]),
    ) as unknown as Slot;
  const { inputs, outputs, properties = {} } = node;
  const named = Object.entries(properties).map(([name, value]) => [
    change(name, (text) => (text.includes("<") ? plain(text) : text)),
    value,
  ]);
  return {
    ...node,
    ...(inputs && { inputs: inputs.map(slot) }),
    ...(outputs && { outputs: outputs.map(slot) }),
    properties: Object.fromEntries(named),
  };
}
const hasTag = (text: string) => text.includes("<") && text.lastIndexOf(">") > text.indexOf("<");
const harmlessName = <T>(name: T, safe: (text: string) => string): T | string => (typeof name === "string" ? safe(name) : name);

/** A graph as plain JSON: what `LGraph.serialize()` writes, with typed arrays as lists and the number of our format. */
export function save(source: AnyGraph): StoredGraph {
  const graph = source as LGraph;
  const stored = listed(putBack(graph, snapshot(graph)));
  return { ...stored, extra: numbered(stored.extra) };
}

/** Places as lists, and links' types as their sockets', in the graphs inside nodes too. */
function listed(stored: Record<string, unknown>): StoredGraph {
  const nodes = (stored.nodes as Record<string, unknown>[]).map((node) => {
    const out = { ...node };
    for (const field of ["pos", "size"]) {
      const pair = node[field] as ArrayLike<number> | undefined;
      if (pair) out[field] = [pair[0], pair[1]];
    }
    if (isRecord(node.subgraph) && Array.isArray(node.subgraph.nodes) && Array.isArray(node.subgraph.links))
      out.subgraph = listed(node.subgraph);
    return out;
  });
  const links = (stored.links as StoredLink[]).map(([id, from, output, to, input, type]) => [
    id,
    from,
    output,
    to,
    input,
    socketType(type),
  ]);
  return { ...stored, nodes, links } as unknown as StoredGraph;
}

/** A graph's `extra` with the number of our format beside what else we keep there, such as its title. */
const numbered = (extra: Readonly<Record<string, unknown>> = {}) => ({
  ...extra,
  sftgan: { ...(extra.sftgan as object | undefined), version: VERSION },
});

/** litegraph forgets what flowed out of every node when it serializes; here that is put back. */
function snapshot(graph: LGraph): Record<string, unknown> {
  const outputs = nodesOf(graph).flatMap((node) => node.outputs ?? []) as { _data?: unknown }[];
  const kept = outputs.map((output) => output._data);
  for (const output of outputs) delete output._data;
  try {
    return JSON.parse(JSON.stringify(graph.serialize())) as Record<string, unknown>;
  } finally {
    outputs.forEach((output, i) => {
      if (kept[i] !== undefined) output._data = kept[i];
    });
  }
}
