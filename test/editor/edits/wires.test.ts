/** What edits do to wires: which carry something, what is joined when nodes go, which wire a dragged node fits. */
import { beforeEach, describe, expect, it } from "vitest";
import { NodeDrag } from "../../../src/editor/edits/drag";
import { removeAndJoin } from "../../../src/editor/edits/heal";
import { areAll, toggleOff } from "../../../src/editor/edits/modes";
import { fitOn, joinInto } from "../../../src/editor/edits/on-wire";
import { flowOf } from "../../../src/editor/wires/flow";
import { type Wire, wiresOf } from "../../../src/editor/wires/wires";
import { load, save } from "../../../src/litegraph";
import { graphOf } from "../../graph-builder";
import { LGraph, type LGraphNode, LiteGraph } from "../../litegraph/fake";

let graph: LGraph;
const node = (id: number) => graph.getNodeById(id)! as never as LGraphNode;
const wires = () =>
  save(graph as never)
    .links.map(([, from, , to]) => `${from}>${to}`)
    .sort();
const wire = (from: number, to: number): Wire => wiresOf(graph as never).find((one) => one.from.id === from && one.to.id === to)!;
const live = () => {
  const flow = flowOf(graph as never)!;
  return wiresOf(graph as never)
    .filter(({ link }) => flow.live.has(link.id))
    .map(({ from, to }) => `${from.id}>${to.id}`)
    .sort();
};

beforeEach(() => {
  graph = new LGraph();
  const stored = graphOf([
    ["load-lr"],
    ["segment", {}, { image: [1, "image"] }],
    ["sharpen-prior", {}, { prior: [2, "prior"] }],
    ["smooth-prior", {}, { prior: [3, "prior"] }],
    ["condition-net", {}, { prior: [4, "prior"] }],
    ["view-prior", {}, { prior: [4, "prior"], picture: [1, "image"] }],
  ]);
  load(graph as never, stored);
  for (const [i, { id }] of stored.nodes.entries()) (node(id) as { pos: number[] }).pos = [400 * i, 0];
});

describe("Wires under modes", () => {
  it("all carry something while all nodes run", () => expect(flowOf(graph as never)).toBeUndefined());

  it("carry something past a bypassed node, which shows between which slots", () => {
    expect(toggleOff([node(3), node(4)] as never, "bypassed")).toBe("bypass");
    expect(live()).toEqual(wires());
    const { bridges } = flowOf(graph as never)!;
    expect(bridges.map(({ node, input, output }) => [node.id, input, output]).sort()).toEqual([
      [3, 0, 0],
      [4, 0, 0],
    ]);
  });

  it("carry nothing that a muted or a bypassed node without such an input keeps back", () => {
    toggleOff([node(3)] as never, "muted");
    expect(live()).toEqual(["1>2", "1>6", "4>5", "4>6"]);
    toggleOff([node(3)] as never, "muted");
    expect(areAll([node(3)] as never, "always")).toBe(true);
    toggleOff([node(2)] as never, "bypassed"); // it makes a prior of an image
    expect(live()).toEqual(["1>6", "3>4", "4>5", "4>6"]);
  });
});

it("What flows is worked out anew only once wires, modes or nodes have changed", () => {
  toggleOff([node(4)] as never, "bypassed");
  const before = flowOf(graph as never);
  expect(flowOf(graph as never)).toBe(before);
  node(6).disconnectInput(0);
  expect(live()).toEqual(["1>2", "1>6", "2>3", "3>4", "4>5"]);
  toggleOff([node(4)] as never, "bypassed");
  toggleOff([node(4)] as never, "muted");
  expect(live()).toEqual(["1>2", "1>6", "2>3"]);
  graph.remove(node(6) as never);
  expect(live()).toEqual(["1>2", "2>3"]);
});

describe("Deleted nodes that are reconnected", () => {
  it("leave what fed them joined to what they fed, past several of them", () => {
    removeAndJoin(graph as never, [node(3), node(4)] as never);
    expect(wires()).toEqual(["1>2", "1>6", "2>5", "2>6"]);
  });
  it("join nothing where the types do not fit", () => {
    removeAndJoin(graph as never, [node(2)] as never);
    expect(wires()).toEqual(["1>6", "3>4", "4>5", "4>6"]);
  });
});

describe("A node dragged over a wire", () => {
  const add = (type: string, pos: [number, number]) => {
    const added = LiteGraph.createNode(type) as LGraphNode;
    graph.add(added as never);
    (added as { pos: number[] }).pos = pos;
    return added;
  };

  it("fits where its free slots take and give what the wire carries, and is put between", () => {
    const mixed = add("sftgan/sharpen-prior", [0, 500]);
    const fit = fitOn(graph as never, mixed as never, wire(2, 3))!;
    expect(fit).toEqual({ input: 0, output: 0 });
    expect(fitOn(graph as never, mixed as never, wire(1, 2))).toBeUndefined();
    joinInto(wire(2, 3), mixed as never, fit);
    expect(wires()).toContain("2>7");
    expect(wires()).toContain("7>3");
    expect(wires()).not.toContain("2>3");
    expect(fitOn(graph as never, mixed as never, wire(3, 4))).toBeUndefined(); // its slots are taken
  });

  it("lights the wire it lies on, alone and once it has been moved, and is given it at the release", () => {
    const dragged = add("sftgan/sharpen-prior", [500, 600]);
    const lit: (Wire | undefined)[] = [];
    const canvas = {
      graph,
      selected_nodes: { [dragged.id]: dragged },
      node_dragged: dragged,
      wires: { light: (wire: Wire | undefined) => lit.push(wire) },
    };
    const drag = new NodeDrag(canvas as never);
    drag.settle([500, 600]);
    const [x, y] = wire(2, 3).line[Math.floor(wire(2, 3).line.length / 2)]!;
    drag.lift();
    dragged.pos = [x - 100, y - 10];
    drag.settle([x, y]);
    expect(lit.at(-1)?.to.id).toBe(3);
    expect(drag.release()).toMatchObject({ node: { id: dragged.id }, wire: { to: { id: 3 } } });
    expect(lit.at(-1)).toBeUndefined();
    expect(drag.release()).toBeUndefined();
  });

  it("keeps to the grid where that is wanted, and is where the pointer has it again once it is not", () => {
    const [a, b] = [add("sftgan/crop", [10, 600]), add("sftgan/crop", [300, 607])];
    const canvas = { graph, selected_nodes: { 1: a, 2: b }, node_dragged: a, wires: { light: () => {} } };
    const drag = new NodeDrag(canvas as never);
    drag.snap = true;
    drag.settle([0, 0]);
    const places = () => [a, b].flatMap(({ pos: [x, y] }) => [x, y]);
    expect(places()).toEqual([10, 600, 300, 607]); // pressed, not moved
    for (let i = 0; i < 3; i++) {
      drag.lift();
      for (const one of [a, b]) one.pos[0] += 5;
      drag.settle([0, 0]);
    }
    expect(places()).toEqual([24, 600, 314, 607]); // 25 is where the pointer has it
    drag.lift();
    expect(a.pos[0]).toBe(25);
  });
});
