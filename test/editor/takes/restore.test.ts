import { describe, expect, it } from "vitest";
import { definitions } from "../../../nodes";
import { restore } from "../../../src/editor/takes/restore";
import { cleanGraph } from "../../../src/graph/clean";
import { parseGraph } from "../../../src/graph/parse";
import { cutRecipe, filesIn, withoutData } from "../../../src/graph/recipe";
import type { StoredGraph } from "../../../src/graph/stored";
import { addTake, NO_TAKES } from "../../../src/graph/takes";
import { graphOf } from "../../graph-builder";
import { withNode } from "../stored";
import { constant, definition, takesOf } from "./graphs";

const takes = takesOf("plant");
const put = (graph: StoredGraph, from = takes) => restore(graph, from, from.list[0]!, definition, new Map());
/** What computes: types, parameters, wires by name. */
const meaning = (graph: StoredGraph) =>
  [...parseGraph(cleanGraph(graph), definitions).values()].map(({ id, type, params, inputs, problems }) => ({
    id,
    type,
    params,
    inputs,
    problems,
  }));
const without = (graph: StoredGraph, id: number): StoredGraph => ({
  ...graph,
  nodes: graph.nodes.filter((node) => node.id !== id),
  links: graph.links.filter((link) => link[1] !== id && link[3] !== id),
});

describe("restoring a take", () => {
  it("sets the nodes it was kept from and changes nothing else", () => {
    const now = constant("water");
    const { graph, added, result } = put(withNode(now, 6, { title: "Mine" }));
    expect(meaning(graph)).toEqual(meaning(withNode(constant("plant"), 6, { title: "Mine" })));
    expect(graph.nodes.map(({ id, pos }) => [id, pos])).toEqual(now.nodes.map(({ id, pos }) => [id, pos]));
    expect([...graph.links].sort()).toEqual([...now.links].sort());
    expect([added, result]).toEqual([[], 5]);
  });

  it("wires them as they were", () => {
    const rewired = graphOf([
      ["load-lr", { file: { name: "sample:scene.png" } }],
      ["constant-prior", { class: "sky" }, { picture: [1, "image"] }],
      ["condition-net", {}, { prior: [7, "prior"] }],
      ["sft-resblocks", { blocks: 1 }, { image: [1, "image"] }],
      ["upsample", {}, { features: [4, "features"] }],
      ["preview", {}, { image: [5, "image"] }],
      ["segment", {}, { image: [1, "image"] }],
    ]);
    const { graph } = put(rewired);
    expect(meaning(graph).slice(0, 6)).toEqual(meaning(constant("plant")));
    expect(meaning(graph)[6]!.type).toBe("sftgan/segment");
  });

  it("puts back what is gone, beside what it feeds, and says what", () => {
    const { graph, added, result } = put(without(without(constant("sky"), 2), 3));
    expect(meaning(graph).sort((a, b) => Number(a.id) - Number(b.id))).toEqual(meaning(constant("plant")));
    expect(added).toEqual(["Constant Prior", "Condition Net"]);
    expect(result).toBe(5);
    const places = graph.nodes.map(({ pos }) => String(pos));
    expect(new Set(places).size).toBe(places.length);
  });

  /** As `constant`, with its prior inside of a subgraph, node 20. */
  const packed = (prior: string): StoredGraph => {
    const graph = constant(prior);
    const port = (id: number, type: string, more: object) => ({ id, type: `graph/${type}`, ...more });
    const subgraph = {
      nodes: [
        port(21, "input", { properties: { name: "photo" }, outputs: [{ name: "", type: "image", links: [1] }] }),
        { ...graph.nodes.find(({ id }) => id === 2)!, inputs: [{ name: "picture", type: "image", link: 1 }] },
        port(22, "output", { properties: { name: "prior" }, inputs: [{ name: "", type: "prior", link: 2 }] }),
      ],
      links: [
        [1, 21, 0, 2, 0, "image"],
        [2, 2, 0, 22, 0, "prior"],
      ],
    };
    const outer = {
      ...{ id: 20, type: "graph/subgraph", pos: [0, 0], subgraph },
      inputs: [{ name: "photo", type: "image" }],
      outputs: [{ name: "prior", type: "prior" }],
    };
    const links = graph.links.map((link) => link.map((end, i) => ((i === 1 || i === 3) && end === 2 ? 20 : end)));
    return cleanGraph({ ...graph, nodes: [...graph.nodes.filter(({ id }) => id !== 2), outer], links });
  };

  it("sets nodes inside of subgraphs there, and unpacks those of nodes that are to be wired anew", () => {
    const { graph, added } = put(packed("water"));
    expect(added).toEqual([]);
    expect(graph.nodes.map(({ id }) => id)).toEqual(packed("water").nodes.map(({ id }) => id));
    const sorted = (one: StoredGraph) => meaning(one).sort((a, b) => Number(a.id) - Number(b.id));
    expect(sorted(graph)).toEqual(meaning(constant("plant")));
    const off = packed("water");
    const muted = { ...off, nodes: off.nodes.map((node) => (node.id === 20 ? { ...node, mode: 2 } : node)) };
    expect(sorted(put(muted).graph)).toEqual(meaning(constant("plant")));
    const cut = packed("water");
    const open = put({ ...cut, links: cut.links.filter((link) => link[1] !== 1 || link[3] !== 20) }).graph;
    expect(open.nodes.map(({ id }) => id)).not.toContain(20);
    expect(sorted(open)).toEqual(meaning(constant("plant")));
  });

  it("gives a new id where another node has taken the old one", () => {
    const taken = withNode(constant("sky"), 2, { type: "sftgan/segment", properties: {} });
    const { graph, added } = put(taken);
    expect(added).toEqual(["Constant Prior"]);
    const prior = meaning(graph).find(({ id }) => id === "3")!.inputs.prior!.node;
    expect(Number(prior)).toBeGreaterThan(6);
    expect(meaning(graph).find(({ id }) => id === prior)!.params).toEqual({ class: "plant" });
    expect(meaning(graph).find(({ id }) => id === "2")!.type).toBe("sftgan/segment");
  });

  it("is a whole graph where none is left", () => {
    const { graph, added } = put(graphOf([]));
    expect(added).toHaveLength(5);
    expect(meaning(graph).flatMap(({ problems }) => problems)).toEqual([]);
    expect(meaning(graph).map(({ params }) => params)).toContainEqual({ class: "plant" });
  });

  it("switches its nodes on again", () => {
    const off = withNode(constant("plant"), 4, { mode: 2 });
    expect(put(off).graph.nodes.find(({ id }) => id === 4)!.mode).toBe(0);
  });

  it("connects a parameter that was fed by a link, and frees one that was not", () => {
    const blocks = (inputs: object) =>
      graphOf([
        ["load-lr", { file: { name: "sample:scene.png" } }],
        ["number", { value: 2 }],
        ["sft-resblocks", { blocks: 1 }, { image: [1, "image"], ...inputs }],
        ["upsample", {}, { features: [3, "features"] }],
      ]);
    const [plain, linked] = [blocks({}), blocks({ blocks: [2, "value"] })];
    const kept = (graph: StoredGraph) => addTake(NO_TAKES, "x", cutRecipe(graph, 4, "image", definitions));
    expect(meaning(put(plain, kept(linked)).graph)[2]!.inputs.blocks).toEqual({ node: "2", output: "value" });
    expect(meaning(put(linked, kept(plain)).graph)[2]!.inputs.blocks).toBeUndefined();
  });

  it("brings a file that the graph carries along", async () => {
    const carried = constant("sky", { name: "a.png", data: btoa("picture") });
    const own = addTake(NO_TAKES, "x", await withoutData(cutRecipe(carried, 5, "image", definitions)));
    const { graph } = restore(carried, own, own.list[0]!, definition, await filesIn(carried));
    expect(graph.nodes[0]!.properties!.file).toMatchObject({ name: "a.png", data: btoa("picture") });
  });

  it("keeps an unknown node's type and wires", () => {
    const odd = {
      nodes: takes.nodes.map((node) => (node.id === 2 ? { ...node, type: "other/prior" } : node)),
      list: takes.list,
    };
    const { graph, added } = put(constant("sky"), odd);
    expect(added).toEqual(["other/prior"]);
    const node = graph.nodes.find(({ type }) => type === "other/prior")!;
    expect(node.outputs).toEqual([{ name: "prior", type: 0, links: [expect.any(Number)] }]);
  });
});
