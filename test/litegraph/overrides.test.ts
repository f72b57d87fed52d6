import { afterEach, describe, expect, it } from "vitest";
import { setOverrides } from "../../src/litegraph/overrides";
import { type LGraphNode, LiteGraph } from "./fake";

afterEach(() => setOverrides(LiteGraph as never, {}));

const widgets = (node: LGraphNode) =>
  (node as unknown as { widgets?: { name: string; mouse(event: unknown): void }[] }).widgets ?? [];
const paintPrior = () => LiteGraph.createNode("sftgan/paint-prior") as LGraphNode;

describe("A value with an editor of its own", () => {
  it("has a button where the page has such an editor", () => {
    const opened: unknown[] = [];
    const open = (node: LGraphNode, param: string) => opened.push(node, param);
    setOverrides(LiteGraph as never, { editors: { strokes: { label: "Paint", help: "paints", open } } });
    const node = paintPrior();
    const [button, ...more] = widgets(node);
    expect(more).toEqual([]);
    expect(button!.name).toBe("Paint");
    button!.mouse({ type: "pointerdown" });
    button!.mouse({ type: "pointerup" });
    expect(opened).toEqual([node, "strokes"]);
  });

  it("shows nothing elsewhere, keeps its value, and is fed by no link", () => {
    const node = paintPrior();
    expect(widgets(node)).toEqual([]);
    node.configure({ ...node.serialize(), properties: { strokes: "1 b1.16.100.100.AAAA" } });
    expect(node.serialize().properties).toEqual({ strokes: "1 b1.16.100.100.AAAA" });
    expect((node as unknown as { onGetInputs(): unknown[] }).onGetInputs()).toEqual([]);
  });
});
