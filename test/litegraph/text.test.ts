import { describe, expect, it } from "vitest";
import { clip, wrap } from "../../src/litegraph/text";

const measure = (text: string): number => text.length;

describe("wrap", () => {
  it("breaks between words", () => expect(wrap("one two three", 7, 4, measure)).toEqual(["one two", "three"]));
  it("breaks a word that fits no line", () => expect(wrap("abcdefgh", 3, 9, measure)).toEqual(["abc", "def", "gh"]));
  it("ends what does not fit in an ellipsis", () => expect(wrap("one two three four", 5, 2, measure)).toEqual(["one", "tw…"]));
  it("ends for a width of nothing", () => expect(wrap("some words", 0, 3, measure)).toHaveLength(3));
});

it("clip cuts text to a width, and looks at no more of it than a node could show", () => {
  let measured = 0;
  const context = {
    measureText: (text: string) => {
      measured += text.length;
      return { width: text.length };
    },
  } as unknown as CanvasRenderingContext2D;
  expect(clip(context, "12px Inter", "one two", 20)).toBe("one two");
  expect(clip(context, "12px Inter", "without modulation", 12)).toBe("without mod…");
  expect(clip(context, "12px Inter", "9".repeat(5_000_000), 5)).toBe("9999…");
  expect(measured).toBeLessThan(5_000_000);
  const before = measured;
  expect(clip(context, "12px Inter", "without modulation", 12)).toBe("without mod…");
  expect(measured).toBe(before); // as in every frame
  expect(clip(context, "12px Inter", "without modulation", 9)).toBe("without …");
  expect(clip(context, "13px Inter", "without modulation", 99)).toBe("without modulation");
});
