/** What a painter sees: the photo its prior is for, the picture that comes of it, and the prior itself. */
import type { StoredGraph, StoredNode } from "../graph/stored";
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
export function paintLayersOf(graph: StoredGraph, id: number, definitions: Definitions): PaintLayers | undefined {
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
  return { param, prior, photo: photoOf(graph, node, definitions, isImage), result: resultOf(graph, id, definitions) };
}

/** The nearest picture before a node: its own picture input, or what its prior was made from. */
function photoOf(
  graph: StoredGraph,
  start: StoredNode,
  definitions: Definitions,
  isImage: (layer: Layer) => boolean,
): Layer | undefined {
  const seen = new Set<number>([start.id]);
  let wave = [start];
  while (wave.length) {
    const found = wave.flatMap((node) => inputsOf(graph, node, definitions)).find(isImage);
    if (found) return found;
    wave = wave.flatMap((node) => neighbours(graph, node.id, "before")).filter(({ id }) => !seen.has(id));
    for (const { id } of wave) seen.add(id);
  }
  return undefined;
}

/** The first picture after a node that is made of features: the network's result. */
function resultOf(graph: StoredGraph, start: number, definitions: Definitions): Layer | undefined {
  const seen = new Set<number>([start]);
  for (let wave = neighbours(graph, start, "after"); wave.length; ) {
    for (const node of wave) {
      const takesFeatures = socketEntries(definitions(node.type)?.inputs ?? {}).some(([, { type }]) => type === "features");
      const outputs = socketEntries(definitions(node.type)?.outputs ?? {});
      const image = outputs.find(([, { type }]) => type === "image")?.[0];
      const layer = takesFeatures && outputsOf(node, definitions).find(({ output }) => output === image);
      if (layer) return layer;
      seen.add(node.id);
    }
    wave = wave.flatMap((node) => neighbours(graph, node.id, "after")).filter(({ id }) => !seen.has(id));
  }
  return undefined;
}

function neighbours(graph: StoredGraph, id: number, side: "before" | "after"): StoredNode[] {
  const [own, other] = side === "before" ? ([3, 1] as const) : ([1, 3] as const);
  const ids = new Set(graph.links.filter((link) => link[own] === id).map((link) => link[other]));
  return graph.nodes.filter((node) => ids.has(node.id));
}
