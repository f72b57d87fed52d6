/** The edited graph's past, on litegraph's own graph; the page is played. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { cleanGraph } from "../../src/graph/clean";
import { inside, withOwnIds } from "../../src/graph/subgraphs";
import { load, save } from "../../src/litegraph";
import { nodesOf } from "../../src/litegraph/host";
import { graphOf, type LGraphNode, LiteGraph } from "../litegraph/fake";
import { edited } from "./edited";

beforeEach(() => {
  vi.stubGlobal("document", new EventTarget());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it("A step that is redone is no edit: what was undone after it can still be redone", () => {
  const edit = edited("test/sink", "test/sink");
  const [first, second] = nodesOf(edit.graph);
  edit.edit("an edit", () => first!.collapse(false));
  edit.edit("an edit", () => first!.collapse(false)); // litegraph stores "collapsed: false", and a loaded node has no such flag
  edit.edit("delete test/sink", () => edit.graph.remove(second!));
  edit.undo();
  edit.undo();
  edit.redo();
  edit.capture();
  expect(edit.history.redoLabel).toBe("delete test/sink");
  edit.redo();
  expect(nodesOf(edit.graph)).toHaveLength(1);
});

it("Undo of values, titles and places changes the nodes in place, and ends in the very state there was", () => {
  const edit = edited("test/everything", "test/sink");
  const [node, other] = nodesOf(edit.graph);
  const states = [edit.history.present];
  for (const act of [
    () => node!.setProperty("blocks", 3),
    () => Object.assign(node!, { pos: [70, 80], title: "moved" }),
    () => node!.setProperty("file", { name: "a.test", sha256: "00" }),
    () => (edit.graph as unknown as { _nodes: unknown[] })._nodes.reverse(), // as a click on it does
    () => Object.assign(other!, { pos: [5, 6] }),
  ]) {
    edit.edit("an edit", act);
    states.push(edit.history.present);
  }
  while (edit.undo());
  expect(nodesOf(edit.graph)).toContain(node);
  expect(edit.history.present).toBe(states[0]);
  expect(node!.properties).toMatchObject({ blocks: 16, file: null });
  while (edit.redo());
  expect(nodesOf(edit.graph)).toContain(node);
  expect(JSON.stringify(edit.stored())).toBe(states.at(-1));
});

it("Undo of nodes and wires that went or came ends in what loading that state gives, and a node that comes back leaves the others", () => {
  const edit = edited("test/everything", "test/everything", "test/sink", "test/sink");
  const [first, second, third, fourth] = nodesOf(edit.graph) as [LGraphNode, LGraphNode, LGraphNode, LGraphNode];
  edit.edit("wire", () => {
    first.connect(0, second, 0);
    second.connect(0, third, 0);
    first.connect(0, fourth, 0);
  });
  const byId = ({ id }: LGraphNode) => edit.graph.getNodeById(id) as LGraphNode;
  /** What is stored, and what litegraph runs by. */
  const state = (graph = edit.graph) => {
    const { _nodes_in_order } = graph as unknown as { _nodes_in_order: LGraphNode[] };
    const links = Object.values(graph.links).map((link) => ({ ...link, _data: undefined, _pos: undefined }));
    return JSON.stringify([save(graph).nodes, _nodes_in_order.map(({ id }) => id), links]);
  };
  edit.edit("delete", () => edit.graph.remove(second));
  edit.undo();
  for (const node of [first, third, fourth]) expect(nodesOf(edit.graph)).toContain(node);
  const states = [edit.history.present];
  const live = [state()];
  for (const act of [
    () => edit.graph.remove(byId(second)),
    () => {
      const added = LiteGraph.createNode("test/sink") as LGraphNode;
      edit.graph.add(added);
      byId(first).connect(0, added, 0);
    },
    () => byId(fourth).disconnectInput(0),
    () => byId(first).connect(0, byId(third), 0),
  ]) {
    edit.edit("an edit", act);
    states.push(edit.history.present);
    live.push(state());
  }
  const matches = (i: number) => {
    expect(JSON.stringify(edit.stored())).toBe(states[i]);
    expect(state()).toBe(live[i]);
    const loaded = graphOf().graph;
    load(loaded, JSON.parse(states[i]!));
    expect([save(loaded).nodes, save(loaded).links]).toEqual([edit.stored().nodes, edit.stored().links]);
  };
  for (let i = live.length - 2; i >= 0; i--) {
    edit.undo();
    matches(i);
  }
  for (let i = 1; i < live.length; i++) {
    edit.redo();
    matches(i);
  }
});

it("Undo of what is not in the earlier state makes the nodes anew", () => {
  const edit = edited("test/everything");
  const [node] = nodesOf(edit.graph);
  const before = edit.history.present;
  edit.edit("an edit", () => Object.assign(node!.properties, { more: 1 }));
  edit.undo();
  expect(JSON.stringify(edit.stored())).toBe(before);
  expect(nodesOf(edit.graph)).not.toContain(node);
});

it("The inside of a node is shown and edited, the whole is stored, and undo goes to where the step was made", () => {
  const inner = {
    nodes: [
      { id: 1, type: "test/sink" },
      { id: 7, type: "graph/subgraph", subgraph: { nodes: [], links: [] } },
    ],
    links: [],
  };
  const edit = edited("test/sink");
  edit.start(
    withOwnIds(
      cleanGraph({
        nodes: [
          { id: 1, type: "test/sink" },
          { id: 2, type: "graph/subgraph", subgraph: inner },
        ],
        links: [],
      }),
    ),
  );
  const ids = () => nodesOf(edit.graph).map(({ id }) => id);
  edit.enter([2]);
  expect(ids()).toEqual([8, 7]);
  expect(edit.history.undoLabel).toBeUndefined();
  edit.edit("add", () => edit.graph.add(LiteGraph.createNode("test/sink") as never));
  expect(ids()).toEqual([8, 7, 9]); // nobody else's
  edit.enter([2, 7]);
  expect(edit.way.map(({ id }) => id)).toEqual([2, 7]);
  expect(inside(edit.stored(), [2])!.nodes.map(({ id }) => id)).toEqual([8, 7, 9]);
  edit.title = "Named inside";
  edit.enter([]);
  expect(edit.stored().extra.sftgan).toMatchObject({ title: "Named inside" });
  expect(() => edit.enter([1])).toThrow("there is no graph in this node");
  edit.undo();
  expect([edit.path, edit.title]).toEqual([[2, 7], "Untitled"]);
  edit.undo();
  expect([edit.path, ids()]).toEqual([[2], [8, 7]]);
  edit.redo();
  expect(ids()).toEqual([8, 7, 9]);
  edit.replaceShown({ ...edit.shown(), nodes: [], links: [] }, "clear");
  expect([edit.path, ids()]).toEqual([[2], []]);
  edit.replace({ nodes: [], links: [] }, "another");
  expect(edit.path).toEqual([]);
});
