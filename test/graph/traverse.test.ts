import { describe, expect, it } from "vitest";
import type { GraphNode } from "../../src/graph/parse";
import { order, reach } from "../../src/graph/traverse";
import { parsedGraph, parsedNode } from "../graph-builder";

const node = (id: string, ...sources: string[]): GraphNode =>
  parsedNode(id, "t", Object.fromEntries(sources.map((source, i) => [`in${i}`, source])));
const LONG = 20_000;
const chain = parsedGraph(...Array.from({ length: LONG }, (_, i) => node(String(i), ...(i ? [String(i - 1)] : []))));

describe("What can be reached", () => {
  it("is each node once, the nearest first", () => {
    const next: Record<string, string[]> = { a: ["b", "c"], b: ["d"], c: ["d", "a"], d: ["e"], e: [] };
    expect([...reach(["a"], (id) => next[id]!)]).toEqual(["a", "b", "c", "d", "e"]);
    expect([...reach(["d", "b"], (id) => next[id]!)]).toEqual(["d", "b", "e"]);
  });
});

describe("The order of nodes", () => {
  it("has what feeds a node before it, and nothing that is not needed", () => {
    const graph = parsedGraph(node("d", "b", "c"), node("c", "a"), node("b", "a", "a"), node("a"), node("x", "a"));
    expect(order(graph, ["d"]).ids).toEqual(["a", "b", "c", "d"]);
  });

  it("says who lies on a cycle, and what is not there", () => {
    const graph = parsedGraph(node("a", "c"), node("b", "a"), node("c", "b"), node("d", "c"));
    const { errors } = order(graph, ["d", "e"]);
    expect([...errors]).toEqual([
      ["c", "it depends on itself (c → b → a → c): remove one of these links"],
      ["e", "the graph has no node e: choose one of a, b, c, d"],
    ]);
  });

  it("is found for a chain of any length", () => {
    expect(order(chain, [String(LONG - 1)]).ids).toEqual([...chain.keys()]);
    expect(reach([String(LONG - 1)], (id) => Object.values(chain.get(id)!.inputs).map((link) => link.node)).size).toBe(LONG);
  });
});
