import { expect, it } from "vitest";
import { cleanGraph } from "../../src/graph/clean";
import { workOf } from "../../src/headless/graph-file";
import ofPeople from "../cases/graphs/lg_subgraph.json";

it("a graph with litegraph's subgraphs is run with what is in them, and stays as it was stored", () => {
  const stored = cleanGraph(ofPeople);
  const work = workOf(stored, { graph: undefined, files: undefined } as never);
  expect(work.graph.size).toBe(18);
  expect([...work.graph.values()].flatMap(({ problems }) => problems)).toEqual([]);
  expect(work.stored).toBe(stored);
});
