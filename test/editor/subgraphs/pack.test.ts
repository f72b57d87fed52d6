/** Nodes packed into a subgraph: the graph computes what it did, and unpacking gives it back. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { definitions } from "../../../nodes";
import { packed } from "../../../src/editor/subgraphs/pack";
import { cleanGraph } from "../../../src/graph/clean";
import { ready } from "../../../src/graph/parse";
import type { StoredGraph } from "../../../src/graph/stored";
import { flat, inside, unpacked } from "../../../src/graph/subgraphs";
import { graphOf } from "../../graph-builder";

const sftGan = () => ready(cleanGraph(JSON.parse(readFileSync("graphs/sft-gan.json", "utf8"))), definitions);
const idOf = (graph: StoredGraph, type: string): number => graph.nodes.find((node) => node.type === `sftgan/${type}`)!.id;
const wires = ({ links }: StoredGraph) => links.map(([, ...ends]) => ends.join()).sort();

it("runs as before, whatever is packed, and is as before once it is unpacked", () => {
  const graph = sftGan();
  const parts = [["segment", "condition-net"], ["condition-net", "sft-resblocks", "upsample"], ["load-lr"], ["save"]];
  for (const types of parts) {
    const ids = new Set(types.map((type) => idOf(graph, type)));
    const { graph: after, id } = packed(graph, ids, "Part");
    expect(after.nodes.map((node) => node.id)).toEqual([
      ...graph.nodes.map((node) => node.id).filter((one) => !ids.has(one)),
      id,
    ]);
    expect(wires(flat(after).graph), types.join()).toEqual(wires(graph));
    expect(ready(cleanGraph(JSON.parse(JSON.stringify(after))), definitions)).toEqual(after);
    const back = unpacked(after, id);
    expect(wires(back.graph)).toEqual(wires(graph));
    expect(new Set(back.ids)).toEqual(ids);
  }
});

it("has an input for each value that comes in and an output for each that goes out, by their names, none twice", () => {
  const graph = sftGan();
  const [segment, condition] = [idOf(graph, "segment"), idOf(graph, "condition-net")];
  const { graph: after, id } = packed(graph, new Set([segment, condition]), "Prior");
  const node = after.nodes.find((one) => one.id === id)!;
  expect(node).toMatchObject({ type: "graph/subgraph", title: "Prior" });
  expect(node.inputs?.map(({ name }) => name)).toEqual(["image"]);
  expect(node.outputs?.map(({ name }) => name)).toEqual(["prior", "condition"]);
  const two = cleanGraph(
    graphOf([
      ["load-lr"],
      ["load-lr"],
      ["compare", {}, { before: [1, "image"], after: [2, "image"] }],
      ["bicubic-upscale", {}, { image: [1, "image"] }],
    ]),
  );
  const outside = packed(two, new Set([1, 2]), "Photos");
  expect(outside.graph.nodes.at(-1)!.outputs?.map(({ name }) => name)).toEqual(["image", "image 2"]);
  expect(inside(outside.graph, [outside.id])!.nodes.map(({ type }) => type)).toEqual([
    "sftgan/load-lr",
    "sftgan/load-lr",
    "graph/output",
    "graph/output",
  ]);
});

it("is refused where what lies between is left out, where a port of the subgraph around is among them, and without nodes", () => {
  const graph = sftGan();
  const ids = new Set([idOf(graph, "load-lr"), idOf(graph, "condition-net")]);
  expect(() => packed(graph, ids, "Part")).toThrow(/^“sftgan\/segment” between these nodes would need the subgraph and feed it/);
  expect(() => packed(graph, new Set(), "Part")).toThrow("no node is selected");
  const { graph: after, id } = packed(graph, new Set([idOf(graph, "segment")]), "Part");
  const held = inside(after, [id])!;
  expect(() => packed(held, new Set(held.nodes.map((node) => node.id)), "Part")).toThrow("inputs and outputs of a subgraph stay");
});
