/** Which pictures the large view shows for a node: its own outputs, or what flows into it where it has none to draw. */
import { isOff, modeOf } from "../graph/modes";
import type { AnySchema } from "../graph/node";
import type { StoredGraph, StoredLink, StoredNode } from "../graph/stored";
import { asRun } from "../graph/wires";
import { isDrawable } from "../types";
import { socketEntries } from "./catalog";

/** One picture the engine can draw. */
export interface Layer {
  readonly node: string;
  readonly output?: string;
  readonly label: string;
  /** The name of the graph, where it is not the one on the canvas. */
  readonly scope?: string;
}

/** Candidates, the best first: the view shows the first that the engine can draw. */
export interface Layers {
  readonly after: readonly Layer[];
  /** The other side of the slider. */
  readonly before?: readonly Layer[];
}

export type Definitions = (type: string) => AnySchema | undefined;

const title = (node: StoredNode, definition?: AnySchema): string => node.title || definition?.title || node.type;

/** The drawable outputs of a node, in order. */
export function outputsOf(node: StoredNode, definitions: Definitions): Layer[] {
  const definition = definitions(node.type);
  const drawable = socketEntries(definition?.outputs ?? {}).filter(([, socket]) => isDrawable(socket.type));
  return drawable.map(([output]) => ({
    node: String(node.id),
    output,
    label: drawable.length > 1 ? `${title(node, definition)} · ${output}` : title(node, definition),
  }));
}

interface Index {
  readonly byId: ReadonlyMap<number, StoredNode>;
  /** The first link into each input, by `node.slot`. */
  readonly into: ReadonlyMap<string, StoredLink>;
}
const indices = new WeakMap<StoredGraph, Index>();

/** A stored graph never changes: its index is made once. */
function indexOf(graph: StoredGraph): Index {
  const known = indices.get(graph);
  if (known) return known;
  const into = new Map<string, StoredLink>();
  for (const link of graph.links) if (!into.has(`${link[3]}.${link[4]}`)) into.set(`${link[3]}.${link[4]}`, link);
  const index = { byId: new Map(graph.nodes.map((node) => [node.id, node])), into };
  indices.set(graph, index);
  return index;
}

/** What flows into a node's drawable inputs, past nodes that are bypassed, in the order of its sockets. */
export function inputsOf(stored: StoredGraph, { id }: StoredNode, definitions: Definitions): Layer[] {
  const graph = asRun(stored, definitions);
  const { byId, into } = indexOf(graph);
  const node = byId.get(id)!;
  return (node.inputs ?? []).flatMap((slot, index) => {
    const link = into.get(`${node.id}.${index}`);
    const origin = link && byId.get(link[1]);
    const output = link && origin?.outputs?.[link[2]]?.name;
    if (!origin || !isDrawable(slot.type)) return [];
    return outputsOf(origin, definitions).filter((layer) => layer.output === output);
  });
}

/**
 * A node with the outputs `before` and `after` compares them. Any other shows its outputs; one that has none to draw, or is
 * bypassed, shows what flows into it.
 */
export function layersOf(stored: StoredGraph, id: number, definitions: Definitions): Layers | undefined {
  const graph = asRun(stored, definitions);
  const node = indexOf(graph).byId.get(id);
  if (!node) return undefined;
  const outputs = outputsOf(node, definitions);
  const inputs = inputsOf(graph, node, definitions);
  if (modeOf(node) === "bypassed") return inputs.length ? { after: inputs } : undefined;
  const [before, after] = ["before", "after"].map((side) => outputs.find((layer) => layer.output === side));
  if (before && after) {
    // What is compared says more than "before" and "after", but only the node itself knows it has computed them.
    const origin = (side: string): string | undefined =>
      inputs[(node.inputs ?? []).filter((slot) => slot.link != null).findIndex((slot) => slot.name === side)]?.label;
    return {
      before: [{ ...before, label: origin("before") ?? before.label }],
      after: [{ ...after, label: origin("after") ?? after.label }],
    };
  }
  const shown = outputs.length ? outputs : inputs;
  return shown.length ? { after: shown } : undefined;
}

/** Every picture of the graph and of its subgraphs, for "compare with": in the order of the nodes. */
export const allLayers = (graph: StoredGraph, definitions: Definitions): Layer[] =>
  asRun(graph, definitions).nodes.flatMap((node) => (isOff(modeOf(node)) ? [] : outputsOf(node, definitions)));

/** The node to show when nobody has chosen one: a comparison, else a preview, else the last picture. */
export function defaultNode(graph: StoredGraph, definitions: Definitions): number | undefined {
  const rank = (node: StoredNode): number => {
    if (isOff(modeOf(node))) return 0;
    const layers = layersOf(graph, node.id, definitions);
    if (!layers) return 0;
    if (layers.before) return 4;
    const definition = definitions(node.type);
    const picture = socketEntries(definition?.outputs ?? {}).some(([, socket]) => socket.type === "image");
    if (definition?.sink === "always") return picture && inputsOf(graph, node, definitions).length ? 3 : 0;
    return picture ? 1 : 0;
  };
  return asRun(graph, definitions)
    .nodes.map((node) => ({ id: node.id, rank: rank(node), x: node.pos?.[0] ?? 0 }))
    .filter((node) => node.rank > 0)
    .sort((a, b) => b.rank - a.rank || b.x - a.x)[0]?.id;
}
