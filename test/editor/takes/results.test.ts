import { describe, expect, it } from "vitest";
import { definitions } from "../../../nodes";
import { resultsOf } from "../../../src/editor/takes/results";
import type { StoredGraph } from "../../../src/graph/stored";
import { graphOf } from "../../graph-builder";
import { constant } from "./graphs";

/** Two branches: 2 → 4, 5, 6 and 3 → 7, 8, 9; 10 compares, 11 saves the first. */
const two = graphOf([
  ["load-lr", {}],
  ["segment", {}, { image: [1, "image"] }],
  ["constant-prior", {}, { picture: [1, "image"] }],
  ["condition-net", {}, { prior: [2, "prior"] }],
  ["sft-resblocks", { blocks: 1 }, { image: [1, "image"], condition: [4, "condition"] }],
  ["upsample", {}, { features: [5, "features"], condition: [4, "condition"] }],
  ["condition-net", {}, { prior: [3, "prior"] }],
  ["sft-resblocks", { blocks: 1 }, { image: [1, "image"], condition: [7, "condition"] }],
  ["upsample", {}, { features: [8, "features"], condition: [7, "condition"] }],
  ["compare", {}, { before: [6, "image"], after: [9, "image"] }],
  ["save", {}, { image: [6, "image"] }],
]);
const ids = (graph: StoredGraph, selected?: number) => resultsOf(graph, definitions, selected).map(({ id }) => id);

describe("results that can be kept", () => {
  it("are pictures made of features, not those before them nor what only looks at them", () => {
    expect(resultsOf(constant("sky"), definitions)).toEqual([{ id: 5, output: "image", title: "Upsample" }]);
  });

  it("begin with the saved one, or with what the selected node gives, shows or feeds", () => {
    expect(ids(two)).toEqual([6, 9]);
    expect(ids(two, 9)).toEqual([9, 6]);
    expect(ids(two, 3)).toEqual([9, 6]);
    expect(ids(two, 1)).toEqual([6, 9]);
    expect(ids(two, 11)).toEqual([6, 9]);
  });

  it("are none in an empty graph, and in one that goes round in a circle or has unknown nodes there is no harm", () => {
    expect(ids(graphOf([]))).toEqual([]);
    const circle = graphOf([
      ["crop", {}, { image: [2, "image"] }],
      ["crop", {}, { image: [1, "image"] }],
    ]);
    expect(ids(circle)).toEqual([]);
    expect(ids({ ...two, nodes: two.nodes.map((node) => ({ ...node, type: "constructor" })) })).toEqual([]);
  });
});
