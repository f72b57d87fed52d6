/** What a painter sees: the photo its prior is for, the picture that comes of it, and the prior itself. */
import type { StoredGraph, StoredNode } from "../../graph/stored";
import { reach } from "../../graph/traverse";
import { asRun } from "../../graph/wires";
import { paramEntries, socketEntries } from "../catalog";
import { type Definitions, inputsOf, type Layer, outputsOf } from "../layers";

export interface PaintLayers {
  /** The parameter that holds the strokes. */
  readonly param: string;
  readonly prior: Layer;
  readonly photo?: Layer | undefined;
  readonly result?: Layer | undefined;
}

/** Undefined for a node that cannot be painted on. */
export function paintLayersOf(stored: StoredGraph, id: number, definitions: Definitions): PaintLayers | undefined {
  const graph = asRun(stored, definitions);
  const node = graph.nodes.find((node) => node.id === id);
  const definition = node && definitions(node.type);
  const param = paramEntries(definition?.params ?? {}).find(([, { editor }]) => editor === "strokes")?.[0];
  const prior = node && outputsOf(node, definitions)[0];
  if (param === undefined || !prior) return undefined;
  const isImage = (layer: Layer): boolean => {
    const origin = graph.nodes.find((one) => String(one.id) === layer.node);
    const outputs = socketEntries(definitions(origin?.type ?? "")?.outputs ?? {});
    return outputs.some(([name, { type }]) => name === layer.output && type === "image");
  };
  return { param, prior, photo: photoOf(graph, node, definitions, isImage), result: resultOf(graph, node, definitions) };
}

/** The nearest picture before a node: its own picture input, or what its prior was made from. */
function photoOf(
  graph: StoredGraph,
  start: StoredNode,
  definitions: Definitions,
  isImage: (layer: Layer) => boolean,
): Layer | undefined {
  for (const node of nearest(graph, start, "before")) {
    const found = inputsOf(graph, node, definitions).find(isImage);
    if (found) return found;
  }
  return undefined;
}

/** The first picture after a node that is made of features: the network's result. */
function resultOf(graph: StoredGraph, start: StoredNode, definitions: Definitions): Layer | undefined {
  for (const node of nearest(graph, start, "after").slice(1)) {
    const takesFeatures = socketEntries(definitions(node.type)?.inputs ?? {}).some(([, { type }]) => type === "features");
    const outputs = socketEntries(definitions(node.type)?.outputs ?? {});
    const image = outputs.find(([, { type }]) => type === "image")?.[0];
    const layer = takesFeatures && outputsOf(node, definitions).find(({ output }) => output === image);
    if (layer) return layer;
  }
  return undefined;
}

/** The node, those next to it, those next to these, and so on: each node once, however many ways lead to it. */
function nearest(graph: StoredGraph, start: StoredNode, side: "before" | "after"): StoredNode[] {
  const [own, other] = side === "before" ? ([3, 1] as const) : ([1, 3] as const);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const next = new Map<number, number[]>();
  for (const link of graph.links) next.set(link[own], [...(next.get(link[own]) ?? []), link[other]]);
  return [...reach([start.id], (id) => next.get(id) ?? [])].flatMap((id) => byId.get(id) ?? []);
}
