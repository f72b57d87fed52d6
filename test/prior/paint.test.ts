import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { oneHot } from "../../src/prior/classes";
import { flood } from "../../src/prior/flood";
import { type Canvas, paint, repaint } from "../../src/prior/paint";
import { strokeBox, strokeMask } from "../../src/prior/stroke-mask";
import { addStroke, type Stroke } from "../../src/prior/strokes";
import { whole } from "../../src/region";
import type { Size } from "../../src/types";
import { expectClose, noise, random } from "../support";
import { labelsOf } from "./labels";
import { formatStrokes } from "./stroke-text";

const checkpoint = async () => {};
const picture: Size = { height: 10, width: 12 };
const map: Size = { height: 40, width: 48 };
const grid = { picture, map };
const brush: Stroke = { tool: "brush", label: 1, size: 4, hardness: 1, strength: 1, points: [6, 5] };

const predicted = (size = map, seed = 4) =>
  tf.tidy(() => tf.softmax(tf.mul(noise([1, size.height, size.width, 8], seed), 4))) as tf.Tensor4D;
const canvas = (prior = predicted()): Canvas => ({ grid, predicted: prior, checkpoint });

async function numbers(tensor: tf.Tensor): Promise<Float32Array> {
  return (await tensor.data()) as Float32Array;
}
/** The probabilities of one place. */
const at = async (painted: tf.Tensor4D, x: number, y: number) =>
  Array.from(await numbers(tf.slice(painted, [0, y, x, 0], [1, 1, 1, 8])));

async function expectProbabilities(painted: tf.Tensor4D): Promise<void> {
  const sums = await numbers(tf.sum(painted, 3));
  expect(Math.max(...sums.map((sum) => Math.abs(sum - 1)))).toBeLessThan(1e-5);
  expect(Math.min(...(await numbers(painted)))).toBeGreaterThanOrEqual(0);
}

describe("The mask of a stroke", () => {
  it("is full inside, nothing outside, and covers the area of a disc", async () => {
    const mask = await strokeMask(brush, grid, whole(map), checkpoint);
    expect(mask[20 * 48 + 24]).toBe(1);
    expect(mask[0]).toBe(0);
    const area = mask.reduce((sum, value) => sum + value, 0) / 16;
    expect(area).toBeCloseTo(Math.PI * 4, 0);
  });

  it("lies within its box, and is the same in whatever part it is computed", async () => {
    const stroke: Stroke = { ...brush, hardness: 0.3, points: [2, 2, 9, 3.5, 4, 8], pressures: [1, 0.3, 0.8] };
    const all = await strokeMask(stroke, grid, whole(map), checkpoint);
    const box = strokeBox(stroke, grid)!;
    const part = await strokeMask(stroke, grid, box, checkpoint);
    for (let y = 0; y < map.height; y++)
      for (let x = 0; x < map.width; x++) {
        const [row, column] = [y - box.top, x - box.left];
        const inside = row >= 0 && column >= 0 && row < box.height && column < box.width;
        expect(all[y * map.width + x]).toBe(inside ? part[row * box.width + column] : 0);
      }
  });

  it("falls off from the middle where it is soft, and not where the stroke crosses itself", async () => {
    const soft = await strokeMask({ ...brush, size: 8, hardness: 0 }, grid, whole(map), checkpoint);
    const row = Array.from(soft.slice(20 * 48 + 24, 20 * 48 + 42));
    expect(row).toEqual([...row].sort((a, b) => b - a));
    expect(row[8]).toBeGreaterThan(0.3);
    expect(row[8]).toBeLessThan(0.7);
    const crossing: Stroke = { ...brush, size: 8, hardness: 0, strength: 0.5, points: [2, 5, 10, 5, 6, 5] };
    expect(Math.max(...(await strokeMask(crossing, grid, whole(map), checkpoint)))).toBeLessThanOrEqual(0.5);
  });

  it("is as much narrower as the pen presses less", async () => {
    const covered = async (pressure: number) =>
      (await strokeMask({ ...brush, pressures: [pressure] }, grid, whole(map), checkpoint)).reduce(
        (sum, value) => sum + value,
        0,
      );
    expect((await covered(0.5)) / (await covered(1))).toBeCloseTo(0.25, 1);
  });

  it("of an outline is what it goes round, a loop in it included", async () => {
    const square: Stroke = { ...brush, tool: "lasso", points: [2, 2, 6, 2, 6, 7, 2, 7] };
    const mask = await strokeMask(square, grid, whole(map), checkpoint);
    expect(mask.reduce((sum, value) => sum + value, 0)).toBeCloseTo(16 * 20, 3);
    const twice: Stroke = { ...square, points: [...square.points, ...square.points] };
    expect(await strokeMask(twice, grid, whole(map), checkpoint)).toEqual(mask);
    const half: Stroke = { ...square, points: [2.125, 2, 3, 2, 3, 3, 2.125, 3] };
    expect((await strokeMask(half, grid, whole(map), checkpoint))[8 * 48 + 8]).toBeCloseTo(0.5, 5);
  });

  it("of a stroke beside the picture has no place at all", () => {
    expect(strokeBox({ ...brush, points: [-40, 5] }, grid)).toBeUndefined();
    expect(strokeBox({ ...brush, points: [900, 900] }, grid)).toBeUndefined();
  });

  it("can be stopped while it is computed", async () => {
    const long: Stroke = { ...brush, size: 4000, points: Array.from({ length: 20_000 }, (_, i) => i % 7) };
    const stop = () => Promise.reject(new Error("cancelled"));
    await expect(strokeMask(long, grid, whole(map), stop)).rejects.toThrow("cancelled");
  });
});

describe("A flood", () => {
  it("fills the region of one label, over sides and not over corners", () => {
    const labels = Uint8Array.of(1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1);
    expect(flood(labels, { height: 3, width: 4 }, 0, 0)).toEqual({
      box: { left: 0, top: 0, width: 2, height: 2 },
      mask: Float32Array.of(1, 1, 0, 1),
    });
    expect(flood(labels, { height: 3, width: 4 }, 3, 0)!.box).toEqual({ left: 3, top: 0, width: 1, height: 1 });
    expect(flood(labels, { height: 3, width: 4 }, 4, 0)).toBeUndefined();
    expect(flood(labels, { height: 3, width: 4 }, 0, Number.NaN)).toBeUndefined();
  });
});

describe("Painting", () => {
  it("without strokes leaves the prior as it is, and scales it to sum 1", async () => {
    const prior = predicted();
    await expectClose(await paint(canvas(prior), ""), prior, 1e-6);
    await expectClose(await paint(canvas(tf.mul(prior, 3)), ""), prior, 1e-6);
    await expectClose(await paint(canvas(tf.zerosLike(prior)), ""), tf.fill(prior.shape, 1 / 8), 1e-6);
  });

  it("makes a place of the class, as far as the stroke is strong", async () => {
    const prior = predicted();
    const [before, full, half] = [
      await at(prior, 24, 20),
      await at(await paint(canvas(prior), formatStrokes([brush])), 24, 20),
      await at(await paint(canvas(prior), formatStrokes([{ ...brush, strength: 0.5 }])), 24, 20),
    ];
    for (let c = 0; c < 8; c++) {
      const one = c === 1 ? 1 : 0;
      expect(full[c]).toBeCloseTo(one, 5);
      expect(half[c]).toBeCloseTo(before[c]! / 2 + one / 2, 5);
    }
  });

  it("keeps probabilities that sum to 1, whatever is painted over what", async () => {
    const next = random(9);
    const strokes = Array.from(
      { length: 12 },
      (_, i): Stroke => ({
        ...brush,
        tool: (["brush", "eraser", "brush", "lasso"] as const)[i % 4]!,
        label: i % 4 === 1 ? 0 : i % 8,
        hardness: next(),
        strength: 0.2 + 0.8 * next(),
        size: 1 + 8 * next(),
        points: Array.from({ length: 8 }, () => 12 * next()),
      }),
    );
    await expectProbabilities(await paint(canvas(), formatStrokes(strokes)));
  });

  it("erases back to the predicted prior", async () => {
    const prior = predicted();
    const everything: Stroke = { ...brush, tool: "eraser", label: 0, size: 100, points: [6, 5] };
    await expectClose(await paint(canvas(prior), formatStrokes([brush, everything])), prior, 1e-6);
  });

  it("fills the connected region of the class as it stands by then", async () => {
    const labels = Uint8Array.from({ length: 40 * 48 }, (_, i) => (i % 48 < 20 ? 3 : 5));
    const wall: Stroke = { ...brush, tool: "lasso", label: 5, points: [-1, 4, 13, 4, 13, 6, -1, 6] };
    const fill: Stroke = { ...brush, tool: "fill", label: 7, points: [1, 1] };
    const painted = await labelsOf(await paint(canvas(oneHot(labels, map)), formatStrokes([wall, fill])));
    expect(painted[2 * 48 + 2]).toBe(7);
    expect(painted[15 * 48 + 19]).toBe(7);
    expect(painted[30 * 48 + 2]).toBe(3); // beyond the wall
    expect(painted[2 * 48 + 30]).toBe(5);
  });

  it("enlarges a coarse prior to the map it paints on", async () => {
    const constant = oneHot(Uint8Array.of(6), { height: 1, width: 1 });
    const painted = await paint(canvas(constant), formatStrokes([brush]));
    expect(painted.shape).toEqual([1, 40, 48, 8]);
    expect((await at(painted, 0, 0))[6]).toBeCloseTo(1, 5);
    expect((await at(painted, 24, 20))[1]).toBeCloseTo(1, 5);
  });
});

describe("Painting on", () => {
  const line: Stroke = { ...brush, label: 4, hardness: 0.2, strength: 0.7, points: [1, 1, 4, 3, 3, 6] };
  const dot: Stroke = { ...brush, label: 6, size: 3, points: [9, 7] };
  const erased: Stroke = { ...brush, tool: "eraser", label: 0, size: 2, hardness: 0.5, points: [3, 3, 9, 7] };
  const filled: Stroke = { ...brush, tool: "fill", label: 2, points: [9, 7] };
  const cases: readonly (readonly [string, readonly Stroke[], readonly Stroke[]])[] = [
    ["one stroke more", [line], [line, dot]],
    ["an eraser more", [line, dot], [line, dot, erased]],
    ["one stroke less", [line, dot, erased], [line, dot]],
    ["another last stroke", [line, dot], [line, { ...dot, label: 1, points: [8, 2] }]],
    ["all strokes gone", [line, dot], []],
    ["a fill more", [line, dot], [line, dot, filled]],
    ["a fill less", [line, dot, filled, erased], [line, dot]],
    ["another stroke before a fill", [dot, filled], [line, dot, filled]],
    ["the same strokes", [line, dot], [line, dot]],
  ];
  it.each(cases)("with %s equals painting anew, and says where it differs", async (_, old, now) => {
    const prior = predicted();
    const before = await paint(canvas(prior), formatStrokes(old));
    const anew = await paint(canvas(prior), formatStrokes(now));
    const { map: updated, changed } = await repaint(canvas(prior), formatStrokes(now), { map: before, text: formatStrokes(old) });
    await expectClose(updated, anew, 1e-6);
    const [a, b] = [await numbers(before), await numbers(updated)];
    const outside = a.findIndex((value, i) => {
      const place = Math.floor(i / 8);
      const [y, x] = [Math.floor(place / 48) - (changed?.top ?? 0), (place % 48) - (changed?.left ?? 0)];
      return value !== b[i] && !(changed && y >= 0 && x >= 0 && y < changed.height && x < changed.width);
    });
    expect(outside, "a change outside of the region").toBe(-1);
  });

  it("says a region no larger than the stroke", async () => {
    const before = await paint(canvas(), "");
    const { changed } = await repaint(canvas(), formatStrokes([dot]), { map: before, text: "" });
    expect(changed).toEqual(strokeBox(dot, grid));
  });

  it("follows a predicted prior that has changed in one place", async () => {
    for (const size of [map, { height: 20, width: 24 }]) {
      const prior = predicted(size);
      const other = tf.concat(
        [tf.slice(prior, [0, 0, 0, 0], [1, 5, size.width, 8]), tf.slice(predicted(size, 8), [0, 5, 0, 0])],
        1,
      );
      const text = formatStrokes([line, dot]);
      const before = await paint(canvas(prior), text);
      const changed = { top: 5, left: 0, height: size.height - 5, width: size.width };
      const updated = await repaint(canvas(other as tf.Tensor4D), text, { map: before, text }, changed);
      await expectClose(updated.map, await paint(canvas(other as tf.Tensor4D), text), 1e-6);
    }
  });

  it("leaves no tensor behind, also where it is stopped", async () => {
    const prior = predicted();
    const text = formatStrokes([line, dot, filled]);
    const before = tf.memory().numTensors;
    const first = await paint(canvas(prior), text);
    const second = await repaint(canvas(prior), addStroke(text, erased), { map: first, text });
    const third = await repaint(canvas(prior), formatStrokes([line]), { map: second.map, text: addStroke(text, erased) });
    tf.dispose([first, second.map, third.map]);
    const stop = { ...canvas(prior), checkpoint: () => Promise.reject(new Error("cancelled")) };
    await expect(paint(stop, text)).rejects.toThrow("cancelled");
    expect(tf.memory().numTensors).toBe(before);
  });
});
