import { describe, expect, it } from "vitest";
import { definitions } from "../../../nodes";
import { nameOf, unusedName } from "../../../src/editor/takes/names";
import { cutRecipe } from "../../../src/graph/recipe";
import { graphOf, type Sketch } from "../../graph-builder";
import { constant, definition } from "./graphs";

/** The name of a take under the last node of `priors`, whose first is Load LR. */
function named(priors: Sketch, title?: string): string | undefined {
  const n = priors.length;
  const graph = graphOf([
    ...priors,
    ["condition-net", {}, { prior: [n, "prior"] }],
    ["sft-resblocks", { blocks: 2 }, { image: [1, "image"], condition: [n + 1, "condition"] }],
    ["upsample", {}, { features: [n + 2, "features"], condition: [n + 1, "condition"] }],
  ]);
  const nodes = graph.nodes.map((node) => (title && node.id === n ? { ...node, title } : node));
  return nameOf(cutRecipe({ ...graph, nodes }, n + 3, "image", definitions), definition);
}
const segment: Sketch = [
  ["load-lr", {}],
  ["segment", {}, { image: [1, "image"] }],
];

describe("a take's name", () => {
  it("says what its prior is", () => {
    expect(nameOf(cutRecipe(constant("plant"), 5, "image", definitions), definition)).toBe("plant");
    expect(named(segment)).toBe("Segment");
    expect(named([...segment, ["mix-priors", { weight: 0.35 }, { a: [2, "prior"], b: [2, "prior"] }]])).toBe("Mix 0.35");
    expect(named([...segment, ["sharpen-prior", { temperature: 0.5 }, { prior: [2, "prior"] }]])).toBe("Sharpen 0.5");
    expect(named([...segment, ["crop-prior", {}, { prior: [2, "prior"] }]])).toBe("Crop");
    expect(named([...segment, ["paint-prior", {}, { prior: [2, "prior"], picture: [1, "image"] }]])).toBe("Paint");
    expect(named([...segment, ["load-prior", { file: { name: "forest.npy" } }, { picture: [1, "image"] }]])).toBe("forest");
  });

  it("is the title that somebody gave the prior's node", () => {
    expect(named(segment, "Where is what")).toBe("Where is what");
  });

  it("names all priors where there are several, and none where there is none", () => {
    const both = graphOf([
      ["load-lr", {}],
      ["segment", {}, { image: [1, "image"] }],
      ["constant-prior", { class: "sky" }, { picture: [1, "image"] }],
      ["condition-net", {}, { prior: [2, "prior"] }],
      ["condition-net", {}, { prior: [3, "prior"] }],
      ["sft-resblocks", { blocks: 1 }, { image: [1, "image"], condition: [4, "condition"] }],
      ["upsample", {}, { features: [6, "features"], condition: [5, "condition"] }],
    ]);
    expect(nameOf(cutRecipe(both, 7, "image", definitions), definition)).toBe("sky + Segment");
    const none = graphOf([
      ["load-lr", {}],
      ["sft-resblocks", { blocks: 1 }, { image: [1, "image"] }],
      ["upsample", {}, { features: [2, "features"] }],
    ]);
    expect(nameOf(cutRecipe(none, 3, "image", definitions), definition)).toBeUndefined();
  });

  it("is numbered where it is taken", () => {
    expect(unusedName("sky", [])).toBe("sky");
    expect(unusedName("sky", ["Sky", "sky 2"])).toBe("sky 3");
    const long = "x".repeat(80);
    expect(unusedName(long, [long])).toBe(`${"x".repeat(78)} 2`);
  });
});
