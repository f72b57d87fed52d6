/** Where the nodes of remedies go in the ready graphs: they can be followed by eye as before. */
import { describe, expect, it } from "vitest";
import ready from "../../../graphs/sft-gan.json";
import { withCrop, withLite } from "../../../src/editor/long-runs/remedies";
import { placesWith } from "../../../src/editor/long-runs/shown-place";
import { hiddenWires } from "../../../src/editor/wires/wires";
import type { StoredGraph } from "../../../src/graph/stored";
import { definitions, LGraph, LiteGraph } from "../../litegraph/fake";

const stored = ready as unknown as StoredGraph;
const definition = (type: string) => definitions.find((def) => def.type === type);
const graphOf = (json: unknown): LGraph => {
  const graph = new LGraph();
  graph.configure(structuredClone(json) as never);
  return graph;
};

const cropped = withCrop(stored, definition, 1, { width: 400, height: 300 }, { width: 96, height: 64 })!;

describe.each([
  ["a crop", cropped],
  ["the weights lite", withLite(stored, definition)!],
])("The node of %s", (_, { graph, node }) => {
  const { type } = graph.nodes.find(({ id }) => id === node)!;
  const places = placesWith(graphOf(stored) as never, graph, node, LiteGraph.createNode(type) as never);
  const placed = graph.nodes.map((one) => ({ ...one, pos: places.get(one.id) ?? one.pos }));

  it("covers nothing, and no wire runs behind a node or along another", () => {
    const hidden = hiddenWires(graphOf({ ...graph, nodes: placed }) as never);
    const said = hidden.map((one) => `${one.wire.to.title} ${"behind" in one ? one.behind.title : one.over.to.title}`);
    expect(said).toEqual([]);
  });
});

it("A crop steps into the place of the photo's node, so that the wires onwards stay as they are", () => {
  const { graph, node } = cropped;
  const [before, source] = [stored.nodes.find(({ id }) => id === 1)!, graphOf(stored)];
  const places = placesWith(source as never, graph, node, LiteGraph.createNode("sftgan/crop") as never);
  expect([...places.keys()].sort()).toEqual([1, node]);
  const [left, top] = places.get(1)!;
  expect(top).toBe(before.pos![1]);
  expect(left).toBeLessThan(places.get(node)![0]);
});
