import { describe, expect, it } from "vitest";
import { aligned, distributed } from "../../../src/editor/edits/align";
import { nudged, onGrid } from "../../../src/editor/edits/grid";
import type { Box } from "../../../src/editor/wires/geometry";

const boxes: readonly Box[] = [
  [100, 0, 40, 10],
  [0, 50, 20, 30],
  [30, 200, 60, 20],
];

describe("Aligned boxes", () => {
  it("have a side of the outermost one, or the middle of all", () => {
    expect(aligned(boxes, "left").map(([x]) => x)).toEqual([0, 0, 0]);
    expect(aligned(boxes, "right")).toEqual([
      [100, 0],
      [120, 50],
      [80, 200],
    ]);
    expect(aligned(boxes, "centre").map(([x], i) => x + boxes[i]![2] / 2)).toEqual([70, 70, 70]);
    expect(aligned(boxes, "top").map(([, y]) => y)).toEqual([0, 0, 0]);
    expect(aligned(boxes, "bottom").map(([, y], i) => y + boxes[i]![3])).toEqual([220, 220, 220]);
    expect(aligned(boxes, "middle").map(([x]) => x)).toEqual([100, 0, 30]);
  });
});

describe("Distributed boxes", () => {
  it("have equal gaps between them in the order they lie in, and the outermost stay", () => {
    const corners = distributed(boxes, 1);
    expect(corners[0]).toEqual([100, 0]);
    expect(corners[2]).toEqual([30, 200]);
    expect(corners[1]![1] - 10).toBe(200 - (corners[1]![1] + 30));
    expect(distributed(boxes, 0).map(([x]) => x)).toEqual([100, 0, 30]); // 20 wide, gap 10, 60 wide, gap 10
  });
});

describe("A step with the arrow keys", () => {
  it("goes to the next line of the grid where nodes are held to it", () => {
    expect(nudged(10, 1, 6, false)).toBe(16);
    expect(nudged(10, 1, 6, true)).toBe(24);
    expect(nudged(10, -1, 6, true)).toBe(0);
    expect(nudged(24, -1, 6, true)).toBe(0);
    expect(nudged(24, 1, 48, true)).toBe(72);
    expect(onGrid(-13)).toBe(-24);
  });
});
