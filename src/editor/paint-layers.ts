/** What a painter sees: the photo its prior is for, the picture that comes of it, and the prior itself. */
import type { StoredGraph, StoredNode } from "../graph/stored";
import { asRun } from "../graph/wires";
import { paramEntries, socketEntries } from "./catalog";
import { type Definitions, inputsOf, type Layer, outputsOf } from "./layers";

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
  for (const wave of waves(graph, start, "before")) {
    const found = wave.flatMap((node) => inputsOf(graph, node, definitions)).find(isImage);
    if (found) return found;
  }
  return undefined;
}

/** The first picture after a node that is made of features: the network's result. */
function resultOf(graph: StoredGraph, start: StoredNode, definitions: Definitions): Layer | undefined {
  const [, ...after] = waves(graph, start, "after");
  for (const node of after.flat()) {
    const takesFeatures = socketEntries(definitions(node.type)?.inputs ?? {}).some(([, { type }]) => type === "features");
    const outputs = socketEntries(definitions(node.type)?.outputs ?? {});
    const image = outputs.find(([, { type }]) => type === "image")?.[0];
    const layer = takesFeatures && outputsOf(node, definitions).find(({ output }) => output === image);
    if (layer) return layer;
  }
  return undefined;
}

/** The node, those next to it, those next to these, and so on: each node once, however many ways lead to it. */
function* waves(graph: StoredGraph, start: StoredNode, side: "before" | "after"): Generator<StoredNode[]> {
  const [own, other] = side === "before" ? ([3, 1] as const) : ([1, 3] as const);
  const rest = new Set(graph.nodes);
  for (let wave = [start]; wave.length; ) {
    for (const node of wave) rest.delete(node);
    yield wave;
    const ids = new Set(wave.map(({ id }) => id));
    const next = new Set(graph.links.filter((link) => ids.has(link[own])).map((link) => link[other]));
    wave = [...rest].filter(({ id }) => next.has(id));
  }
}
