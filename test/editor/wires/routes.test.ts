/** Points that wires are led through: what becomes of them as graphs are edited, stored and loaded. */
import { expect, it } from "vitest";
import { definitions } from "../../../nodes";
import { cutOut, merge } from "../../../src/editor/fragment";
import { addPoint, forgetRoutes, removePoint } from "../../../src/editor/wires/layer";
import { routeOf, setRoute } from "../../../src/editor/wires/routes";
import { wireOf, wiresNear, wiresOf } from "../../../src/editor/wires/wires";
import { readGraph } from "../../../src/graph/clean";
import { parseGraph } from "../../../src/graph/parse";
import { load, save } from "../../../src/litegraph";
import { graphOf, LGraph, type LGraphNode } from "../../litegraph/fake";

function pair() {
  const { graph, nodes } = graphOf<[LGraphNode, LGraphNode]>("sftgan/load-lr", "sftgan/segment");
  const [from, to] = nodes;
  from.pos = [0, 0];
  to.pos = [600, 200];
  from.connect(0, to as never, 0);
  return { graph, from, to, wire: () => wiresOf(graph as never)[0]! };
}

it("leads a wire through the points in their order along it, and straight again without them", () => {
  const { wire } = pair();
  const straight = wire().line;
  addPoint(wire(), [400, 300]);
  addPoint(wire(), wire().line.find(([x]) => x > 300)!);
  expect(wire().points).toHaveLength(4);
  expect(wire().points[1]![0]).toBeLessThan(wire().points[2]![0]);
  for (const [x, y] of wire().points.slice(1, -1))
    expect(Math.min(...wire().line.map((at) => Math.hypot(at[0] - x, at[1] - y)))).toBeLessThan(1);
  removePoint(wire(), 0);
  expect(wire().points).toHaveLength(3);
  removePoint(wire());
  expect(wire().line).toEqual(straight);
});

it("is found near where it runs, wherever it is led and whatever has been moved", () => {
  const { graph, to, wire } = pair();
  const near = (x: number, y: number): number => wiresNear(graph as never, [x, y, 20, 20]).length;
  expect([near(300, 100), near(300, 3000)]).toEqual([1, 0]);
  addPoint(wire(), [300, 3000]);
  expect(near(300, 3000)).toBe(1);
  removePoint(wire());
  to.pos = [600, 3000];
  expect([near(300, 1500), near(3000, 1500)]).toEqual([1, 0]);
  expect(wire().points.at(-1)![1]).toBeGreaterThan(3000);
});

it("keeps them through a file, changes nothing of what runs, and forgets them with the wire", () => {
  const { graph, to, wire } = pair();
  const plain = parseGraph(readGraph(JSON.stringify(save(graph))), definitions);
  addPoint(wire(), [300, 400]);
  const text = JSON.stringify(save(graph));
  expect(parseGraph(readGraph(text), definitions)).toEqual(plain);
  const again = new LGraph();
  load(again, JSON.parse(text));
  expect(wiresOf(again as never)[0]!.points).toEqual(wire().points);
  to.disconnectInput(0);
  forgetRoutes(to as never);
  expect(to.flags).toEqual({});
});

it("moves them with the node that the wire ends at, and copies them with it", () => {
  const { graph, to } = pair();
  setRoute(to as never, "image", [[300, 400]]);
  to.pos = [650, 230];
  expect(routeOf(to as never, "image")).toEqual([[350, 430]]);
  const stored = save(graph);
  const { graph: both } = merge(stored, cutOut(stored, new Set([1, 2])), [1000, 1000]);
  load(graph, both);
  const [, copy] = wiresOf(graph as never);
  expect(copy!.points[1]).toEqual([1350, 1430]);
});

it("reads nothing from a file that is no list of points", () => {
  const { graph, to } = pair();
  const link = Object.values(graph.links)[0]!;
  for (const routes of [
    null,
    7,
    "x",
    [],
    { image: 3 },
    { image: [[1], ["a", 2], [1, 1e300], null, {}] },
    { __proto__: { image: [[1, 2]] } },
  ]) {
    to.flags = { routes } as never;
    expect(routeOf(to as never, "image")).toEqual([]);
    expect(wireOf(graph as never, link as never)!.points).toHaveLength(2);
  }
});
