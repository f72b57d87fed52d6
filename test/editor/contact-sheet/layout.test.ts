import { describe, expect, it } from "vitest";
import { cellHelp, cellTitle, choiceName, classOf, gridLayout, neighbour } from "../../../src/editor/contact-sheet/layout";
import { CELLS, CHOICES } from "../../../src/image/contact-sheet";

const cell = { width: 256, height: 256 };

describe("The cells of a contact sheet", () => {
  it("lie so that they are as large as can be", () => {
    expect(gridLayout({ width: 1400, height: 640 }, cell).columns).toBe(6);
    expect(gridLayout({ width: 1000, height: 800 }, cell).columns).toBe(4);
    expect(gridLayout({ width: 480, height: 700 }, cell).columns).toBe(3);
  });

  it("are scrolled in low room, as many side by side as can be seen", () => {
    expect(gridLayout({ width: 1200, height: 100 }, cell)).toEqual({ columns: 6, picture: { width: 192, height: 192 } });
    expect(gridLayout({ width: 300, height: 100 }, cell)).toEqual({ columns: 3, picture: { width: 93, height: 93 } });
    expect(gridLayout({ width: 1, height: 1 }, cell)).toEqual({ columns: 2, picture: { width: 72, height: 72 } });
  });

  it("are gone through with the arrow keys, and not beyond an edge", () => {
    expect(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "x"].map((key) => neighbour(5, 4, key))).toEqual([
      4,
      6,
      1,
      9,
      undefined,
    ]);
    expect(["ArrowLeft", "ArrowUp"].map((key) => neighbour(0, 4, key))).toEqual([undefined, undefined]);
    expect(["ArrowRight", "ArrowDown"].map((key) => neighbour(11, 4, key))).toEqual([undefined, undefined]);
    expect(["Home", "End"].map((key) => neighbour(5, 4, key))).toEqual([0, 11]);
  });

  it("have names of their own, and say what they show", () => {
    expect(new Set(CELLS.map(cellTitle)).size).toBe(CELLS.length);
    expect(new Set(CELLS.map(cellHelp)).size).toBe(CELLS.length);
    expect(cellHelp("none")).toContain("not trained");
    expect(CHOICES.map(choiceName)).toContain("the predicted prior");
    expect([classOf("background"), classOf("animal"), classOf("yours")]).toEqual([0, 7, undefined]);
  });
});
