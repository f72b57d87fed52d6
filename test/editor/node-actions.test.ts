/** What people do to nodes, on litegraph's own graph; the page is played. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { NodeActions } from "../../src/editor/node-actions";
import { cleanGraph } from "../../src/graph/clean";
import { findNode, withOwnIds } from "../../src/graph/subgraphs";
import { definitions } from "../litegraph/fake";
import { canvas, edited } from "./edited";

beforeEach(() => {
  vi.stubGlobal("document", new EventTarget());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it("files go to nodes wherever in the graph's subgraphs they are, together as one step of undo, and the part that is shown stays", () => {
  const edit = edited();
  const inner = { nodes: [{ id: 5, type: "test/everything", title: "Hidden" }], links: [] };
  const nodes = [
    { id: 1, type: "test/everything" },
    { id: 2, type: "graph/subgraph", subgraph: inner },
    { id: 3, type: "graph/subgraph", subgraph: { nodes: [], links: [] } },
  ];
  edit.start(withOwnIds(cleanGraph({ nodes, links: [] })));
  const actions = new NodeActions(edit, canvas, definitions);
  const held = (id: number) => findNode(edit.stored(), id)?.node.properties?.file;
  const file = { name: "a.test", sha256: "0".repeat(64) };

  actions.give([{ to: 5, param: "file", value: file }], [0, 0]);
  expect([held(1), held(5), edit.history.undoLabel]).toEqual([null, file, "change Hidden: file"]);
  edit.undo();
  actions.give(
    [1, 5].map((to) => ({ to, param: "file", value: file })),
    [0, 0],
  );
  expect([held(1), held(5), edit.history.undoLabel]).toEqual([file, file, "bring 2 files"]);
  edit.undo();
  expect([held(1), held(5) ?? null]).toEqual([null, null]);

  edit.enter([3]);
  actions.give([{ to: 5, param: "file", value: file }], [0, 0]);
  expect([held(5), edit.path]).toEqual([file, [3]]);
  expect(actions.elsewhere.map(({ id }) => id)).toEqual([1, 2, 5, 3]);
});
