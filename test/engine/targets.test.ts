import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { defaultTargets, problemsOf, shippedFor } from "../../src/engine/targets";
import { cleanGraph } from "../../src/graph/clean";
import { parseGraph } from "../../src/graph/parse";
import { graphOf, type Sketch } from "../graph-builder";

const definition = (type: string) => definitions.find((def) => def.type === type);
const parsed = (...sketch: Sketch) => parseGraph(cleanGraph(graphOf(sketch)), definitions);
const targets = (...sketch: Sketch) => defaultTargets(parsed(...sketch), definition);

describe("What is computed when nothing is asked for", () => {
  it("is what shows something, and what feeds a file", () => {
    expect(
      targets(["load-lr"], ["bicubic-upscale", {}, { image: [1, "image"] }], ["save", {}, { image: [2, "image"] }], ["load-lr"]),
    ).toEqual(["2"]);
    expect(targets(["load-lr"], ["preview", {}, { image: [1, "image"] }])).toEqual(["2"]);
  });

  it("is whatever feeds nothing in a graph without either, and none of an empty graph", () => {
    expect(targets(["load-lr"], ["degrade", {}, { image: [1, "image"] }], ["load-model"])).toEqual(["2", "3"]);
    expect(targets()).toEqual([]);
  });

  it("is also a broken node that feeds nothing, to say so", () => {
    expect(targets(["load-lr"], ["preview", {}, { image: [1, "image"] }], ["condition-net"])).toEqual(["2", "3"]);
  });

  it("is also one node of a circle, whether something is shown elsewhere or not", () => {
    const circle: Sketch = [
      ["crop", {}, { image: [2, "image"] }],
      ["crop", {}, { image: [1, "image"] }],
    ];
    expect(targets(...circle)).toEqual(["1"]);
    const beside = parsed(...circle, ["load-lr"], ["preview", {}, { image: [3, "image"] }]);
    const found = defaultTargets(beside, definition);
    expect(found).toEqual(["4", "1"]);
    expect(problemsOf(beside, found).get("1")).toMatch(/^it depends on itself/);
  });

  it("is also what the page shows in nodes of its own", () => {
    expect(defaultTargets(parsed(["load-lr"], ["load-model"]), definition, ["1"])).toEqual(["1"]);
  });

  it("says all that “check” says of nodes that run", () => {
    const broken = parsed(["condition-net"], ["upsample"], ["save", { quality: "best" }], ["crop", {}, { image: [4, "image"] }]);
    const all = [...problemsOf(broken, [...broken.keys()]).keys()].sort();
    expect([...problemsOf(broken, defaultTargets(broken, definition)).keys()].sort()).toEqual(all);
    expect(all).toEqual(["1", "2", "3", "4"]);
  });
});

describe("The weights that a run takes of those that ship", () => {
  const names = (targets: string[], ...sketch: Sketch) => [...shippedFor(parsed(...sketch), targets, definition)];
  const sketch: Sketch = [
    ["load-lr"],
    ["segment", {}, { image: [1, "image"] }],
    ["load-model"],
    ["condition-net", {}, { prior: [2, "prior"], model: [3, "model"] }],
    ["condition-net", {}, { prior: [2, "prior"] }],
  ];

  it("are what its nodes have in place of what is not connected, and nothing of other nodes", () => {
    expect(names(["4"], ...sketch)).toEqual(["segment"]);
    expect(names(["5"], ...sketch)).toEqual(["segment", "sftgan"]);
    expect(names(["1"], ...sketch)).toEqual([]);
  });
});
