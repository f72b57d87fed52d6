import { describe, expect, it } from "vitest";
import { channelColours, colourKey } from "../../src/prior/legend";
import { CLASS_COLOURS, CLASSES } from "../../src/types";

describe("A key", () => {
  it("names the colour of every channel", () => {
    const { entries } = colourKey(CLASSES)!;
    expect(entries.map(({ name }) => name)).toEqual(CLASSES);
    expect(entries.map(({ colour }) => colour)).toEqual(CLASS_COLOURS);
    expect(colourKey(["near", "far"])!.entries.map(({ colour }) => colour)).toEqual(channelColours(2));
  });

  it("leaves empty channels out, and is none where there is one channel or very many", () => {
    const depth = ["near", "far", ...Array.from({ length: 6 }, (_, i) => `empty ${i + 1}`)];
    expect(colourKey(depth)!.entries.map(({ name }) => name)).toEqual(["near", "far"]);
    expect(colourKey(["grey"])).toBeUndefined();
    expect(colourKey(Array.from({ length: 25 }, (_, i) => `plane ${i}`))).toBeUndefined();
  });
});
