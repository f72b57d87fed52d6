import { describe, expect, it } from "vitest";
import { formatPicks, PICK_LIMITS, parsePicks, type RegionPick } from "../../src/prior/picks";
import { refusal } from "../message";

const picks: RegionPick[] = [
  { choice: "grass", x: 12.25, y: 40.5 },
  { choice: "predicted", x: 3, y: 0 },
];

describe("The text of regions", () => {
  it("gives back what it was made of, and is empty for none", () => {
    expect(formatPicks(picks)).toBe("1 grass@12.25,40.5 predicted@3,0");
    expect(parsePicks(formatPicks(picks))).toEqual(picks);
    expect([formatPicks([]), parsePicks(""), parsePicks(" 1 ")]).toEqual(["", [], []]);
  });

  it("cuts places and does not round them, so that they stay where they are", () => {
    expect(formatPicks([{ choice: "sky", x: 11.999, y: -0.4 }])).toBe("1 sky@11.99,0");
  });

  it.each([
    ["2 sky@1,1", 'format "2"'],
    ["1 sky@1,1 none@2,2", 'region 2 of 2 cannot be read ("none@2,2")'],
    ["1 sky@-1,1", "region 1 of 1"],
    ["1 constructor@1,1", "region 1 of 1"],
    ["1 sky@1e9,1", "region 1 of 1"],
    ["1 <img src=x>@1,1\u0000", "region 1 of 2"],
    [`1 ${"sky@1,1 ".repeat(PICK_LIMITS.picks + 1)}`, `at most ${PICK_LIMITS.picks}`],
    ["x".repeat(PICK_LIMITS.characters + 1), `at most ${PICK_LIMITS.characters}`],
  ])("refuses %s", async (text, part) => {
    expect(await refusal(() => parsePicks(text))).toContain(part);
  });
});
