import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { allLayers, defaultNode, layersOf } from "../../src/editor/layers";
import { graphOf } from "../graph-builder";

const definition = (type: string) => definitions.find((node) => node.type === type);
const graph = graphOf([
  ["load-lr"],
  ["bicubic-upscale", {}, { image: [1, "image"] }],
  ["compare", {}, { before: [1, "image"], after: [2, "image"] }],
  ["save", {}, { image: [2, "image"] }],
  ["load-model"],
]);

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
