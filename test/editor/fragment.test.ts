import { describe, expect, it } from "vitest";
import { cutOut, merge } from "../../src/editor/fragment";
import { graph } from "./stored";

describe("copying and pasting parts of a graph", () => {
  it("takes the chosen nodes and the wires between them only", () => {
    const part = cutOut(graph(), new Set([1, 2]));
    expect(part.nodes.map((node) => node.id)).toEqual([1, 2]);
    expect(part.links).toEqual([[1, 1, 0, 2, 0, "image"]]);
    expect(part.nodes[0]?.outputs?.[0]?.links).toEqual([1]);
  });

  it("leaves an input open whose wire came from outside", () => {
    const part = cutOut(graph(), new Set([2]));
    expect(part.links).toEqual([]);
    expect(part.nodes[0]?.inputs?.[0]?.link).toBeNull();
  });

  it("pastes under fresh ids, at the place asked for, wired as it was", () => {
    const { graph: after, ids } = merge(graph(), cutOut(graph(), new Set([1, 2])), [1000, 500]);
    expect(ids).toEqual([4, 5]);
    expect(after.nodes.map((node) => node.id)).toEqual([1, 2, 3, 4, 5]);
    expect(after.links.at(-1)).toEqual([3, 4, 0, 5, 0, "image"]);
    expect(after.nodes.slice(3).map((node) => node.pos)).toEqual([
      [1000, 500],
      [1300, 500],
    ]);
    expect(after.nodes[4]?.inputs?.[0]?.link).toBe(3);
    expect([after.last_node_id, after.last_link_id]).toEqual([5, 3]);
  });

  it("drops wires of a fragment that lead nowhere", () => {
    const broken = { ...graph(), nodes: graph().nodes.slice(1) };
    expect(merge(graph(), broken, [0, 0]).graph.links).toHaveLength(2);
  });
});
