import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { depthBins } from "../../src/prior/depth";
import { checkDepthBins, type DepthBins, edgesOf, evenEdges, planesOf, rampsOf, sharesAt } from "../../src/prior/depth-bins";
import { refusal } from "../message";
import { expectClose } from "../support";

const ALL: DepthBins = { near: 0, far: 1, invert: false, bins: 3 };
const DEPTHS = Array.from({ length: 101 }, (_, i) => i / 100);

describe("The bins of a depth", () => {
  it("give way to the next at each edge, half and half, and are full between the ramps", () => {
    const ramps = rampsOf({ ...ALL, edges: [0.2, 0.6] });
    expect(ramps.map(({ half }) => half)).toEqual([expect.closeTo(0.2), expect.closeTo(0.2)]);
    expect(sharesAt(0, ramps)).toEqual([1, 0, 0]);
    expect(sharesAt(0.1, ramps)).toEqual([expect.closeTo(0.75), expect.closeTo(0.25), 0]);
    expect(sharesAt(0.2, ramps)).toEqual([expect.closeTo(0.5), expect.closeTo(0.5), 0]);
    expect(sharesAt(0.4, ramps)).toEqual([expect.closeTo(0), expect.closeTo(1), expect.closeTo(0)]);
    expect(sharesAt(0.6, ramps)).toEqual([0, expect.closeTo(0.5), expect.closeTo(0.5)]);
    expect(sharesAt(0.9, ramps)).toEqual([0, 0, 1]);
  });

  it("are proportional shares of the two nearest planes where they are even", () => {
    for (const bins of [2, 3, 7]) {
      const cut = { ...ALL, near: 0.1, far: 0.9, bins };
      const ramps = rampsOf(cut);
      for (const depth of DEPTHS) {
        const plane = Math.min(1, Math.max(0, (depth - 0.1) / 0.8)) * (bins - 1);
        const shares = Array.from({ length: bins }, (_, i) => Math.max(0, 1 - Math.abs(plane - i)));
        expect(sharesAt(depth, ramps)).toEqual(shares.map((share) => expect.closeTo(share, 6)));
      }
      expect(rampsOf({ ...cut, edges: evenEdges(cut) })).toEqual(ramps);
    }
    expect(rampsOf({ ...ALL, bins: 1 })).toEqual([]);
    expect(sharesAt(0.4, [])).toEqual([1]);
  });

  it("are never below 0 and sum to 1, on the page as on the backend", async () => {
    const cut = { ...ALL, bins: 5, near: 0.05, edges: [0.1, 0.13, 0.5, 0.98] };
    const ramps = rampsOf(cut);
    const shares = DEPTHS.map((depth) => sharesAt(depth, ramps));
    for (const place of shares) {
      expect(place.every((share) => share >= 0)).toBe(true);
      expect(place.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    }
    await expectClose(depthBins(tf.tensor4d(DEPTHS, [1, 1, 101, 1]), cut), tf.tensor4d(shares.flat(), [1, 1, 101, 5]), 1e-5);
  });
});

describe("What is written of a cut", () => {
  it("is classes by name, or a number of planes", () => {
    expect(planesOf(" Sky ,water,sky")).toEqual([1, 2, 1]);
    expect(planesOf(" 12 ")).toBe(12);
  });

  it("is edges, or nothing for even ones", () => {
    expect(edgesOf("")).toBeUndefined();
    expect(edgesOf("  ")).toBeUndefined();
    expect(edgesOf("0.2, .5,1e-2,1.")).toEqual([0.2, 0.5, 0.01, 1]);
  });

  it("is read no further than there may be bins", () => {
    expect(planesOf("sky,".repeat(1_000_000))).toHaveLength(257);
    expect(() => checkDepthBins({ ...ALL, bins: 257 })).toThrow("a depth cannot be cut into 257 bins");
  });

  it("is refused with a message where it is neither", async () => {
    expect(await refusal(() => edgesOf("0.2, far"))).toBe(
      '"far" is no edge: give depths from 0 to 1 and commas between them, or nothing at all',
    );
    for (const text of [
      "0.2,",
      "0.2 0.5",
      "-0.1",
      "1.1",
      "NaN",
      "Infinity",
      "0x1",
      "<img>",
      "1e999",
      `${"9".repeat(3000)}`,
      `${"9".repeat(200_000)}x`,
    ])
      expect(await refusal(() => edgesOf(text)), text.slice(0, 20)).toContain("is no edge");
    const check = (more: Partial<DepthBins>) => refusal(() => checkDepthBins({ ...ALL, ...more }));
    expect(await check({ edges: [0.2] })).toBe("there is 1 edge for 3 bins: give 2, or none for even bins");
    expect(await check({ edges: [] })).toBe("there are 0 edges for 3 bins: give 2, or none for even bins");
    expect(await check({ edges: [0.5, 0.2] })).toBe(
      "edge 0.2 is not between edge 0.5 and far 1: give edges that rise from near to far",
    );
    expect(await check({ near: 0.4, edges: [0.2, 0.5] })).toBe(
      "edge 0.2 is not between near 0.4 and far 1: give edges that rise from near to far",
    );
    expect(await check({ edges: [0.5, 0.5] })).toContain("edge 0.5 is not between edge 0.5");
    expect(await check({ far: 0.5, edges: [0.2, 0.5] })).toContain("edge 0.5 is not between edge 0.2 and far 0.5");
  });
});
