import { describe, expect, it } from "vitest";
import contactSheet from "../../nodes/contact-sheet";
import segment from "../../nodes/segment";
import { describeChange } from "../../src/editor/change";
import type { AnyNode } from "../../src/graph/node";
import { addStroke } from "../../src/prior/strokes";
import { graph, withNode } from "./stored";

const before = graph();
const definition = (type: string): AnyNode | undefined => ({ segment, sheet: contactSheet })[type] as AnyNode | undefined;
const say = (after: ReturnType<typeof graph>, resized = false): string | undefined =>
  describeChange(before, after, resized, definition)?.label;

describe("what changed between two graphs", () => {
  it("names added and deleted nodes", () => {
    expect(say({ ...before, nodes: [...before.nodes, { id: 4, type: "x", title: "Preview" }] })).toBe("add Preview");
    expect(say({ ...before, nodes: before.nodes.slice(0, 1), links: [] })).toBe("delete 2 nodes");
  });

  it("names wires by where they end, whatever their ids", () => {
    expect(say({ ...before, links: before.links.slice(1) })).toBe("disconnect Segment");
    expect(say({ ...before, links: [...before.links, [9, 2, 0, 3, 0, "prior"]] })).toBe("connect Save");
    expect(say({ ...before, links: [before.links[0]!, [2, 2, 0, 3, 0, "prior"]] })).toBe("rewire Save");
    expect(
      say({
        ...before,
        links: [
          [7, 1, 0, 2, 0, "image"],
          [8, 1, 0, 3, 0, "image"],
        ],
      }),
    ).toBeUndefined();
  });

  it("names a parameter and joins further changes of it", () => {
    const change = describeChange(before, withNode(before, 2, { properties: { limit: 512 } }), false, definition);
    expect(change).toEqual({ label: "set limit of Segment", merge: "set 2.limit", cosmetic: false });
  });

  it("names what is chosen on a contact sheet, which a node has that edits regions", () => {
    const node = (type: string, choice: string) => withNode(before, 2, { type, properties: { choice, regions: "" } });
    const change = (type: string) => describeChange(node(type, "yours"), node(type, "sky"), false, definition)!.label;
    expect([change("sheet"), change("segment")]).toEqual(["use sky everywhere", "set choice of Segment"]);
  });

  it("names strokes, each a step of its own", () => {
    const stroke = { label: 1, size: 4, hardness: 1, strength: 1, points: [1, 1] };
    const sky = addStroke("", { ...stroke, tool: "brush" });
    const erased = addStroke(sky, { ...stroke, tool: "eraser" });
    const painted = (strokes: string) => withNode(before, 2, { properties: { limit: 768, strokes } });
    const step = (from: string, to: string) => describeChange(painted(from), painted(to));
    expect(step("", sky)).toEqual({ label: "paint sky", cosmetic: false });
    expect(step(sky, erased)).toEqual({ label: "erase", cosmetic: false });
    expect(step(erased, sky)).toEqual({ label: "change the strokes", cosmetic: false });
    expect(step(erased, "")).toEqual({ label: "clear the strokes", cosmetic: false });
    expect(step("", "1 b1.nonsense")!.label).toBe("set strokes of segment");
    expect(step("", "1 plane")!.label).toBe("set strokes of segment");
  });

  it("tells moving and renaming from what changes the result", () => {
    expect(describeChange(before, withNode(before, 2, { pos: [310, 5] }), false, definition)).toEqual({
      label: "move Segment",
      cosmetic: true,
    });
    expect(say(withNode(before, 3, { title: "Result" }))).toBe("rename Save");
    expect(say({ ...before, extra: { sftgan: { title: "Mine" } } })).toBe("rename the graph");
  });

  it("finds nothing in a new order of nodes, computed order, or a node that grew by itself", () => {
    expect(say({ ...before, nodes: [...before.nodes].reverse() })).toBeUndefined();
    expect(say(withNode(before, 2, { order: 5 }))).toBeUndefined();
    const grown = withNode(before, 2, { size: [200, 300] });
    expect(say(grown)).toBeUndefined();
    expect(say(grown, true)).toBe("resize Segment");
  });
});
