/** Automatic layout of graphs of our nodes, as litegraph places their slots. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { overlap } from "../../../src/editor/wires/geometry";
import { arrangeGraph } from "../../../src/editor/wires/tidy";
import { boxOf, hiddenWires } from "../../../src/editor/wires/wires";
import { definitions, LGraph, type LGraphNode, LiteGraph } from "../../litegraph/fake";

const types = definitions.filter(({ type }) => type.startsWith("sftgan/")).map(({ type }) => type);

/** Nodes of these types, and wires from earlier ones to later ones wherever sockets fit and a draw says so. */
function graphFrom(chosen: readonly string[], draws: readonly number[]): LGraph {
  const graph = new LGraph();
  let at = 0;
  const nodes: LGraphNode[] = [];
  for (const type of chosen) {
    const node = LiteGraph.createNode(type) as LGraphNode;
    graph.add(node);
    for (const [slot, input] of (node.inputs ?? []).entries()) {
      const fitting = nodes.flatMap((from) =>
        (from.outputs ?? []).flatMap((output, i) => (output.type === input.type ? [[from, i] as const] : [])),
      );
      const draw = draws[at++ % draws.length]!;
      const origin = fitting[Math.floor(draw * (fitting.length + 0.3))];
      if (origin) origin[0].connect(origin[1], node as never, slot);
    }
    nodes.push(node);
  }
  return graph;
}
const nodesOf = (graph: LGraph): LGraphNode[] => (graph as unknown as { _nodes: LGraphNode[] })._nodes;
const said = (graph: LGraph): string[] =>
  hiddenWires(graph as never).map((hidden) => {
    const name = `${hidden.wire.from.title} to ${hidden.wire.to.title}`;
    return "behind" in hidden
      ? `${name} behind ${hidden.behind.title}`
      : `${name} on ${hidden.over.link.id} for ${hidden.length}`;
  });

describe("automatic layout", () => {
  it("of any graph of our nodes: no wire runs behind a node or lies on another, and no node covers another", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...types), { minLength: 1, maxLength: 16 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 24, maxLength: 24 }),
        (chosen, draws) => {
          const graph = graphFrom(chosen, draws);
          arrangeGraph(graph as never, (graph as never as { _nodes: never[] })._nodes);
          expect(said(graph)).toEqual([]);
          const boxes = nodesOf(graph).map((node) => boxOf(node as never));
          for (const [i, box] of boxes.entries())
            for (const other of boxes.slice(i + 1)) expect(overlap(box, other, 20)).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });
});
