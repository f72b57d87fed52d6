import { expect, it } from "vitest";
import { definitions } from "../../nodes";
import note from "../../nodes/note";
import { defaultTargets } from "../../src/engine/targets";
import { parseGraph } from "../../src/graph/parse";
import { graphOf } from "../graph-builder";
import { runNode } from "../support";

it("computes nothing, and is nothing that a run would compute", async () => {
  expect(await runNode(note, {}, { text: "for people" })).toEqual({});
  const graph = parseGraph(graphOf([["load-lr"], ["note", { text: "two\nlines" }]]), definitions);
  expect(graph.get("2")!.problems).toEqual([]);
  expect(defaultTargets(graph, (type) => definitions.find((def) => def.type === type))).toEqual(["1"]);
});
