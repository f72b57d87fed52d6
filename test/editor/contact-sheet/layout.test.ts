import { describe, expect, it } from "vitest";
import {
  cellHelp,
  cellTitle,
  choiceName,
  classOf,
  clippedText,
  gridLayout,
  neighbour,
} from "../../../src/editor/contact-sheet/layout";
import { CELLS, CHOICES } from "../../../src/prior/contact-sheet";

const cell = { width: 256, height: 256 };

describe("The cells of a contact sheet", () => {
  it("lie so that they are as large as can be", () => {
    expect(gridLayout({ width: 1400, height: 640 }, cell).columns).toBe(6);
    expect(gridLayout({ width: 1000, height: 800 }, cell).columns).toBe(4);
    expect(gridLayout({ width: 480, height: 700 }, cell).columns).toBe(3);
  });

  it("stand in one row where the room is low", () => {
    expect(gridLayout({ width: 1200, height: 100 }, cell)).toEqual({ columns: 12, picture: { width: 78, height: 78 } });
    expect(gridLayout({ width: 1036, height: 122 }, cell)).toEqual({ columns: 12, picture: { width: 80, height: 80 } });
  });

  it("are scrolled in less room, as many side by side as can be seen, a whole row in sight where that can be", () => {
    expect(gridLayout({ width: 300, height: 100 }, cell)).toEqual({ columns: 4, picture: { width: 67, height: 67 } });
    expect(gridLayout({ width: 440, height: 90 }, cell)).toEqual({ columns: 6, picture: { width: 65, height: 65 } });
    expect(gridLayout({ width: 900, height: 80 }, cell)).toEqual({ columns: 12, picture: { width: 64, height: 64 } });
    expect(gridLayout({ width: 1, height: 1 }, cell)).toEqual({ columns: 2, picture: { width: 64, height: 64 } });
  });

  it("leave no room empty between a name and its picture", () => {
    const wide = { width: 192, height: 144 };
    for (const room of [
      { width: 380, height: 700 },
      { width: 1040, height: 130 },
      { width: 1400, height: 640 },
    ]) {
      const { picture } = gridLayout(room, wide);
      expect(Math.abs(picture.height - (picture.width * 3) / 4)).toBeLessThanOrEqual(1);
    }
    expect(gridLayout({ width: 1000, height: 800 }, { width: 4, height: 512 }).picture.width).toBe(64);
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

it("A crop that is larger than the picture is said to be less than was asked for", () => {
  expect(clippedText({ width: 48, height: 36 }, 64)).toBe("Shown: 48 × 36 px, all there is");
  expect(clippedText({ width: 64, height: 36 }, 64)).toBe("Shown: 64 × 36 px, all of the picture's height");
  expect(clippedText({ width: 48, height: 64 }, 64)).toBe("Shown: 48 × 64 px, all of the picture's width");
  expect(clippedText({ width: 64, height: 64 }, 64)).toBe(undefined);
});
