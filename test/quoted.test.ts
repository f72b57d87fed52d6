import { describe, expect, it } from "vitest";
import { quoted } from "../src/quoted";

describe("a name in a message", () => {
  it("stands in double quotes, with control characters and line separators escaped", () => {
    expect(quoted("conv0.weight")).toBe('"conv0.weight"');
    expect(quoted('a"b\n\u009b\u2028é')).toBe('"a\\"b\\n\\u009b\\u2028é"');
    expect(quoted("")).toBe('""');
  });

  it("has at most 80 characters, those of escapes counted, and is cut between characters", () => {
    expect(quoted("x".repeat(80))).toBe(`"${"x".repeat(80)}"`);
    expect(quoted("x".repeat(81))).toBe(`"${"x".repeat(79)}…"`);
    expect(quoted("\0".repeat(200))).toBe(`"${"\\u0000".repeat(13)}…"`);
    expect(quoted(`${"x".repeat(78)}😀😀`)).toBe(`"${"x".repeat(78)}…"`);
  });
});
