/** A graph with one constant prior, and takes of it, for the tests of takes. */
import { definitions } from "../../../nodes";
import { cutRecipe } from "../../../src/graph/recipe";
import type { StoredGraph } from "../../../src/graph/stored";
import { addTake, NO_TAKES, type Takes, withTakes } from "../../../src/graph/takes";
import { graphOf } from "../../graph-builder";

export const definition = (type: string) => definitions.find((def) => def.type === type);

export const FILE = { name: "sample:scene.png" };

/** 1 Load LR, 2 Constant Prior, 3 Condition Net, 4 SFT ResBlock×N, 5 Upsample, 6 Preview */
export const constant = (name: string, file: unknown = FILE): StoredGraph => {
  const graph = graphOf([
    ["load-lr", { file }],
    ["constant-prior", { class: name }, { picture: [1, "image"] }],
    ["condition-net", {}, { prior: [2, "prior"] }],
    ["sft-resblocks", { blocks: 2 }, { image: [1, "image"], condition: [3, "condition"] }],
    ["upsample", {}, { features: [4, "features"], condition: [3, "condition"] }],
    ["preview", {}, { image: [5, "image"] }],
  ]);
  return { ...graph, nodes: graph.nodes.map((node, i) => ({ ...node, pos: [300 * i, 0] as const, size: [200, 100] as const })) };
};

/** A take of each class, named after it. */
export const takesOf = (...names: readonly string[]): Takes =>
  names.reduce((takes, name) => addTake(takes, name, cutRecipe(constant(name), 5, "image", definitions)), NO_TAKES);

export const withinGraph = (graph: StoredGraph, takes: Takes): StoredGraph => ({
  ...graph,
  extra: { sftgan: withTakes(graph.extra.sftgan, takes) },
});
