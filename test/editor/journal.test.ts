/** What litegraph and its nodes do by themselves is named where they do it, and is one step of undo with what belongs to it. */
import { expect, it } from "vitest";
import type { GraphCanvas } from "../../src/editor/canvas";
import { GraphDocument } from "../../src/editor/document";
import { type Pressed, watchPress } from "../../src/editor/press";
import { cleanGraph } from "../../src/graph/clean";
import { load, patch, save } from "../../src/litegraph";
import { nodesOf } from "../../src/litegraph/host";
import { graphOf, type LGraphNode, LiteGraph } from "../litegraph/fake";

function edited(...types: string[]) {
  const canvas = { selected_nodes: {}, showAnew() {}, setDirty() {}, deselectAllNodes() {}, selectNodes() {} };
  const { graph } = graphOf(...types);
  const document = new GraphDocument(graph, canvas as unknown as GraphCanvas, { read: cleanGraph, load, patch, save });
  const steps: string[] = [];
  document.listen((change) =>
    steps.push(change === "restored" ? change : `${change.label}${change.cosmetic ? " (cosmetic)" : ""}`),
  );
  return { graph, document, steps, nodes: nodesOf(graph) as LGraphNode[] };
}
const turn = () => new Promise((resolve) => setTimeout(resolve));
const make = (type: string) => LiteGraph.createNode(type) as LGraphNode;

it("Nodes, wires and parameters that others change are steps, one for each task", async () => {
  const { graph, steps, nodes } = edited("test/everything", "test/sink");
  const [from, to] = nodes as [LGraphNode, LGraphNode];
  from.setProperty("blocks", 3);
  from.setProperty("blocks", 4);
  await turn();
  from.connect(0, to, 0);
  await turn();
  const more = make("test/everything");
  graph.add(more);
  more.connect(0, to, 0);
  await turn();
  to.disconnectInput(0);
  await turn();
  graph.remove(more);
  await turn();
  from.setProperty("blocks", 5);
  to.title = "by the way";
  await turn();
  from.setProperty("blocks", 5);
  await turn();
  expect(steps).toEqual([
    "change Everything: blocks",
    "connect Everything → Sink",
    "add Everything",
    "disconnect Everything → Sink",
    "delete Everything",
    "change Everything: blocks",
  ]);
});

it("An edit has its own name, whatever it consists of, and what others did before is a step of its own", async () => {
  const { graph, document, steps, nodes } = edited("test/everything", "test/sink");
  const [from, to] = nodes as [LGraphNode, LGraphNode];
  from.setProperty("amount", 0.25);
  document.edit("put a sink between", () => {
    document.edit("add Sink", () => graph.add(make("test/sink")));
    from.connect(0, to, 0);
  });
  document.edit("nothing", () => {});
  await turn();
  expect(steps).toEqual(["change Everything: amount", "put a sink between"]);
  expect(() =>
    document.edit("half an edit", () => {
      to.disconnectInput(0);
      throw new Error("no more");
    }),
  ).toThrow("no more");
  expect(document.undo()).toBe("half an edit");
  expect(document.undo()).toBe("put a sink between");
  expect(nodesOf(graph)).toHaveLength(2);
  await turn();
  expect(document.history.redoLabel).toBe("put a sink between");
});

it("A press is one step, once it is released: a wire that is put back is none, and undo waits", async () => {
  const { graph, document, steps, nodes } = edited("test/everything", "test/sink", "test/sink");
  const [from, to, other] = nodes as [LGraphNode, LGraphNode, LGraphNode];
  document.edit("connect", () => void from.connect(0, to, 0));
  document.hold();
  to.disconnectInput(0);
  await turn();
  expect(document.undo()).toBeUndefined();
  from.connect(0, other, 0);
  document.release();
  document.hold();
  other.disconnectInput(0);
  from.connect(0, other, 0);
  document.release();
  document.hold();
  (graph as unknown as { _nodes: unknown[] })._nodes.reverse(); // as a click on a node does
  document.release();
  expect(steps).toEqual(["connect", "connect Everything → Sink"]);
});

it("A drag says what it has moved, resized or collapsed, and a click has done nothing", () => {
  const { nodes } = edited("test/everything", "test/sink");
  const [node, other] = nodes as [LGraphNode, LGraphNode];
  const press = (state: Partial<Pressed>, act: () => void, over?: LGraphNode) => {
    const released = watchPress({ selected_nodes: {}, ...state }, over);
    act();
    return released()?.label;
  };
  const both = { 1: node, 2: other };
  const move = () => void Object.assign(node, { pos: [node.pos[0] + 5, 7] });
  expect(press({ node_dragged: node }, () => {})).toBeUndefined();
  expect(press({ node_dragged: node }, move)).toBe("move Everything");
  expect(press({ node_dragged: node, selected_nodes: both }, move)).toBe("move 2 nodes");
  expect(press({ resizing_node: node }, () => node.setSize([400, 500]))).toBe("resize Everything");
  expect(
    press({}, () => node.setSize([410, 500]), node),
    "it grew by itself",
  ).toBeUndefined();
  expect(press({ node_dragged: node }, () => node.collapse(true))).toBe("collapse Everything");
  expect(press({ node_dragged: node }, () => node.collapse(true))).toBe("expand Everything");
  const selected_group = { title: "Prior", pos: new Float32Array(2), size: new Float32Array([80, 40]) };
  expect(press({ selected_group }, () => selected_group.pos.fill(3))).toBe("move the group “Prior”");
  expect(press({ selected_group }, () => selected_group.size.fill(90))).toBe("resize the group “Prior”");
  const ownControl = () => void Object.assign(other.properties, { turned: 1 }); // as other people's nodes have them
  expect(press({}, ownControl, other)).toBe("change Sink");
});
