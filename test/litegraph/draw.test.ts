import { expect, it } from "vitest";
import { seconds } from "../../src/litegraph/draw";

it("seconds names a time in the unit people read", () => {
  expect([0.2, 12.4, 999, 2500, 61_000].map(seconds)).toEqual(["< 1 ms", "12 ms", "999 ms", "2.50 s", "61.0 s"]);
});
