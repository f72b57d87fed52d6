/**
 * ComfyUI's subgraphs: a file's `definitions.subgraphs` holds each once, a node whose type is a definition's id is one of its
 * kind. Links inside come from node -10, whose slots are the definition's inputs, and go to -20, its outputs. Here they become
 * litegraph's, in which every node holds a graph of its own.
 * Source: Workflow JSON 1.0, docs.comfy.org/specs/workflow_json.
 */
import { cleanGraph, GraphError, LIMITS } from "./clean";
import { isRecord, type Json, shown } from "./json";
import { withLinks } from "./links";
import type { StoredGraph, StoredNode } from "./stored";
import { INPUT, OUTPUT, SUBGRAPH } from "./subgraphs";

const [FROM_OUTSIDE, TO_OUTSIDE] = [-10, -20];

/** How the type of a node looks whose definition is in the file, or should be. */
export const isDefinitionId = (type: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(type);

export interface Converted {
  readonly graph: StoredGraph;
  /** Why nodes are left as they are, by their ids. */
  readonly refused: ReadonlyMap<number, string>;
}

/** A file's definitions by their ids. */
export function definitionsIn(graph: StoredGraph): ReadonlyMap<string, Json> {
  const { definitions } = graph as { definitions?: unknown };
  const list = isRecord(definitions) && Array.isArray(definitions.subgraphs) ? definitions.subgraphs.filter(isRecord) : [];
  return new Map(list.flatMap((one) => (typeof one.id === "string" ? [[one.id, one]] : [])));
}

/**
 * The graph with ComfyUI's subgraphs as litegraph's, where all that is in them is of types that `knows` knows, and with their
 * definitions left out. The same graph where there is nothing to convert.
 */
export function withoutDefinitions(graph: StoredGraph, knows: (type: string) => boolean): Converted {
  const definitions = definitionsIn(graph);
  const refused = new Map<number, string>();
  const isOne = ({ type }: StoredNode): boolean => definitions.has(type);
  if (!graph.nodes.some(isOne)) return { graph, refused };
  const left = { nodes: LIMITS.nodes as number };
  const nodes = graph.nodes.map((node) => {
    if (!isOne(node)) return node;
    try {
      return converted(node, { definitions, knows, left }, []);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      refused.set(node.id, error.message);
      return node;
    }
  });
  if (nodes.every((node, i) => node === graph.nodes[i])) return { graph, refused };
  if (refused.size) return { graph: { ...graph, nodes }, refused };
  const { definitions: _, ...rest } = graph as StoredGraph & { definitions?: Json };
  const { subgraphs: __, ...others } = _ ?? {};
  return { graph: { ...rest, nodes, ...(Object.keys(others).length > 0 && { definitions: others }) }, refused };
}

interface Place {
  readonly definitions: ReadonlyMap<string, Json>;
  readonly knows: (type: string) => boolean;
  /** How many nodes may still be made: a few definitions can name one another very often. */
  readonly left: { nodes: number };
}

/** A node of a definition's kind as one that holds its graph. `within`: the definitions it is inside of. */
function converted(node: StoredNode, place: Place, within: readonly string[]): StoredNode {
  const definition = place.definitions.get(node.type)!;
  const name = typeof definition.name === "string" && definition.name ? definition.name : node.type;
  if (within.includes(node.type))
    throw new GraphError(`the subgraph ${shown(name)} contains itself, which has no end: save it without itself`);
  if (within.length >= LIMITS.nesting)
    throw new GraphError(`it holds graphs one within another, more than ${LIMITS.nesting} deep: unpack some of them`);
  const own = innerGraph(definition);
  place.left.nodes -= own.nodes.length;
  if (place.left.nodes < 0)
    throw new GraphError(`with what is in it the graph has more than ${LIMITS.nodes} nodes: split the graph`);
  const nodes = own.nodes.map((one) => {
    if (place.definitions.has(one.type)) return converted(one, place, [...within, node.type]);
    if (one.type !== INPUT && one.type !== OUTPUT && !place.knows(one.type))
      throw new GraphError(
        `it is a subgraph with a node of type ${shown(one.type)}: install the plugin it comes from, or delete it`,
      );
    return one;
  });
  return { ...node, type: SUBGRAPH, title: node.title || name, subgraph: { ...own, nodes } } as StoredNode;
}

/** A definition's graph, with nodes by which values come in and go out. */
function innerGraph(definition: Json): StoredGraph {
  const list = (name: string): Json[] => (Array.isArray(definition[name]) ? definition[name].filter(isRecord) : []);
  const links = list("links").concat(
    Array.isArray(definition.links)
      ? definition.links.filter(Array.isArray).map(([id, origin_id, origin_slot, target_id, target_slot, type]) => ({
          ...{ id, origin_id, origin_slot, target_id, target_slot, type },
        }))
      : [],
  );
  let last = list("nodes").reduce(
    (most, { id }) => (typeof id === "number" && id < LIMITS.id / 2 ? Math.max(most, id) : most),
    0,
  );
  const ports = (side: "inputs" | "outputs") =>
    list(side).map((slot, i) => {
      const box = (definition[side === "inputs" ? "inputNode" : "outputNode"] as Json | undefined)?.bounding;
      const [x, y] = Array.isArray(box) ? (box as number[]) : [0, 0];
      const ends = [{ name: "", type: slot.type ?? 0 }];
      return {
        id: ++last,
        type: side === "inputs" ? INPUT : OUTPUT,
        pos: [x, (y ?? 0) + 80 * i],
        properties: { name: slot.name, type: slot.type },
        ...(side === "inputs" ? { outputs: ends } : { inputs: ends }),
      };
    });
  const [into, outOf] = [ports("inputs"), ports("outputs")];
  const ends = links.map(({ id, origin_id, origin_slot, target_id, target_slot, type }) => {
    const port = (list: readonly { id: number }[], slot: unknown): number | undefined => list[slot as number]?.id;
    const from = origin_id === FROM_OUTSIDE ? [port(into, origin_slot), 0] : [origin_id, origin_slot];
    const to = target_id === TO_OUTSIDE ? [port(outOf, target_slot), 0] : [target_id, target_slot];
    return [id, ...from, ...to, type];
  });
  const graph = cleanGraph({
    ...{ nodes: [...list("nodes"), ...into, ...outOf], groups: definition.groups, config: definition.config },
    links: ends,
  });
  return { ...graph, nodes: withLinks(graph.nodes, graph.links) };
}
