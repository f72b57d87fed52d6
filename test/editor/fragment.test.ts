import { describe, expect, it } from "vitest";
import { PastePlaces } from "../../src/editor/edits/paste-places";
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

  it("takes along groups whose nodes are all copied, and puts them around the copies", () => {
    const group = (title: string, bounding: readonly number[]) => ({ title, bounding, color: "#A88", mine: 1 });
    const [a, b] = graph().nodes;
    const around = [a!.pos![0] - 20, a!.pos![1] - 60, 100, 200] as const;
    const both = [a!.pos![0] - 30, a!.pos![1] - 70, b!.pos![0] - a!.pos![0] + 100, 240];
    const grouped = { ...graph(), groups: [group("one", around), group("two", both), group("empty", [9000, 0, 10, 10])] };
    const part = cutOut(grouped, new Set([1]));
    expect(part.groups).toEqual([group("one", around)]);
    const { groups } = merge(grouped, part, [1000, 500]).graph;
    expect(groups).toHaveLength(4);
    expect(groups.at(-1)).toEqual(group("one", [980, 440, 100, 200]));
  });

  it("feeds the copies by what feeds the originals where that is asked for, and is still there", () => {
    const part = cutOut(graph(), new Set([2]));
    expect(merge(graph(), part, [0, 0]).graph.links).toHaveLength(2);
    const { graph: wired, ids } = merge(graph(), part, [0, 0], true);
    expect(wired.links.at(-1)).toEqual([3, 1, 0, ids[0], 0, "image"]);
    expect(wired.nodes.find(({ id }) => id === 1)?.outputs?.[0]?.links).toEqual([1, 2, 3]);
    const other = { ...graph(), nodes: graph().nodes.map((node) => (node.id === 1 ? { ...node, type: "other" } : node)) };
    expect(merge(other, part, [0, 0], true).graph.links).toHaveLength(2);
    const odd = { ...part, extra: { sftgan: { feeds: [null, 3, { from: "x" }, { from: 1, type: part.nodes[0]!.type }] } } };
    expect(merge(graph(), odd as never, [0, 0], true).graph.links).toHaveLength(2);
  });

  it("puts what is pasted twice at one place apart", () => {
    const places = new PastePlaces();
    expect([places.next([5, 5]), places.next([5, 5]), places.next([7, 5]), places.next([300, 5]), places.next([5, 5])]).toEqual([
      [5, 5],
      [45, 45],
      [87, 85],
      [300, 5],
      [5, 5],
    ]);
  });

  it("drops wires of a fragment that lead nowhere", () => {
    const broken = { ...graph(), nodes: graph().nodes.slice(1) };
    expect(merge(graph(), broken, [0, 0]).graph.links).toHaveLength(2);
  });
});
