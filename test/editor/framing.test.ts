import { expect, it } from "vitest";
import { fitted, frameOf, moved, type View } from "../../src/editor/framing";

const room = { width: 1000, height: 700, covered: 60 };
/** Where a frame is drawn. */
const drawn = ({ scale, offset: [x, y] }: View, [left, top, right, bottom]: readonly [number, number, number, number]) => [
  (left + x) * scale,
  (top + y) * scale,
  (right + x) * scale,
  (bottom + y) * scale,
];

it("A frame is fitted into the middle of what is seen, and never enlarged", () => {
  const wide = frameOf([
    [-500, 20, 300, 100],
    [900, 80, 600, 300],
  ]);
  expect(wide).toEqual([-500, 20, 1500, 380]);
  const [left, top, right, bottom] = drawn(fitted(wide, room, 0.1), wide);
  expect([left, right].map((x) => Math.round(x!))).toEqual([24, 976]);
  expect(top! - 60).toBeCloseTo(700 - bottom!, 9);
  const small = fitted([0, 0, 10, 10], room, 0.1);
  expect(small.scale).toBe(1);
  expect(drawn(small, [0, 0, 10, 10])).toEqual([495, 375, 505, 385]);
  expect(fitted([0, 0, 1e6, 10], room, 0.15).scale).toBe(0.15);
});

it("A view moves as little as shows a frame with its margin, and not at all where it is shown", () => {
  const view = { scale: 0.5, offset: [0, 0] as const };
  expect(moved(view, [100, 200, 300, 400], room)).toEqual(view);
  const below = [100, 1300, 300, 1500] as const;
  expect(drawn(moved(view, below, room)!, below)).toEqual([50, 576, 150, 676]);
  const before = [-300, 40, -100, 240] as const;
  expect(drawn(moved(view, before, room)!, before)).toEqual([24, 84, 124, 184]);
  expect(moved(view, [0, 0, 1960, 100], room)).toBeUndefined();
});
