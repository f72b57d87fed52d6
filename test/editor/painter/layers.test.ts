import { describe, expect, it } from "vitest";
import json from "../../../graphs/paint-prior.json";
import { definitions } from "../../../nodes";
import { paintLayersOf } from "../../../src/editor/painter/layers";
import type { StoredGraph } from "../../../src/graph/stored";

const definition = (type: string) => definitions.find((node) => node.type === type);
const graph = json as unknown as StoredGraph;
const PAINT = 3;
const layers = (of: StoredGraph, id = PAINT) => paintLayersOf(of, id, definition);
const without = (...links: number[]): StoredGraph => ({
  ...graph,
  links: graph.links.filter(([id]) => !links.includes(id)),
});

describe("What a painter sees", () => {
  it("is the photo connected, the prior itself, and the picture that comes of it", () => {
    const found = layers(graph)!;
    expect(found.param).toBe("strokes");
    expect(found.prior).toMatchObject({ node: "3", output: "prior" });
    expect(found.photo).toMatchObject({ node: "1", output: "image" });
    expect(found.result).toMatchObject({ node: "6", output: "image" });
  });

  it("is the photo the prior was made from where none is connected", () => {
    expect(layers(without(3))!.photo).toMatchObject({ node: "1", output: "image" });
  });

  it("is the prior alone where nothing leads to it or away from it", () => {
    const found = layers(without(2, 3, 5))!;
    expect(found).toMatchObject({ photo: undefined, result: undefined });
    expect(found.prior.node).toBe("3");
  });

  it("goes round a circle of wires once", () => {
    const circle = { ...without(3), links: [...without(2, 3).links, [20, 4, 0, 3, 0, "prior"]] } as StoredGraph;
    const nodes = circle.nodes.map((node) =>
      node.id === PAINT ? { ...node, inputs: [{ name: "prior", type: "prior", link: 20 }] } : node,
    );
    expect(layers({ ...circle, nodes })!.photo).toBeUndefined();
  });

  it("looks at each node once, however many ways lead to it", () => {
    const rows = 60; // of two nodes, each fed by both of the row before: 2^60 ways
    const node = (id: number) => ({
      id,
      type: id < 3 ? "sftgan/paint-prior" : "sftgan/mix-priors",
      inputs: [0, 1].map((slot) => ({ name: "ab"[slot]!, type: "prior", link: null })),
    });
    const nodes = Array.from({ length: 2 * rows }, (_, i) => node(i + 1));
    const links = nodes.slice(2).flatMap(({ id }) => {
      const row = 2 * Math.floor((id - 1) / 2);
      return [0, 1].map((slot) => [2 * id + slot, row - 1 + slot, 0, id, slot, "prior"]);
    });
    const ladder = { ...graph, nodes, links } as unknown as StoredGraph;
    expect(layers(ladder, 1)).toMatchObject({ photo: undefined, result: undefined });
    const upward = { ...ladder, nodes: [...nodes, { ...node(1), id: 200 }], links: [...links, [999, 120, 0, 200, 0, "prior"]] };
    expect(layers(upward as unknown as StoredGraph, 200)).toMatchObject({ photo: undefined, result: undefined });
  });

  it("is nothing for a node that holds no strokes", () => {
    expect(layers(graph, 2)).toBeUndefined();
    expect(layers(graph, 99)).toBeUndefined();
  });
});
