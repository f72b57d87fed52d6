import { describe, expect, it } from "vitest";
import { number } from "../../../src/graph/node";
import { draggedSteps, readNumber, snap } from "../../../src/litegraph/widgets/parse";

const blocks = number({ default: 16, min: 1, max: 16, step: 1, help: "" });
const side = number({ default: 64, min: 16, step: 16, unit: "px", help: "" });
const free = number({ default: 0, help: "" });

describe("readNumber", () => {
  it.each([
    ["8", 8],
    [" 8 ", 8],
    ["+3", 3],
    ["1e1", 10],
    ["16.", 16],
  ])("reads %j", (typed, value) => expect(readNumber("blocks", blocks, typed)).toEqual({ value }));

  it("lets the unit follow", () => expect(readNumber("side", side, "32 px")).toEqual({ value: 32 }));

  it.each(["", "eight", "1+1", "0x10", "1,5", "Infinity", "NaN", "alert(1)", "8 px", "(() => 8)()", "1e999"])(
    "refuses %j with a message that says what belongs there",
    (typed) => {
      const read = readNumber("blocks", blocks, typed) as { error: string };
      expect(read.error).toContain("is not a number: blocks takes a number from 1 to 16");
    },
  );

  it("names the limit that a number is past", () => {
    expect(readNumber("blocks", blocks, "17")).toEqual({ error: "blocks is 17: it must be at most 16" });
    expect(readNumber("blocks", blocks, "0")).toEqual({ error: "blocks is 0: it must be at least 1" });
    expect(readNumber("blocks", blocks, "2.5")).toEqual({ error: "blocks is 2.5: it must be a whole number" });
  });
});

describe("snap", () => {
  it("stays on the grid and in the range", () => {
    expect(snap(blocks, 3.4)).toBe(3);
    expect(snap(blocks, 99)).toBe(16);
    expect(snap(blocks, -5)).toBe(1);
    expect(snap(side, 40)).toBe(48);
    expect(snap(free, 0.4)).toBe(0);
  });

  it("leaves no digits of floating point behind", () => {
    const tenth = number({ default: 0, min: 0, max: 1, step: 0.1, help: "" });
    expect(snap(tenth, 0.30000001)).toBe(0.3);
    expect(snap(number({ default: 0, min: 0, max: 1, step: 0.05, help: "" }), 0.349)).toBe(0.35);
  });
});

describe("A number that is dragged", () => {
  it.each([15, 100, 256, 65535])("of a range of %i steps meets single ones, and both ends", (steps) => {
    const reached = Array.from({ length: 40 }, (_, px) => draggedSteps(px, steps));
    expect(reached.filter((step) => step === 1).length).toBeGreaterThan(1);
    expect(draggedSteps(240, steps)).toBeGreaterThanOrEqual(steps);
    expect(draggedSteps(-240, steps)).toBe(-draggedSteps(240, steps));
    const all = Array.from({ length: 240 }, (_, px) => draggedSteps(px, steps));
    expect(all).toEqual([...all].sort((a, b) => a - b));
  });

  it("goes by single steps for as long as the hand is near", () => {
    expect([4, 8, 12, 16].map((px) => draggedSteps(px, 256))).toEqual([1, 2, 3, 4]);
  });
});
