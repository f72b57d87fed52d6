import { describe, expect, it } from "vitest";
import { identityOf, withoutBytes } from "../../src/graph/identity";

describe("An identity", () => {
  it("is that of the type, the parameters and what feeds it, in whatever order inputs come", () => {
    const own = identityOf(
      "t",
      [1],
      [
        ["b", "k", "out"],
        ["a", "k", "out"],
      ],
    );
    expect(
      identityOf(
        "t",
        [1],
        [
          ["a", "k", "out"],
          ["b", "k", "out"],
        ],
      ),
    ).toBe(own);
    for (const other of [
      identityOf(
        "u",
        [1],
        [
          ["a", "k", "out"],
          ["b", "k", "out"],
        ],
      ),
      identityOf(
        "t",
        [2],
        [
          ["a", "k", "out"],
          ["b", "k", "out"],
        ],
      ),
      identityOf(
        "t",
        [1],
        [
          ["a", "k", "out"],
          ["b", "l", "out"],
        ],
      ),
      identityOf(
        "t",
        [1],
        [
          ["a", "k", "out"],
          ["b", "k", "other"],
        ],
      ),
    ])
      expect(other).not.toBe(own);
  });

  it("names a file by its content, where that is known", () => {
    const sha256 = "0".repeat(64);
    expect(JSON.stringify(withoutBytes({ file: { name: "a", sha256, data: "AAAA" }, n: 1 }))).toBe(
      JSON.stringify({ file: { name: "a", sha256 }, n: 1 }),
    );
    expect(withoutBytes({ file: { name: "a", data: "AAAA" } })).toEqual({ file: { name: "a", data: "AAAA" } });
  });
});
