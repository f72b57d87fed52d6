import { describe, expect, it } from "vitest";
import { levelOf, sampleText } from "../../../src/editor/viewer/readout";

describe("What is said of a pixel", () => {
  it("is a picture's colour from 0 to 255, as it is shown", () => {
    expect([-0.2, 0, 0.5, 1, 1.4].map(levelOf)).toEqual([0, 0, 128, 255, 255]);
    expect(sampleText({ type: "image", values: [0, 0.5, 1.2] })).toBe("R 0  G 128  B 255");
  });

  it("is the probabilities of a prior's likeliest classes", () => {
    const channels = ["background", "sky", "water", "grass", "mountain"];
    const sample = { type: "prior", values: [0.001, 0.2, 0.7, 0.06, 0.039], channels, kind: "probabilities" } as const;
    expect(sampleText(sample)).toBe("water 70 %  sky 20 %  grass 6 %");
  });

  it("is the numbers of another map, by its channels, the first few of many", () => {
    const sample = { type: "prior", values: [0.31234], channels: ["depth"], kind: "map" } as const;
    expect(sampleText(sample)).toBe("depth 0.312");
    const many = { type: "prior", values: [1, 2, 3, 4, 5], channels: ["a", "b", "c"], kind: "map" } as const;
    expect(sampleText(many)).toBe("a 1  b 2  c 3  channel 3 4  …");
  });

  it("is nothing of conditions and features, whose numbers mean nothing by themselves", () => {
    expect(sampleText({ type: "features", values: [1, 2] })).toBe("");
  });
});
