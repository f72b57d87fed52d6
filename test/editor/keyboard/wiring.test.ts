/** What a person who connects by keys is offered and told, on litegraph's own graph. */
import { expect, it } from "vitest";
import { describeNode, nameAmong, stateText } from "../../../src/editor/keyboard/describe";
import { partnersOf, type Slot, slotsOf } from "../../../src/editor/keyboard/wiring";
import { newState } from "../../../src/litegraph/state";
import { graphOf, type LGraphNode, LiteGraph } from "../../litegraph/fake";

const fits = (given: unknown, taken: unknown): boolean =>
  (LiteGraph as unknown as { isValidConnection(given: unknown, taken: unknown): boolean }).isValidConnection(given, taken);

function example() {
  const { graph } = graphOf("test/everything", "test/sink", "test/sink", "test/everything");
  const nodes = (graph as unknown as { _nodes: LGraphNode[] })._nodes;
  for (const [i, node] of nodes.entries()) node.pos = [300 * i, 0];
  const slot = (node: LGraphNode, side: Slot["side"], name: string) =>
    slotsOf(node).find((one) => one.side === side && one.name === name)!;
  const offered = (node: LGraphNode, side: Slot["side"], name: string) =>
    partnersOf(graph, nodes, slot(node, side, name), fits).map((other) => `${nodes.indexOf(other.node)}.${other.name}`);
  return { graph, nodes: nodes as [LGraphNode, LGraphNode, LGraphNode, LGraphNode], offered };
}

it("A wire is offered the slots that take what it carries: free ones first, then near ones, and none that feeds it", () => {
  const { nodes, offered } = example();
  const [first, sink, other, last] = nodes;
  expect(offered(first, "output", "picture")).toEqual(["1.picture", "2.picture", "3.picture"]);
  first.connect(0, other, 0);
  last.connect(0, sink, 0);
  expect(offered(first, "output", "picture"), "another's wire would go, its own is there").toEqual(["3.picture", "1.picture"]);
  expect(offered(sink, "input", "picture")).toEqual(["0.picture", "2.picture"]);
  sink.connect(0, first, 0);
  expect(offered(first, "output", "picture"), "which would feed itself").toEqual([]);
});

it("A node is told by its name, its state, what is wrong with it, its size, and what it is joined to", () => {
  const { graph, nodes } = example();
  const [first, sink, other] = nodes;
  first.connect(0, other, 0);
  expect(nodes.map((node) => nameAmong(nodes, node))).toEqual(["Everything 1", "Sink 1", "Sink 2", "Everything 2"]);
  expect(describeNode(graph, nodes, other, { ...newState(), phase: "finished", summary: "48 × 40" })).toBe(
    "Sink 2: finished, 48 × 40. input picture from Everything 1. output picture, nothing connected",
  );
  const state = (change: Partial<ReturnType<typeof newState>>) => stateText(sink, { ...newState(), ...change });
  expect(state({})).toBe("not computed yet");
  expect(state({ phase: "failed", error: "no picture" })).toBe("failed: no picture");
  expect(state({ phase: "waiting", summary: "12 × 10" })).toBe("changed since 12 × 10 was computed");
  expect(state({ phase: "finished", warnings: ["it was cut"] })).toBe("finished, it was cut");
  expect(state({ phase: "waiting", kept: "package", summary: "48 × 40" })).toBe("not computed yet, an example is shown, 48 × 40");
  expect(stateText(Object.assign(sink, { mode: 4 }), newState())).toBe("bypassed");
});
