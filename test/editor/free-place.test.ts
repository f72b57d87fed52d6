import { expect, it } from "vitest";
import { freePlace } from "../../src/editor/free-place";

it("leaves a new node where it was wanted if nothing is there", () => {
  expect(freePlace([10, 20, 200, 100], [])).toEqual([10, 20]);
  expect(freePlace([10, 20, 200, 100], [[500, 500, 100, 100]])).toEqual([10, 20]);
});

it("moves it to the nearest place that is free", () => {
  const [left, top] = freePlace([0, 0, 200, 100], [[0, 0, 200, 100]]);
  expect(Math.abs(top)).toBeGreaterThanOrEqual(116);
  expect(left).toBe(0);
});

it("gives up rather than searching for ever", () => {
  expect(freePlace([0, 0, 10, 10], [[-1e6, -1e6, 2e6, 2e6]])).toEqual([0, 0]);
});
