import { describe, expect, it } from "vitest";
import { LIMITS, Snippets } from "../../../src/editor/snippets/store";
import { graph } from "../stored";

function kept(text: string | null = null) {
  const storage = {
    text,
    getItem: () => storage.text,
    setItem: (_: string, to: string) => {
      storage.text = to;
    },
  };
  return { storage, snippets: new Snippets(() => storage) };
}

describe("Snippets", () => {
  it("are kept by name, numbered where a name is taken, and are still there for whoever looks next", () => {
    const { storage, snippets } = kept();
    expect([snippets.add(" Prior ", graph()), snippets.add("Prior", graph()), snippets.add("", graph())]).toEqual([
      "Prior",
      "Prior 2",
      "Snippet",
    ]);
    const again = new Snippets(() => storage).all;
    expect(again.map(({ name }) => name)).toEqual(["Prior", "Prior 2", "Snippet"]);
    expect(again[0]!.graph.links).toEqual(graph().links);
    snippets.remove("Prior");
    expect(snippets.all.map(({ name }) => name)).toEqual(["Prior 2", "Snippet"]);
  });

  it("that cannot be read are left out", () => {
    const good = { name: "good", graph: graph() };
    const odd = [null, 3, { name: 3, graph: graph() }, { name: "no graph" }, { name: "bad", graph: { nodes: [{ id: "x" }] } }];
    expect(kept(JSON.stringify([...odd, good])).snippets.all.map(({ name }) => name)).toEqual(["good"]);
    for (const text of ["", "{", "{}", "7"]) expect(kept(text).snippets.all).toEqual([]);
    const nothing = new Snippets(() => {
      throw new Error("SecurityError");
    });
    expect(nothing.all).toEqual([]);
    expect(() => nothing.add("a", graph())).toThrow(/this browser keeps no snippets/);
  });

  it("are refused without nodes, beyond a size and beyond a number", () => {
    const { snippets } = kept();
    expect(() => snippets.add("a", graph({ nodes: [] }))).toThrow(/needs nodes/);
    const large = graph({ extra: { text: "x".repeat(LIMITS.characters) } });
    expect(() => snippets.add("a", large)).toThrow(/at most 200000 are kept/);
    for (let i = 0; i < LIMITS.count; i++) snippets.add("a", graph());
    expect(() => snippets.add("a", graph())).toThrow(/delete one first/);
  });
});
