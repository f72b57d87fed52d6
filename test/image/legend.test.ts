import { describe, expect, it } from "vitest";
import { colourBar, legendText, ticksOf } from "../../src/image/legend";
import { COLOUR_MAPS } from "../../src/image/palette";

const bar = (low: number, high: number, min = low, max = high) => colourBar("viridis", "x", { low, high }, { min, max });
const texts = (...range: Parameters<typeof bar>) => ticksOf(bar(...range)).map(({ text }) => text);

describe("A colour bar", () => {
  it("has numbers at its ends and its middle, with as many digits as tell them apart", () => {
    expect(ticksOf(bar(0, 3))).toEqual([
      { at: 0, text: "0" },
      { at: 0.5, text: "1.5" },
      { at: 1, text: "3" },
    ]);
    expect(texts(0, 0.125)).toEqual(["0", "0.0625", "0.125"]);
    expect(texts(0.9871, 1.0129)).toEqual(["0.9871", "1", "1.0129"]);
    expect(texts(-2.5, 2.5)).toEqual(["−2.5", "0", "2.5"]);
    expect(texts(0, 2e-5)).toEqual(["0", "1.00e−5", "2.00e−5"]);
    expect(texts(0, 1 / 3)).toEqual(["0", "0.1667", "0.3333"]);
  });

  it("says where values lie beyond an end, rounding aside", () => {
    expect(texts(0, 0.125, 0, 0.4)).toEqual(["0", "0.0625", "≥ 0.125"]);
    expect(texts(0, 1, -0.2, 1)).toEqual(["≤ 0", "0.5", "1"]);
    expect(texts(0, 3, 0, 3 + 2e-7)).toEqual(["0", "1.5", "3"]);
    expect(legendText(bar(0, 0.125, 0, 0.4))).toBe("x: 0 to ≥ 0.125");
  });

  it("has one number where the range is one", () => {
    expect(ticksOf(bar(0.25, 0.25))).toEqual([{ at: 0.5, text: "0.25" }]);
    expect(texts(0, 0)).toEqual(["0"]);
    expect(legendText(bar(0, 0))).toBe("x: 0");
  });

  it("has colours for every map", () => {
    for (const colours of Object.values(COLOUR_MAPS)) {
      expect(colours.length).toBeGreaterThan(1);
      for (const colour of colours) expect(colour).toMatch(/^[0-9a-f]{6}$/);
    }
  });
});
