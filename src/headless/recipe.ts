/**
 * What `sftgan upscale` makes of every picture, as a graph: graphs/sft-gan.json, graphs/srresnet.json for weights without SFT
 * layers, or a graph of the user's, with a node more for each option. So a result's graph says all that was done.
 */
import sftGan from "../../graphs/sft-gan.json";
import srresnet from "../../graphs/srresnet.json";
import conditionNet from "../../nodes/condition-net";
import constantPrior from "../../nodes/constant-prior";
import loadModel from "../../nodes/load-model";
import loadPrior from "../../nodes/load-prior";
import resize from "../../nodes/resize";
import segment from "../../nodes/segment";
import sftResblocks from "../../nodes/sft-resblocks";
import upsample from "../../nodes/upsample";
import { type Ends, endsOf } from "../engine/ends";
import { cleanGraph } from "../graph/clean";
import type { AnyNode, FileRef } from "../graph/node";
import { opened, parseGraph } from "../graph/parse";
import type { StoredGraph } from "../graph/stored";
import type { CLASSES, Model } from "../types";
import { definitions } from "./catalog";
import { withLink, withNode, withoutNode } from "./graph-edit";
import { withSettings } from "./settings";

/** The shipped weights that `--model` takes the place of. */
const GENERATOR = "sftgan";

/** Weights to use in place of the default ones: the file, and what was found in it. */
export interface Weights {
  readonly file: FileRef;
  readonly model: Pick<Model, "blocks" | "condition">;
}

/** What steers the texture: what Segment sees, nothing, one class everywhere, or a file. */
export type PriorChoice = "predicted" | "none" | (typeof CLASSES)[number] | FileRef;

/** How large results are: times the picture, or pixels, of which one follows from the other. */
export type Target = { readonly scale: number } | { readonly width?: number; readonly height?: number };

export interface RecipeOptions {
  /** A graph of the user's; it then says what the weights and the prior are. */
  readonly graph?: StoredGraph;
  readonly weights?: Weights;
  readonly prior?: PriorChoice;
  /** A picture that ends early is read as far as it goes. */
  readonly readDamaged?: boolean;
}

/** The graph, and the ids of the nodes that read the picture and give the file. */
export interface Recipe extends Ends {
  readonly stored: StoredGraph;
  /** The graph is the user's: nobody knows how large its results are. */
  readonly isOwn: boolean;
}

/** AVIF's quality where nothing is asked for; Save has its own for JPEG and WebP. */
export const AVIF_QUALITY = 65;

/** What may differ from picture to picture. */
export interface PictureRecipe {
  /** Default: as the graph gives it, which is four times where it is ours. */
  readonly target?: Target;
  /** Of formats that lose something, 1 to 100. */
  readonly quality?: number;
  readonly bits?: 8 | 16;
}

/** A graph of one Load Model, node 1, to find out what a file holds. */
export const modelGraph = (file: FileRef): StoredGraph =>
  cleanGraph({ nodes: [{ id: 1, type: loadModel.type, properties: { file } }], links: [] });

/** Throws an error where a graph of the user's has no node for the picture or for the result. */
export function recipeOf(options: RecipeOptions): Recipe {
  const { graph, weights, prior = "predicted", readDamaged = false } = options;
  // What is put into it is wired to nodes wherever they are.
  const plain = graph ? opened(graph, definitions()).graph : cleanGraph(weights?.model.condition === 0 ? srresnet : sftGan);
  const ends = recipeEnds(plain);
  const weighted = weights ? withWeights(plain, weights) : plain;
  const steered = graph ? weighted : withPrior(weighted, prior, ends);
  const settings = readDamaged ? [{ node: ends.picture, param: "damaged", value: "read as far as it goes" }] : [];
  return { ...ends, stored: withSettings(steered, settings), isOwn: graph !== undefined };
}

/** Throws an error where something but the options of the command would say how the result is written. */
function recipeEnds(stored: StoredGraph): Ends {
  const graph = parseGraph(stored, definitions());
  const ends = endsOf(graph);
  const linked = Object.keys(graph.get(ends.save)!.inputs).find((name) => name !== "image");
  if (linked)
    throw new Error(
      `${linked} of its Save is fed by a link: remove it, for the options of the command say how results are written`,
    );
  return ends;
}

/** The graph for one picture. */
export function pictured(recipe: Recipe, file: FileRef, { target, quality, bits }: PictureRecipe): StoredGraph {
  const { stored, picture, save, isOwn } = recipe;
  return withSettings(target ? withSize(stored, target, recipe, isOwn) : stored, [
    { node: picture, param: "file", value: file },
    ...(bits === undefined ? [] : [{ node: save, param: "bits", value: String(bits) }]),
    ...(quality === undefined ? [] : [{ node: save, param: "quality", value: quality }]),
  ]);
}

// biome-ignore lint/suspicious/noExplicitAny: any definition has a type
type Typed = Pick<AnyNode, "type"> | { type: any };
const idsOf = (stored: StoredGraph, { type }: Typed): number[] =>
  stored.nodes.filter((node) => node.type === type).map(({ id }) => id);

/** The weights in a Load Model, which feeds every part of the generator. */
function withWeights(stored: StoredGraph, { file, model }: Weights): StoredGraph {
  const [known] = idsOf(stored, loadModel);
  const [blocks] = idsOf(stored, sftResblocks);
  const made = known === undefined ? withNode(stored, loadModel, {}, blocks!) : { stored, id: known };
  const fed = new Set(definitions().flatMap(({ type, inputs }) => (inputs.model?.shipped === GENERATOR ? [type] : [])));
  let graph = made.stored;
  if (known === undefined)
    for (const { id, type } of stored.nodes)
      if (fed.has(type)) graph = withLink(graph, { node: made.id, slot: "model" }, { node: id, slot: "model" }, "model");
  return withSettings(graph, [
    { node: String(made.id), param: "file", value: file },
    { node: String(blocks), param: "blocks", value: model.blocks },
  ]);
}

/** In place of Segment another node, or none and no modulation, which is what "none" is on the contact sheet. */
function withPrior(stored: StoredGraph, prior: PriorChoice, { picture }: Ends): StoredGraph {
  if (prior === "predicted" || idsOf(stored, conditionNet).length === 0) return stored;
  if (prior === "none") {
    const modulated = [...idsOf(stored, sftResblocks), ...idsOf(stored, upsample)];
    return withSettings(
      stored,
      modulated.map((id) => ({ node: String(id), param: "modulation", value: false })),
    );
  }
  const [old] = idsOf(stored, segment);
  const made =
    typeof prior === "string"
      ? withNode(stored, constantPrior, { class: prior }, old!)
      : withNode(stored, loadPrior, { file: prior }, old!);
  let graph = withLink(made.stored, { node: Number(picture), slot: "image" }, { node: made.id, slot: "picture" }, "image");
  for (const [, from, , to, slot] of stored.links) {
    if (from !== old) continue;
    const { name } = stored.nodes.find(({ id }) => id === to)!.inputs![slot]!;
    graph = withLink(graph, { node: made.id, slot: "prior" }, { node: to, slot: name }, "prior");
  }
  return withoutNode(graph, old!);
}

/** A Resize before Save. Four times is what the networks give; of a graph of the user's nobody knows. */
function withSize(stored: StoredGraph, target: Target, { picture, save }: Ends, always: boolean): StoredGraph {
  if ("scale" in target && target.scale === 4 && !always) return stored;
  const last = stored.nodes.find(({ id }) => String(id) === save)!;
  const feeding = last.inputs?.find(({ name }) => name === "image")?.link;
  const link = stored.links.find(([id]) => id === feeding)!;
  const { id, stored: added } = withNode(stored, resize, "scale" in target ? { factor: target.scale } : { ...target }, last.id);
  const fed = withLink(added, { node: link[1], slot: link[2] }, { node: id, slot: "image" }, "image");
  const sized =
    "scale" in target ? withLink(fed, { node: Number(picture), slot: "image" }, { node: id, slot: "of" }, "image") : fed;
  return withLink(sized, { node: id, slot: "image" }, { node: last.id, slot: "image" }, "image");
}
