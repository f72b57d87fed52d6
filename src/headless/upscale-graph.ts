/** The graph that `sftgan upscale` runs: graphs/sft-gan.json, or graphs/srresnet.json for weights without SFT layers. */
import sftGan from "../../graphs/sft-gan.json";
import srresnet from "../../graphs/srresnet.json";
import { definitions } from "../../nodes";
import loadLr from "../../nodes/load-lr";
import loadModel from "../../nodes/load-model";
import save from "../../nodes/save";
import sftResblocks from "../../nodes/sft-resblocks";
import { cleanGraph } from "../graph/clean";
import type { AnyNode, FileRef } from "../graph/node";
import type { StoredGraph, StoredLink, StoredNode } from "../graph/stored";
import type { Model } from "../types";
import { withSettings } from "./settings";

/** The shipped weights that `--model` takes the place of. */
const GENERATOR = "sftgan";

/** Weights to use in place of the default ones: the file, and what was found in it. */
export interface Weights {
  readonly file: FileRef;
  readonly model: Pick<Model, "blocks" | "condition">;
}

/** A graph of one Load Model, node 1, to find out what a file holds. */
export const modelGraph = (file: FileRef): StoredGraph =>
  cleanGraph({ nodes: [{ id: 1, type: loadModel.type, properties: { file } }], links: [] });

/**
 * The graph for a picture and for weights; with `readDamaged` a picture that ends early is read as far as it goes. `save` is
 * the id of the node that gives its file.
 */
export function upscaleGraph(
  picture: FileRef,
  weights?: Weights,
  readDamaged = false,
): { readonly stored: StoredGraph; readonly save: string } {
  const plain = cleanGraph(weights?.model.condition === 0 ? srresnet : sftGan);
  const stored = weights && !has(plain, loadModel) ? withLoadModel(plain) : plain;
  const settings = [{ node: idOf(stored, loadLr), param: "file", value: picture as unknown }];
  if (readDamaged) settings.push({ node: idOf(stored, loadLr), param: "damaged", value: "read as far as it goes" });
  if (weights)
    settings.push(
      { node: idOf(stored, loadModel), param: "file", value: weights.file },
      { node: idOf(stored, sftResblocks), param: "blocks", value: weights.model.blocks },
    );
  return { stored: withSettings(stored, settings), save: idOf(stored, save) };
}

// biome-ignore lint/suspicious/noExplicitAny: any definition has a type
type Typed = Pick<AnyNode, "type"> | { type: any };
const has = (stored: StoredGraph, def: Typed) => stored.nodes.some((node) => node.type === def.type);
const idOf = (stored: StoredGraph, def: Typed) => String(stored.nodes.find((node) => node.type === def.type)!.id);

/** The graph with a Load Model that feeds every part of the generator. */
function withLoadModel(stored: StoredGraph): StoredGraph {
  const id = stored.last_node_id + 1;
  const links: StoredLink[] = [];
  const fed = definitions.filter(({ inputs }) => inputs.model?.shipped === GENERATOR).map(({ type }) => type);
  const nodes = stored.nodes.map((node): StoredNode => {
    const slot = node.inputs?.findIndex((input) => input.name === "model") ?? -1;
    if (!fed.includes(node.type) || slot < 0) return node;
    const link = stored.last_link_id + 1 + links.length;
    links.push([link, id, 0, node.id, slot, "model"]);
    return { ...node, inputs: node.inputs!.map((input, i) => (i === slot ? { ...input, link } : input)) };
  });
  const output = { name: "model", type: "model", links: links.map(([link]) => link) };
  const [x, y] = stored.nodes.find((node) => node.type === sftResblocks.type)?.pos ?? [0, 0];
  const model: StoredNode = {
    id,
    type: loadModel.type,
    pos: [x - 290, y + 240],
    flags: {},
    mode: 0,
    inputs: [],
    outputs: [output],
  };
  return {
    ...stored,
    last_node_id: id,
    last_link_id: stored.last_link_id + links.length,
    nodes: [...nodes, model],
    links: [...stored.links, ...links],
  };
}
