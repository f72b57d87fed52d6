/** Where new nodes go. */
import { expect, it } from "vitest";
import { overlap } from "../../../src/editor/wires/geometry";
import { placeBeside, placeNode } from "../../../src/editor/wires/place";
import { boxOf, wiresOf } from "../../../src/editor/wires/wires";
import { graphOf, type LGraphNode, LiteGraph } from "../../litegraph/fake";

it("A node that is wanted right there covers no other, and lies on a wire all the same; one without a place covers neither", () => {
  const { graph, nodes } = graphOf<[LGraphNode, LGraphNode]>("sftgan/load-lr", "sftgan/segment");
  const [from, to] = nodes;
  from.pos = [0, 0];
  to.pos = [1200, 0];
  from.connect(0, to as never, 0);
  const node = LiteGraph.createNode("sftgan/crop") as LGraphNode;
  const onWire = [500, -80] as const;
  expect(placeBeside(graph as never, node as never, onWire)).toEqual(onWire);
  const [wire] = wiresOf(graph as never);
  node.pos = [...placeNode(graph as never, node as never, onWire)];
  expect(overlap(boxOf(node as never), wire!.bounds)).toBe(false);
  node.pos = [...placeBeside(graph as never, node as never, [150, 20])];
  expect(overlap(boxOf(node as never), boxOf(from as never))).toBe(false);
  expect(Math.hypot(node.pos[0] - 150, node.pos[1] - 20)).toBeLessThan(200);
});
