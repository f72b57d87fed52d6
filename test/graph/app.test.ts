import { describe, expect, it } from "vitest";
import { cleanMarks, isMarked, MOST_MARKS, marksOf, toggleMark, withMarks } from "../../src/graph/app";
import { cleanGraph } from "../../src/graph/clean";
import { graphOf } from "../graph-builder";

const stored = (app: unknown) =>
  cleanGraph({ ...graphOf([["load-lr"]]), extra: { mine: 1, sftgan: { version: 1, title: "One", app } } });

describe("What an app shows", () => {
  it("is read from a graph, each mark once and in order, and leaves what else the graph keeps alone", () => {
    const graph = stored({
      controls: [
        { node: 2, param: "b" },
        { node: 1, param: "a" },
        { node: 2, param: "b" },
      ],
      result: 3,
    });
    expect(marksOf(graph)).toEqual({
      controls: [
        { node: 2, param: "b" },
        { node: 1, param: "a" },
      ],
      result: 3,
    });
    expect(graph.extra).toMatchObject({ mine: 1, sftgan: { version: 1, title: "One" } });
  });

  it("is nothing in a graph without marks", () => {
    for (const app of [undefined, null, 7, "app", [], {}, { controls: [] }, { controls: {} }]) {
      expect(marksOf(stored(app))).toBeUndefined();
      expect(stored(app).extra.sftgan).toEqual({ version: 1, title: "One", ...(app === undefined && { app }) });
    }
  });

  it("is bounded and of plain marks whatever a stranger's graph says", () => {
    const odd = [{ node: -1, param: "a" }, { node: 1.5, param: "a" }, { node: "1", param: "a" }, { node: 1 }, null, [1, "a"]];
    const long = { node: 1, param: "x".repeat(201) };
    const many = Array.from({ length: 5000 }, (_, i) => ({ node: i, param: "__proto__", run: "alert(1)" }));
    const marks = marksOf(stored({ controls: [...odd, long, ...many], result: 1e300, more: "x" }));
    expect(Object.keys(marks!)).toEqual(["controls"]);
    expect(marks!.controls).toHaveLength(MOST_MARKS);
    expect(marks!.controls[0]).toEqual({ node: 0, param: "__proto__" });
  });

  it("gains a mark at the end and loses it again; marks of nodes that are gone go with it", () => {
    const nodes = new Set([1, 2]);
    const one = toggleMark({ controls: [{ node: 9, param: "gone" }], result: 9 }, { node: 1, param: "a" }, nodes);
    const two = toggleMark(one, { node: 2, param: "b" }, nodes);
    expect(two).toEqual({
      controls: [
        { node: 1, param: "a" },
        { node: 2, param: "b" },
      ],
    });
    expect(isMarked(two, { node: 2, param: "b" })).toBe(true);
    expect(toggleMark(two, { node: 1, param: "a" }, nodes).controls).toEqual([{ node: 2, param: "b" }]);
  });

  it("is kept beside what else is ours in a graph, and taken away where nothing is left", () => {
    const marks = { controls: [{ node: 1, param: "a" }] };
    expect(withMarks({ version: 1, title: "One" }, marks)).toEqual({ version: 1, title: "One", app: marks });
    expect(withMarks({ version: 1, app: marks }, { controls: [] })).toEqual({ version: 1 });
    expect(cleanMarks({ result: 4 })).toEqual({ controls: [], result: 4 });
  });
});
