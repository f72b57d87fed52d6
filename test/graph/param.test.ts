/** Messages about values that do not fit their parameter. */
import { describe, expect, it } from "vitest";
import { number } from "../../src/graph/node";
import { checkParam } from "../../src/graph/param";

describe("a number out of range", () => {
  const limit = number({ default: 8, min: 0, max: 64, step: 1, unit: "px", help: "" });

  it("is said with its unit, apart from the number", () => {
    expect(checkParam("limit", limit, -5)).toBe("limit is -5 px: it must be at least 0 px");
    expect(checkParam("limit", limit, 65)).toBe("limit is 65 px: it must be at most 64 px");
    expect(checkParam("limit", limit, 64)).toBeUndefined();
  });

  it("is said alone where there is no unit", () => {
    expect(checkParam("blocks", { ...limit, unit: undefined }, 65)).toBe("blocks is 65: it must be at most 64");
  });
});
