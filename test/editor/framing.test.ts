import { expect, it } from "vitest";
import { begun, fitted, frameOf, moved, type View } from "../../src/editor/framing";

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

it("A frame too large to be read is begun at what comes first, as much of it as there is room for; one that can be read is fitted", () => {
  const phone = { width: 390, height: 768, covered: 68 };
  const wide = [40, 40, 1600, 840] as const;
  const small = [40, 40, 500, 600] as const;
  const view = begun(wide, [40, 300, 250, 534], phone, 0.1);
  expect(view.scale).toBeGreaterThanOrEqual(0.7);
  const [left, top, , bottom] = drawn(view, wide);
  expect(left).toBeCloseTo(24, 9);
  expect(top! - 68).toBeCloseTo(768 - bottom!, 9);
  expect(begun(small, [40, 40, 90, 90], phone, 0.1)).toEqual(fitted(small, phone, 0.1));

  const tall = [0, 0, 2000, 9000] as const;
  const at = (top: number) => drawn(begun(tall, [0, top, 200, top + 200], phone, 0.1), [0, top, 200, top + 200]);
  expect(at(0).map((at) => Math.round(at!))).toEqual([24, 68 + 24, 164, 232]);
  expect(at(4400)[1]).toBeCloseTo(68 + 350 - 70, 9); // in the middle
  expect(Math.round(at(8800)[3]!)).toBe(768 - 24);
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
