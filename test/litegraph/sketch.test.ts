import { expect, it } from "vitest";
import { placed } from "../../src/litegraph/sketch";
import { graph } from "../editor/stored";

const READY = import.meta.glob<{ nodes: never[] }>("../../graphs/*.json", { import: "default", eager: true });
const PICTURES = import.meta.glob("../../graphs/cards/*.webp", { query: "?url" });

it("puts every node of a graph inside of its sketch, in the places it has to the others", () => {
  for (const nodes of [graph().nodes, ...Object.values(READY).map(({ nodes }) => nodes)]) {
    const boxes = placed(nodes, 200, 60).map(({ box }) => box);
    for (const [x, y, width, height] of boxes) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(200.01);
      expect(y + height).toBeLessThanOrEqual(60.01);
    }
    expect(new Set(boxes.map((box) => box.join())).size).toBe(nodes.length);
  }
  expect(placed([], 200, 60)).toEqual([]);
  expect(placed([{ id: 1, type: "a" }], 200, 60)[0]!.gives).toBe("");
});

it("has a picture for every ready graph, and none for others", () => {
  const names = (paths: object) =>
    Object.keys(paths)
      .map((path) => path.replace(/^.*\/|\.\w+$/g, ""))
      .sort();
  expect(names(PICTURES)).toEqual(names(READY));
});
