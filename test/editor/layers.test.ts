import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { allLayers, defaultNode, layersOf } from "../../src/editor/layers";
import type { StoredGraph, StoredNode } from "../../src/graph/stored";

const definition = (type: string) => definitions.find((node) => node.type === type);
const node = (id: number, name: string, inputs: [string, number | null][] = []): StoredNode => {
  const def = definition(`sftgan/${name}`)!;
  return {
    id,
    type: def.type,
    inputs: inputs.map(([socket, link]) => ({ name: socket, type: def.inputs[socket].type, link })),
    outputs: Object.entries(def.outputs as Record<string, { type: string }>).map(([socket, { type }]) => ({
      name: socket,
      type,
    })),
  };
};
const graph: StoredGraph = {
  last_node_id: 5,
  last_link_id: 4,
  nodes: [
    node(1, "load-lr"),
    node(2, "bicubic-upscale", [["image", 1]]),
    node(3, "compare", [
      ["before", 2],
      ["after", 3],
    ]),
    node(4, "save", [["image", 4]]),
    node(5, "load-model"),
  ],
  links: [
    [1, 1, 0, 2, 0, "image"],
    [2, 1, 0, 3, 0, "image"],
    [3, 2, 0, 3, 1, "image"],
    [4, 2, 0, 4, 0, "image"],
  ],
  groups: [],
  config: {},
  extra: {},
  version: 0.4,
};

describe("what the large view shows", () => {
  it("shows a node's own output", () => {
    expect(layersOf(graph, 2, definition)?.after[0]).toEqual({
      node: "2",
      output: "image",
      label: "Bicubic Upscale",
    });
  });

  it("shows both sides of a comparison under the names of what is compared", () => {
    const layers = layersOf(graph, 3, definition);
    expect(layers?.before).toEqual([{ node: "3", output: "before", label: "Load LR" }]);
    expect(layers?.after).toEqual([{ node: "3", output: "after", label: "Bicubic Upscale" }]);
  });

  it("shows what flows into a node that has no picture of its own", () => {
    expect(layersOf(graph, 4, definition)?.after.map((layer) => layer.node)).toEqual(["2"]);
  });

  it("does not pass an input off as a node's own output", () => {
    expect(layersOf(graph, 2, definition)?.after.map((layer) => layer.node)).toEqual(["2"]);
  });

  it("shows nothing for weights, or for a node that is not there", () => {
    expect(layersOf(graph, 5, definition)).toBeUndefined();
    expect(layersOf(graph, 99, definition)).toBeUndefined();
  });

  it("starts with a comparison where there is one", () => {
    expect(defaultNode(graph, definition)).toBe(3);
    expect(defaultNode({ ...graph, nodes: graph.nodes.filter((one) => one.id !== 3) }, definition)).toBeDefined();
    expect(defaultNode({ ...graph, nodes: [] }, definition)).toBeUndefined();
  });

  it("offers every picture for comparison", () => {
    expect(allLayers(graph, definition).map((layer) => `${layer.node}.${layer.output}`)).toEqual([
      "1.image",
      "2.image",
      "3.before",
      "3.after",
    ]);
  });
});
