/** Loads stored graphs into a litegraph graph and stores them again. */
import { cleanGraph, GraphError } from "../graph/clean";
import { type StoredGraph, type StoredLink, type StoredNode, type StoredSlot, VERSION } from "../graph/stored";
import { extraOf, type LGraph, nodesOf, plain, registrationOf } from "./host";
import { socketType, tidyLinks } from "./slots";
import { standIn } from "./unknown";

/**
 * Replaces a graph by a stored one, which may be any JSON: it is rebuilt from the fields we know before litegraph sees it. Nodes
 * of unregistered types are kept and drawn as unknown. Throws one sentence where `json` is no graph that can be loaded; the
 * graph is then as it was.
 */
export function load(graph: LGraph, json: unknown): void {
  const { host } = registrationOf(graph);
  const clean = cleanGraph(json);
  const most = (host as unknown as { MAX_NUMBER_OF_NODES: number }).MAX_NUMBER_OF_NODES;
  if (clean.nodes.length > most)
    throw new GraphError(
      `the graph has ${clean.nodes.length} nodes and litegraph holds ${most}: split it, or raise MAX_NUMBER_OF_NODES`,
    );
  const known = host.registered_node_types;
  const isKnown = (type: string) => Object.hasOwn(known, type) && !(known[type] as { unknownType?: string }).unknownType;
  const data = structuredClone(clean) as unknown as { nodes: StoredNode[]; links: StoredLink[] };
  data.nodes = data.nodes.map((node) => (isKnown(node.type) ? harmless(node) : { ...node, type: standIn(host, node.type) }));
  data.links = data.links.map(([id, from, output, to, input, type]) => [id, from, output, to, input, harmlessType(type)]);

  const before = snapshot(graph);
  try {
    graph.configure(data);
  } catch (error) {
    graph.configure(before);
    throw new GraphError(`the graph could not be loaded (${error instanceof Error ? error.message : error}): check its nodes`);
  }
  tidyLinks(graph);
  extraOf(graph).extra = numbered(structuredClone(clean.extra));
}

/**
 * A registered node with nothing that litegraph's menus would write into the page as HTML: they show slots' types and names,
 * and properties' names. A name such as "A<B" is no tag and stays.
 */
const harmless = (node: StoredNode): StoredNode => {
  const slot = <Slot extends StoredSlot>(stored: Slot): Slot => ({
    ...stored,
    name: hasTag(stored.name) ? plain(stored.name) : stored.name,
    type: harmlessType(stored.type),
  });
  const { inputs, outputs, properties = {} } = node;
  const named = Object.entries(properties).map(([name, value]) => [name.includes("<") ? plain(name) : name, value]);
  return {
    ...node,
    ...(inputs && { inputs: inputs.map(slot) }),
    ...(outputs && { outputs: outputs.map(slot) }),
    properties: Object.fromEntries(named),
  };
};
const hasTag = (text: string) => text.includes("<") && text.lastIndexOf(">") > text.indexOf("<");
const harmlessType = <Type extends string | number>(type: Type) => (typeof type === "string" ? plain(type) : type);

/** A graph as plain JSON: what `LGraph.serialize()` writes, with typed arrays as lists and the number of our format. */
export function save(graph: LGraph): StoredGraph {
  const stored = snapshot(graph) as Record<string, unknown> & {
    nodes: Record<string, unknown>[];
    links: (readonly [number, number, number, number, number, string | number])[];
    extra?: Record<string, unknown>;
  };
  for (const node of stored.nodes)
    for (const field of ["pos", "size"]) {
      const pair = node[field] as ArrayLike<number> | undefined;
      if (pair) node[field] = [pair[0], pair[1]];
    }
  const links = stored.links.map(([id, from, output, to, input, type]) => [id, from, output, to, input, socketType(type)]);
  return { ...stored, links, extra: numbered(stored.extra) } as unknown as StoredGraph;
}

/** A graph's `extra` with the number of our format beside what else we keep there, such as its title. */
const numbered = (extra: Readonly<Record<string, unknown>> = {}) => ({
  ...extra,
  sftgan: { ...(extra.sftgan as object | undefined), version: VERSION },
});

/** litegraph forgets what flowed out of every node when it serializes; here that is put back. */
function snapshot(graph: LGraph): object {
  const outputs = nodesOf(graph).flatMap((node) => node.outputs ?? []) as { _data?: unknown }[];
  const kept = outputs.map((output) => output._data);
  for (const output of outputs) delete output._data;
  try {
    return JSON.parse(JSON.stringify(graph.serialize())) as object;
  } finally {
    outputs.forEach((output, i) => {
      if (kept[i] !== undefined) output._data = kept[i];
    });
  }
}
