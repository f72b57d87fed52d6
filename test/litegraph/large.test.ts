/** A graph as large as they come goes in and out whole, in time as its nodes and links grow. */
import { LGraph } from "litegraph.js";
import { expect, it } from "vitest";
import { LIMITS } from "../../src/graph/clean";
import { load, save } from "../../src/litegraph";
import { downstreamOf } from "../../src/litegraph/scheduler";
import { largeGraph } from "../graph/large";
import "./fake";

it("A graph of the most nodes there may be comes back as it was, and again over another", () => {
  const stored = largeGraph(LIMITS.nodes);
  const graph = new LGraph();
  load(graph, stored);
  const once = save(graph);
  expect(once.nodes.map(({ id, type, inputs }) => ({ id, type, inputs }))).toEqual(
    stored.nodes.map(({ id, type, inputs }) => ({ id, type, inputs })),
  );
  expect(once.links).toEqual(stored.links);
  load(graph, once);
  expect(save(graph)).toEqual(once);
  expect([...downstreamOf(graph, [2])].sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8]);
});

it("Of the most links there may be, those into one input are dropped but the first, at both ends", () => {
  const { nodes, ...rest } = largeGraph(2);
  const links = Array.from({ length: LIMITS.links }, (_, i) => [i + 1, 1, 0, 2, 0, "image"]);
  const graph = new LGraph();
  load(graph, { ...rest, nodes, links });
  const stored = save(graph);
  expect(stored.links).toEqual([[1, 1, 0, 2, 0, "image"]]);
  expect(stored.nodes.map(({ inputs, outputs }) => [inputs?.[0]?.link, outputs?.[0]?.links])).toEqual([
    [undefined, [1]],
    [1, null],
  ]);
});
