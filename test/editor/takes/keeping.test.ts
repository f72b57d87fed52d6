import { describe, expect, it } from "vitest";
import { definitions } from "../../../nodes";
import { cutOffer, keepTake, offersIn } from "../../../src/editor/takes/keeping";
import type { StoredGraph } from "../../../src/graph/stored";
import { graphOf } from "../../graph-builder";
import { constant, definition, takesOf, withinGraph } from "./graphs";

const known = { definitions, definition };
const offered = (graph: StoredGraph) => offersIn(graph, known)[0]!;
/** The graph's result kept by the offer, as what it is called. */
const keptAs = (graph: StoredGraph, called?: string, offer = offered(graph)) =>
  keepTake(graph, cutOffer(graph, offer, known), offer, called).take.name;

describe("a take that is kept", () => {
  it("is called as it was offered, numbered where another has that name", () => {
    const plant = constant("plant");
    const others = [[], ["sky"], ["Plant"], ["plant", "plant 2"]].map((names) => {
      const takes = takesOf(...names.map(() => "sky"));
      return withinGraph(plant, { ...takes, list: takes.list.map((take, i) => ({ ...take, name: names[i]! })) });
    });
    const names = ["plant", "plant", "plant 2", "plant 3"];
    expect(others.map((graph) => offered(graph).name)).toEqual(names);
    expect(others.map((graph) => keptAs(graph))).toEqual(names);
  });

  it("is called as a person says", () => {
    const graph = withinGraph(constant("plant"), takesOf("sky"));
    expect(keptAs(graph, " sky ")).toBe("sky");
    expect(keptAs(graph, "  ")).toBe("plant");
  });

  it("is numbered once, even where another was kept since it was offered", () => {
    const before = withinGraph(constant("grass"), takesOf("sky"));
    const offer = { ...offered(before), plainName: "sky", name: "sky 2" };
    const { takes } = keepTake(before, cutOffer(before, offer, known), offer);
    const later = withinGraph(constant("water"), takes);
    expect(keptAs(later, undefined, offer)).toBe("sky 3");
  });

  it("counts as a take where it has no prior", () => {
    const none = graphOf([
      ["load-lr", {}],
      ["sft-resblocks", { blocks: 1 }, { image: [1, "image"] }],
      ["upsample", {}, { features: [2, "features"] }],
    ]);
    expect(offered(none).name).toBe("Take 1");
    expect(keptAs(withinGraph(none, takesOf("sky")))).toBe("Take 2");
  });

  it("is the one that was there before where they are the same", () => {
    const graph = withinGraph(constant("sky"), takesOf("sky", "plant"));
    const offer = offered(graph);
    const kept = keepTake(graph, cutOffer(graph, offer, known), offer);
    expect([kept.isOld, kept.take.name, kept.takes.list.length]).toEqual([true, "sky", 2]);
  });
});
