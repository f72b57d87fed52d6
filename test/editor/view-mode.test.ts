import { describe, expect, it } from "vitest";
import { isWide, type Mode, nextMode, type Use } from "../../src/editor/view-mode";

const USES: Readonly<Record<number, Use>> = { 1: "view", 2: "paint", 3: "sheet", 4: undefined, 5: "view" };
const view = (node: number | undefined): Mode => ({ kind: "view", node });
const next = (now: Mode, selected?: number, take = false, uses = USES) =>
  nextMode(now, { selected, take, useOf: (node) => uses[node], fallback: () => 5 });

describe("the mode of the large view", () => {
  it("is what the selected node is for", () => {
    expect(next(view(5), 1)).toEqual(view(1));
    expect(next(view(5), 2)).toEqual({ kind: "paint", node: 2, wide: false });
    expect(next(view(5), 3)).toEqual({ kind: "sheet", node: 3, wide: false });
  });

  it("keeps the last picture where the selected node has none, and falls back where that is gone", () => {
    expect(next(view(1), 4)).toEqual(view(1));
    expect(next(view(1))).toEqual(view(1));
    expect(next(view(9), 4)).toEqual(view(5));
    expect(next(view(undefined))).toEqual(view(5));
  });

  it("stays with what is painted on, as large as it is, until another node is chosen or it cannot be painted on", () => {
    const painting: Mode = { kind: "paint", node: 2, wide: true };
    expect(next(painting)).toBe(painting);
    expect(next(painting, 2)).toBe(painting);
    expect(next(painting, 3)).toEqual({ kind: "sheet", node: 3, wide: false });
    expect(next(painting, 4)).toEqual(view(2));
    expect(next(painting, undefined, false, { 2: "view" })).toEqual(view(2));
    expect(next(painting, undefined, false, {})).toEqual(view(5));
    expect([painting, next(painting, 4)].map(isWide)).toEqual([true, false]);
  });

  it("is for a take before all, and then for what there was", () => {
    const taken = next({ kind: "sheet", node: 3, wide: true }, 2, true);
    expect(taken).toEqual({ kind: "take", node: 3 });
    expect(next(taken)).toEqual(view(3));
    expect(next(taken, 2)).toEqual({ kind: "paint", node: 2, wide: false });
  });
});
