import { expect, it } from "vitest";
import { following, type Place, towards } from "../../../src/editor/keyboard/walk";

/** 1 and 2 in a column, 3 right of both, 4 far below 3. */
const at = (id: number, x: number, y: number): Place => ({ id, x, y, width: 100, height: 50 });
const places = [at(3, 200, 40), at(1, 0, 0), at(4, 200, 600), at(2, 0, 100)];

it("Nodes follow one another as one reads, round both ends", () => {
  expect([undefined, 1, 2, 3, 4].map((from) => following(places, from, 1))).toEqual([1, 2, 3, 4, 1]);
  expect([undefined, 1, 3].map((from) => following(places, from, -1))).toEqual([4, 4, 2]);
  expect(following([], 1, 1)).toBeUndefined();
});

it("In a direction the nearest node is found, what lies straight on before what lies aside", () => {
  expect(towards(places, 1, "right")).toBe(3);
  expect(towards(places, 1, "down")).toBe(2);
  expect(towards(places, 3, "left")).toBe(1);
  expect(towards(places, 3, "down")).toBe(4);
  expect(towards(places, 4, "up")).toBe(3);
  expect([towards(places, 1, "left"), towards(places, 1, "up")]).toEqual([undefined, undefined]);
  expect(towards(places, undefined, "left")).toBe(1);
});
