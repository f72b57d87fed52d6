import { expect, it } from "vitest";
import { controlsOf, fileNameOf } from "../../../src/editor/params/controls";
import { everything } from "../../litegraph/fake";

const node = (properties: Record<string, unknown>, fed: Record<string, string> = {}) => ({
  properties,
  feeder: (name: string) => fed[name],
});
const of = (properties: Record<string, unknown> = {}, fed = {}) =>
  Object.fromEntries(controlsOf(node(properties, fed), everything).map((control) => [control.name, control]));

it("every parameter has a control of a kind that fits it, with the value it has or would have", () => {
  const controls = of({ blocks: 8 });
  expect(Object.entries(controls).map(([name, { kind, value }]) => [name, kind, value])).toEqual([
    ["blocks", "range", 8],
    ["amount", "range", 0.5],
    ["mode", "choice", "float"],
    ["on", "flag", true],
    ["name", "text", "x"],
    ["file", "file", null],
  ]);
});

it("a value that cannot be says why, unless another node's takes its place", () => {
  expect(of({ blocks: 40 }).blocks!.problem).toBe("blocks is 40: it must be at most 16");
  expect(of({ blocks: 40 }, { blocks: "Number" }).blocks).toMatchObject({ linked: "Number" });
  expect(of({ blocks: 40 }, { blocks: "Number" }).blocks!.problem).toBeUndefined();
});

it("a file goes by its name", () => {
  expect([{ name: "a.png" }, "b.png", null].map(fileNameOf)).toEqual(["a.png", "b.png", undefined]);
});
