import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { grouped, groupOf, joining, matching, rangeText } from "../../src/editor/catalog";

const titled = (title: string) => definitions.find((node) => node.title === title)!;

describe("the list of nodes", () => {
  it("puts every node into exactly one group", () => {
    const listed = grouped(definitions).flatMap(([, nodes]) => nodes);
    expect(listed).toHaveLength(definitions.length);
    expect(new Set(listed).size).toBe(definitions.length);
  });

  it("groups by what flows", () => {
    expect(
      ["Load LR", "Segment", "Condition Net", "Upsample", "Load Model", "Save", "View Prior"].map((title) =>
        groupOf(titled(title)),
      ),
    ).toEqual(["Pictures", "Priors", "Network", "Network", "Weights", "Results", "Results"]);
  });

  it("finds nodes by the start of a title first, then by sockets and help", () => {
    expect(matching(definitions, "load").map((node) => node.title)).toContain("Load Model");
    expect(matching(definitions, "SEG")[0]?.title).toBe("Segment");
    expect(matching(definitions, "resblockxn")[0]?.title).toContain("ResBlock");
    expect(matching(definitions, "load prior")[0]?.title).toBe("Load Prior");
    expect(matching(definitions, "no such thing")).toEqual([]);
    expect(matching(definitions, "  ")).toHaveLength(definitions.length);
  });

  it("puts the node that is called what is typed first", () => {
    for (const { title } of definitions) expect(matching(definitions, title.toLowerCase())[0]?.title).toBe(title);
    expect(matching(definitions, "crop").map((node) => node.title)).toEqual(expect.arrayContaining(["Crop", "Crop Prior"]));
    expect(matching(definitions, "crop")[0]?.title).toBe("Crop");
  });

  it("offers a loose wire only nodes it fits", () => {
    const takers = joining(definitions, "input", "condition").map((node) => node.title);
    expect(takers).toContain("Upsample");
    expect(takers).not.toContain("Save");
  });

  it("says what a parameter takes", () => {
    expect(rangeText({ kind: "number", default: 1, help: "", min: 0, max: 8, unit: "px" })).toBe("0 to 8 px");
    expect(rangeText({ kind: "number", default: 1, help: "", min: 0 })).toBe("at least 0");
    expect(rangeText({ kind: "choice", default: "a", help: "", choices: ["a", "b"] })).toBe("a, b");
    expect(rangeText({ kind: "flag", default: true, help: "" })).toBe("on or off");
    expect(rangeText({ kind: "file", default: null, help: "", accept: ".npy,image/png" })).toBe(".npy");
  });
});
