import { describe, expect, it } from "vitest";
import { partAround } from "../../../src/editor/painter/focus";

const picture = { width: 96, height: 72 };

describe("The part of a result around the pen", () => {
  it("lies around it on whole low-resolution pixels, inside the picture", () => {
    expect(partAround({ x: 0.5, y: 0.5 }, picture, 24)).toEqual({ left: 128, top: 80, width: 128, height: 128 });
    expect(partAround({ x: 0, y: 1.2 }, picture, 24)).toEqual({ left: 0, top: 160, width: 128, height: 128 });
    const { left, top } = partAround({ x: 0.513, y: 0.487 }, picture, 24);
    expect([left % 4, top % 4]).toEqual([0, 0]);
  });

  it("comes in two sizes, for small brushes and for large ones", () => {
    const sides = [0.5, 32, 33, 64, 256].map((brush) => partAround({ x: 0.5, y: 0.5 }, { width: 500, height: 400 }, brush).width);
    expect(sides).toEqual([128, 128, 256, 256, 256]);
  });

  it("is no larger than the picture", () => {
    expect(partAround({ x: 0.5, y: 0.5 }, { width: 12, height: 10 }, 24)).toEqual({ left: 0, top: 0, width: 48, height: 40 });
  });
});
