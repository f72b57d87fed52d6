import { describe, expect, it } from "vitest";
import { wrap } from "../../src/litegraph/lines";

const measure = (text: string): number => text.length;

describe("wrap", () => {
  it("breaks between words", () => expect(wrap("one two three", 7, 4, measure)).toEqual(["one two", "three"]));
  it("breaks a word that fits no line", () => expect(wrap("abcdefgh", 3, 9, measure)).toEqual(["abc", "def", "gh"]));
  it("ends what does not fit in an ellipsis", () => expect(wrap("one two three four", 5, 2, measure)).toEqual(["one", "tw…"]));
  it("ends for a width of nothing", () => expect(wrap("some words", 0, 3, measure)).toHaveLength(3));
});
