import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { boxMean, guidedFilter } from "../../src/image/guided-filter";
import { expectClose, noise } from "../support";

type Grid = number[][];
const gridOf = (samples: ArrayLike<number>, height: number, width: number, channels = 1, c = 0): Grid =>
  Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => samples[(y * width + x) * channels + c]!));

/** Means of windows clipped to the picture, by definition and in double precision. */
const meanBox = (grid: Grid, radius: number): Grid =>
  grid.map((row, y) =>
    row.map((_, x) => {
      let sum = 0;
      let count = 0;
      for (let v = Math.max(0, y - radius); v <= Math.min(grid.length - 1, y + radius); v++)
        for (let u = Math.max(0, x - radius); u <= Math.min(row.length - 1, x + radius); u++) {
          sum += grid[v]![u]!;
          count++;
        }
      return sum / count;
    }),
  );
const zip = (f: (...values: number[]) => number, ...grids: Grid[]): Grid =>
  grids[0]!.map((row, y) => row.map((_, x) => f(...grids.map((grid) => grid[y]![x]!))));

/** Algorithm 1 of the paper. */
function algorithm(guide: Grid, input: Grid, radius: number, epsilon: number): Grid {
  const mean = (grid: Grid) => meanBox(grid, radius);
  const product = (a: Grid, b: Grid) => zip((x, y) => x * y, a, b);
  const [meanI, meanP] = [mean(guide), mean(input)];
  const covariance = zip((ip, i, p) => ip - i * p, mean(product(guide, input)), meanI, meanP);
  const variance = zip((ii, i) => ii - i * i, mean(product(guide, guide)), meanI);
  const a = zip((c, v) => c / (v + epsilon), covariance, variance);
  const b = zip((p, slope, i) => p - slope * i, meanP, a, meanI);
  return zip((slope, i, offset) => slope * i + offset, mean(a), guide, mean(b));
}

describe("boxMean", () => {
  it.each([
    [7, 9, 1],
    [7, 9, 3],
    [5, 6, 32],
    [1, 6, 2],
    [6, 1, 2],
    [1, 1, 4],
  ])("is the mean of what of the window is inside: %i × %i, radius %i", async (height, width, radius) => {
    const map = noise([1, height, width, 1], 3);
    const expected = meanBox(gridOf(await map.data(), height, width), radius);
    const before = tf.memory().numTensors;
    const result = boxMean(map, radius);
    expect(tf.memory().numTensors).toBe(before + 1);
    await expectClose(result, tf.tensor4d(expected.flat(), [1, height, width, 1]), 1e-5);
  });
});

describe("guidedFilter", () => {
  it.each([
    [1, 0.01],
    [2, 0.001],
    [5, 0.1],
  ])("is the paper's algorithm for each channel: radius %i, epsilon %f", async (radius, epsilon) => {
    const [guide, map] = [noise([1, 9, 11, 1], 5), noise([1, 9, 11, 3], 6)];
    const [i, p] = [gridOf(await guide.data(), 9, 11), await map.data()];
    const channels = [0, 1, 2].map((c) => algorithm(i, gridOf(p, 9, 11, 3, c), radius, epsilon));
    const expected = i.flatMap((row, y) => row.flatMap((_, x) => channels.map((grid) => grid[y]![x]!)));
    await expectClose(guidedFilter(guide, map, { radius, epsilon }), tf.tensor4d(expected, [1, 9, 11, 3]), 2e-4);
  });

  it("is the mean of means where the guide is flat, and keeps sums over channels", async () => {
    const map = tf.softmax(noise([1, 8, 8, 4], 2)) as tf.Tensor4D;
    const flat = guidedFilter(tf.fill([1, 8, 8, 1], 0.7), map, { radius: 2, epsilon: 0.01 });
    await expectClose(flat, boxMean(boxMean(map, 2), 2), 1e-5);
    const led = guidedFilter(noise([1, 8, 8, 1], 9), map, { radius: 2, epsilon: 0.001 });
    await expectClose(tf.sum(led, 3), tf.ones([1, 8, 8]), 1e-4);
  });

  it("keeps a step where the guide has one", async () => {
    const step = tf.tensor4d(
      Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 0 : 1)),
      [1, 8, 8, 1],
    );
    await expectClose(guidedFilter(step, step, { radius: 2, epsilon: 1e-5 }), step, 1e-3);
  });

  it("refuses a guide of another size", () => {
    expect(() => guidedFilter(noise([1, 3, 4, 1]), noise([1, 4, 4, 2]), { radius: 1, epsilon: 1 })).toThrow(
      "a guide of 4 × 3 cannot lead a map of 4 × 4",
    );
  });
});
