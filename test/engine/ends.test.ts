/** Where photos go into a graph: said for graphs that have one such place, several, or none. */
import { expect, it } from "vitest";
import { definitions } from "../../nodes";
import { endsOf } from "../../src/engine/ends";
import { parseGraph } from "../../src/graph/parse";
import { graphOf, type Sketch } from "../graph-builder";

const ends = (sketch: Sketch, titles: Readonly<Record<number, string>> = {}, selected?: readonly string[]) => {
  const stored = graphOf(sketch);
  const nodes = stored.nodes.map((node) => (titles[node.id] ? { ...node, title: titles[node.id]! } : node));
  return endsOf(parseGraph({ ...stored, nodes }, definitions), selected);
};
const save = (node: number, output = "image") => ["save", {}, { image: [node, output] }] as const;
const two = (a: string, b: string): Sketch => [[a], [b], ["difference", {}, { a: [1, "image"], b: [2, "image"] }], save(3)];

it("are the one Save, and the one loader that leads to it", () => {
  expect(ends([["load-lr"], ["load-lr"], save(1)])).toEqual({ picture: "1", save: "3" });
  expect(ends([["load-folder"], save(1)])).toEqual({ picture: "1", save: "2" });
});

it("take the Load Folder before any Load LR, and of these the one that has kept its title", () => {
  expect(ends(two("load-lr", "load-folder")).picture).toBe("2");
  expect(ends(two("load-lr", "load-lr"), { 1: "Reference" }).picture).toBe("2");
});

it("are refused with what to do where there are several", () => {
  expect(() => ends(two("load-lr", "load-lr"))).toThrow(/^2 Load LR nodes .* lead to its Save: give all but one another title/);
  expect(() => ends(two("load-folder", "load-folder"))).toThrow(/^2 Load Folder nodes .* keep one/);
  expect(() => ends([["load-lr"], save(1), save(1)])).toThrow(/^it has 2 Save nodes/);
  expect(ends([["load-lr"], save(1), save(1)], {}, ["3"]).save).toBe("3");
});

it("are refused where nothing leads from a picture to a Save", () => {
  expect(() => ends([["load-lr"]])).toThrow("it has no Save");
  expect(() => ends([["load-lr"], ["save"]])).toThrow("no Load LR leads to its Save");
});
