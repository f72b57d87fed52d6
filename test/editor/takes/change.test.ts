import { describe, expect, it } from "vitest";
import { describeChange } from "../../../src/editor/change";
import { removeTake, renameTake } from "../../../src/graph/takes";
import { constant, takesOf, withinGraph } from "./graphs";

const graph = constant("sky");
const two = takesOf("plant", "sky");

describe("the steps of undo of takes", () => {
  it("have names of their own and compute nothing anew", () => {
    const step = (before: typeof two, after: typeof two) => describeChange(withinGraph(graph, before), withinGraph(graph, after));
    expect(step(takesOf("plant"), two)).toEqual({ label: "keep take “sky”", cosmetic: true });
    expect(step(two, removeTake(two, 0))).toEqual({ label: "delete take “plant”", cosmetic: true });
    expect(step(two, removeTake(two, 1))).toEqual({ label: "delete take “sky”", cosmetic: true });
    expect(step(two, renameTake(two, 1, "blue"))).toEqual({ label: "rename take “sky”", cosmetic: true });
    expect(step(two, two)).toBeUndefined();
  });

  it("are told from a new title", () => {
    const titled = (title: string) => ({ ...graph, extra: { sftgan: { title } } });
    expect(describeChange(titled("a"), titled("b"))?.label).toBe("rename the graph");
  });
});
