/** The edited graph's past, on litegraph's own graph; the page is played where there is none. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { GraphCanvas } from "../../src/editor/canvas";
import { GraphDocument, nodesOf } from "../../src/editor/document";
import { load, save } from "../../src/litegraph";
import { graphOf } from "../litegraph/fake";

beforeEach(() => {
  if (typeof document === "undefined") vi.stubGlobal("document", new EventTarget());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function edited(...types: string[]): GraphDocument {
  const canvas = { selected_nodes: {}, fitNodes() {}, setDirty() {}, deselectAllNodes() {}, selectNodes() {} };
  return new GraphDocument(graphOf(...types).graph, canvas as unknown as GraphCanvas, { load, save, title: (type) => type });
}

it("A step that is redone is no edit: what was undone after it can still be redone", () => {
  const edit = edited("test/sink", "test/sink");
  const [first, second] = nodesOf(edit.graph);
  edit.edit(() => first!.collapse(false));
  edit.edit(() => first!.collapse(false)); // litegraph stores "collapsed: false", and a loaded node has no such flag
  edit.edit(() => edit.graph.remove(second!));
  edit.undo();
  edit.undo();
  edit.redo();
  edit.capture();
  expect(edit.history.redoLabel).toBe("delete test/sink");
  edit.redo();
  expect(nodesOf(edit.graph)).toHaveLength(1);
});
