/** What an app shows of its graph: where the photo goes in, the controls, which pictures are looked at, what is saved. No DOM. */
import { endsOf, PHOTO_LOADERS } from "../../engine/ends";
import { type AppMark, marksOf } from "../../graph/app";
import { isOff, modeOf } from "../../graph/modes";
import type { AnySchema, FileRef, Param } from "../../graph/node";
import { type Graph, opened, parseGraph } from "../../graph/parse";
import type { StoredGraph, StoredNode } from "../../graph/stored";
import { findNode, withValues } from "../../graph/subgraphs";
import { order, reach, sourcesOf } from "../../graph/traverse";
import { about } from "../about";
import { paramEntries } from "../catalog";
import { type Definitions, defaultNode, type Layer, type Layers, layersOf, outputsOf } from "../layers";
import { kindOf } from "../params/controls";
import { SAVE, type Saving, withSave } from "../with-save";

/** A file parameter that the photo is given to. */
export interface PhotoPlace {
  readonly node: number;
  readonly param: string;
  readonly accept: string;
}

/** The parameters of one node that the app shows. */
export interface AppGroup {
  readonly node: StoredNode;
  readonly title: string;
  readonly params: readonly string[];
}

export interface AppModel {
  readonly title: string;
  readonly description: string;
  readonly photo?: PhotoPlace | undefined;
  readonly groups: readonly AppGroup[];
  /** The node that a run is for; undefined where the graph gives no picture. */
  readonly result?: string | undefined;
  /** The result, compared with the photo or with what its node compares it with. */
  readonly layers?: Layers | undefined;
  /** What there is to see before there is a result: the photo. */
  readonly first?: Layers | undefined;
  /** The graph with a Save of the result, and that node. */
  readonly saving?: Saving | undefined;
}

const CROP = "sftgan/crop";
/** Of a graph without marks, so many controls at most. */
const MOST_CHOSEN = 6;
/** Of the types of nodes that are missing, so many are named. */
const MOST_NAMED = 5;

export function appOf(given: StoredGraph, definitions: readonly AnySchema[]): AppModel {
  const stored = opened(given, definitions).graph;
  const byType = new Map(definitions.map((one) => [one.type, one]));
  const definition: Definitions = (type) => byType.get(type);
  const marks = marksOf(stored);
  const graph = parseGraph(stored, definitions);
  const result = resultNode(stored, marks?.result, definition);
  const shown = result === undefined ? undefined : layersOf(stored, result, definition);
  const saving = result === undefined ? undefined : saverOf(stored, graph, result, shown, definition);
  const marked = (marks?.controls ?? []).filter((mark) => canShow(stored, graph, mark, definition));
  const photo = photoPlace(stored, marked, saving, definitions);
  const controls = marks ? marked : chosenControls(stored, graph, result, definition);
  return {
    ...about(stored),
    photo,
    groups: grouped(
      stored,
      controls.filter(({ node, param }) => node !== photo?.node || param !== photo.param),
      definition,
    ),
    result: shown?.after[0]?.node,
    ...(shown && seen(stored, graph, shown, photo, definition)),
    saving,
  };
}

/** What keeps a graph from being used as an app, as a message with what to do; undefined: nothing. */
export function obstacleOf(stored: StoredGraph, definitions: readonly AnySchema[]): string | undefined {
  const { result } = appOf(stored, definitions);
  const graph = parseGraph(stored, definitions);
  const needed = result === undefined ? [...graph.keys()] : order(graph, [result]).ids;
  const types = needed.map((id) => graph.get(id)?.type ?? "").filter((type) => !definitions.some((one) => one.type === type));
  const missing = [...new Set(types)].map((type) => `“${type.slice(0, 60)}”`);
  if (missing.length > 0) {
    const named =
      missing.length > MOST_NAMED ? [...missing.slice(0, MOST_NAMED), `${missing.length - MOST_NAMED} more`] : missing;
    return `its picture needs nodes that are not here: ${named.join(", ")}. In the editor they keep their place, and others can be put in it`;
  }
  return result === undefined
    ? "its graph gives no picture: connect one in the editor, such as to a Preview or a Save"
    : undefined;
}

const nodeOf = (stored: StoredGraph, id: number): StoredNode | undefined => stored.nodes.find((node) => node.id === id);
const paramOf = (definition: AnySchema | undefined, name: string): Param | undefined =>
  paramEntries(definition?.params ?? {}).find(([one]) => one === name)?.[1];

/** What a link feeds is set by another node; a value with an editor can be edited where the app has that editor. */
function canShow(stored: StoredGraph, graph: Graph, { node, param }: AppMark, definition: Definitions): boolean {
  const declared = paramOf(definition(nodeOf(stored, node)?.type ?? ""), param);
  const own = graph.get(String(node));
  if (!declared || !own || Object.hasOwn(own.inputs, param)) return false;
  return declared.kind === "file" || !declared.editor || declared.editor === "strokes";
}

/** What is marked; else a comparison or a preview, what is saved, or the last picture there is. */
function resultNode(stored: StoredGraph, marked: number | undefined, definition: Definitions): number | undefined {
  const isDrawn = (id: number): boolean => layersOf(stored, id, definition) !== undefined;
  if (marked !== undefined && isDrawn(marked)) return marked;
  const shown = defaultNode(stored, definition);
  const isForLooks = shown !== undefined && definition(nodeOf(stored, shown)!.type)?.sink === "always";
  const save = stored.nodes.find((node) => node.type === SAVE && !isOff(modeOf(node)) && isDrawn(node.id));
  return isForLooks ? shown : (save?.id ?? shown);
}

/** The file of a photo loader that is marked, else the one that a batch would be given. */
function photoPlace(
  stored: StoredGraph,
  marked: readonly AppMark[],
  saving: AppModel["saving"],
  definitions: readonly AnySchema[],
): PhotoPlace | undefined {
  const placeOf = (id: number): PhotoPlace | undefined => {
    const type = nodeOf(stored, id)?.type ?? "";
    const file = paramEntries(definitions.find((one) => one.type === type)?.params ?? {}).find(([, { kind }]) => kind === "file");
    return PHOTO_LOADERS.includes(type) && file ? { node: id, param: file[0], accept: file[1].accept ?? "" } : undefined;
  };
  for (const { node, param } of marked) if (placeOf(node)?.param === param) return placeOf(node);
  if (!saving) return undefined;
  try {
    return placeOf(Number(endsOf(parseGraph(saving.graph, definitions), [saving.node]).picture));
  } catch {
    return undefined; // there is none, or which of several is for the photo is for marks to say
  }
}

/** The Save that is given the result, or what the result's node compares; where there is none, one more. */
function saverOf(
  stored: StoredGraph,
  graph: Graph,
  result: number,
  shown: Layers | undefined,
  definition: Definitions,
): Saving | undefined {
  const after = shown?.after[0];
  const node = nodeOf(stored, result)!;
  if (!after) return undefined;
  if (node.type === SAVE) return { graph: stored, node: String(result) };
  const declared = definition(node.type);
  // What only shows hands on what it is given.
  const given = declared?.sink === "always" ? graph.get(String(result))?.inputs[after.output ?? ""] : undefined;
  const same = [after, ...(given ? [given] : [])];
  const savers = [...graph.values()].filter(({ type, mode, inputs }) => {
    const from = inputs.image;
    return type === SAVE && mode === "always" && same.some((one) => one.node === from?.node && one.output === from.output);
  });
  if (savers[0]) return { graph: stored, node: savers[0].id };
  const outputs = node.outputs?.map(({ name }) => name) ?? Object.keys(declared?.outputs ?? {});
  const isImage = declared?.outputs[after.output ?? ""]?.type === "image";
  return isImage ? withSave(stored, result, outputs.indexOf(after.output ?? ""), definition(SAVE)) : undefined;
}

/** Of a graph without marks: what is painted, and what is set between two ends in small steps, of the nodes nearest to the result. */
function chosenControls(stored: StoredGraph, graph: Graph, result: number | undefined, definition: Definitions): AppMark[] {
  if (result === undefined) return [];
  const nodes = [...reach([String(result)], (id) => sourcesOf(graph, id))];
  const found = nodes.flatMap((id) =>
    paramEntries(definition(graph.get(id)?.type ?? "")?.params ?? {})
      .filter(([, param]) => param.editor === "strokes" || (kindOf(param) === "range" && (param.step ?? 0) % 1 !== 0))
      .map(([param]): AppMark => ({ node: Number(id), param }))
      .filter((mark) => canShow(stored, graph, mark, definition)),
  );
  return found.slice(0, MOST_CHOSEN);
}

function grouped(stored: StoredGraph, controls: readonly AppMark[], definition: Definitions): AppGroup[] {
  const groups = new Map<number, string[]>();
  for (const { node, param } of controls) groups.set(node, [...(groups.get(node) ?? []), param]);
  return [...groups].flatMap(([id, params]) => {
    const node = nodeOf(stored, id);
    return node ? [{ node, title: node.title || definition(node.type)?.title || node.type, params }] : [];
  });
}

/** A result is compared with the photo it is made of, unless its node compares it. */
function seen(
  stored: StoredGraph,
  graph: Graph,
  { after, before }: Layers,
  photo: PhotoPlace | undefined,
  definition: Definitions,
): Pick<AppModel, "layers" | "first"> {
  const node = photo && cropOf(stored, nodeOf(stored, photo.node)!);
  const own = (node ? outputsOf(node, definition) : []).map((layer): Layer => ({ ...layer, label: "Photo" }));
  const isMadeOf = node && order(graph, [after[0]!.node]).ids.includes(String(node.id)) && after[0]!.node !== String(node.id);
  const compared = before || !isMadeOf ? { after, ...(before && { before }) } : { after: after.map(asResult), before: own };
  return { layers: compared, first: own.length > 0 ? { after: own } : undefined };
}

/** Where all that takes the photo takes a part of it only, the node that gives that part; else the photo's own. */
function cropOf(stored: StoredGraph, photo: StoredNode): StoredNode {
  const takers = new Set(stored.links.filter(([, origin]) => origin === photo.id).map((link) => link[3]));
  const only = takers.size === 1 ? nodeOf(stored, [...takers][0]!) : undefined;
  return only?.type === CROP && !isOff(modeOf(only)) ? cropOf(stored, only) : photo;
}

const asResult = (layer: Layer, index: number): Layer => (index === 0 ? { ...layer, label: "Result" } : layer);

/** What of the photo's place is a file of this person's: not for others. */
export function withoutPhoto(stored: StoredGraph, definitions: readonly AnySchema[]): StoredGraph {
  const { photo } = appOf(stored, definitions);
  if (!photo) return stored;
  const node = findNode(stored, photo.node)?.node;
  if (!node) return stored;
  const param = paramOf(
    definitions.find(({ type }) => type === node.type),
    photo.param,
  )!;
  const value = node.properties?.[photo.param] as FileRef | null | undefined;
  const isShipped = value && !value.sha256 && param.shipped?.includes(value.name);
  return isShipped || !value ? stored : withValues(stored, photo.node, { [photo.param]: param.default });
}
