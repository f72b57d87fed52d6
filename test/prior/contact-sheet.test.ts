import { describe, expect, it } from "vitest";
import { CELLS, COLUMNS, cellRegion, cellSize, cropRegion, GAP, MIDDLE, sheetSize } from "../../src/prior/contact-sheet";
import { refusal } from "../message";

const picture = { height: 80, width: 120 };

describe("A contact sheet", () => {
  it("has twelve cells in a grid without gaps at its edges", () => {
    expect(CELLS).toHaveLength(12);
    const cell = { height: 20, width: 30 };
    const sheet = sheetSize(cell);
    expect(sheet).toEqual({ height: 3 * 20 + 2 * GAP, width: 4 * 30 + 3 * GAP });
    expect(cellSize(sheet)).toEqual(cell);
    const last = cellRegion(CELLS.length - 1, cell);
    expect([last.top + last.height, last.left + last.width]).toEqual([sheet.height, sheet.width]);
    expect(cellRegion(COLUMNS + 1, cell)).toEqual({ top: 20 + GAP, left: 30 + GAP, ...cell });
  });
});

describe("A crop", () => {
  it("lies in the middle unless it is placed, and is no larger than the picture", () => {
    expect(cropRegion(picture, { left: MIDDLE, top: MIDDLE, size: 64 })).toEqual({ left: 28, top: 8, height: 64, width: 64 });
    expect(cropRegion(picture, { left: 0, top: 16, size: 64 })).toEqual({ left: 0, top: 16, height: 64, width: 64 });
    expect(cropRegion(picture, { left: 20, top: 0, size: 100 })).toEqual({ left: 20, top: 0, height: 80, width: 100 });
  });

  it("is refused where it reaches beyond the picture", async () => {
    expect(await refusal(() => cropRegion(picture, { left: 57, top: 0, size: 64 }))).toContain("left to at most 56, or to -1");
    expect(await refusal(() => cropRegion(picture, { left: 0, top: 900, size: 128 }))).toContain("top to at most 0");
  });
});
