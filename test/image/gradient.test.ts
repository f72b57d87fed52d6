import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { edges, gradient, normals } from "../../src/image/gradient";
import { expectClose, noise } from "../support";

/** A plane that rises by these amounts per pixel. */
const plane = (right: number, down: number) =>
  tf.tensor4d(
    Array.from({ length: 30 }, (_, i) => (i % 6) * right + Math.floor(i / 6) * down),
    [1, 5, 6, 1],
  );
const inside = (map: tf.Tensor4D) => tf.slice(map, [0, 1, 1, 0], [1, 3, 4, map.shape[3]]);
const everywhere = (...values: number[]) => tf.tile(tf.tensor4d(values, [1, 1, 1, values.length]), [1, 3, 4, 1]);

describe("gradient", () => {
  it("is exact on a plane", async () => {
    await expectClose(inside(gradient(plane(0.25, -0.5))), everywhere(0.25, -0.5), 1e-6);
  });

  it("is Sobel's sum over 8, the edge repeated beyond it", async () => {
    const [height, width] = [4, 5];
    const grey = noise([1, height, width, 1], 8);
    const samples = await grey.data();
    const at = (y: number, x: number) =>
      samples[Math.min(Math.max(y, 0), height - 1) * width + Math.min(Math.max(x, 0), width - 1)]!;
    const expected: number[] = [];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const column = (u: number) => at(y - 1, u) + 2 * at(y, u) + at(y + 1, u);
        const row = (v: number) => at(v, x - 1) + 2 * at(v, x) + at(v, x + 1);
        expected.push((column(x + 1) - column(x - 1)) / 8, (row(y + 1) - row(y - 1)) / 8);
      }
    const before = tf.memory().numTensors;
    const result = gradient(grey);
    expect(tf.memory().numTensors).toBe(before + 1);
    await expectClose(result, tf.tensor4d(expected, [1, height, width, 2]), 1e-5);
  });

  it("is 0 in a picture of one pixel", async () => {
    await expectClose(gradient(tf.fill([1, 1, 1, 1], 3)), tf.zeros([1, 1, 1, 2]), 1e-6);
  });
});

it("edges are as long as the slope", async () => {
  await expectClose(inside(edges(plane(0.3, 0.4))), everywhere(0.5), 1e-6);
});

describe("normals", () => {
  it("point at the viewer where heights are flat", async () => {
    await expectClose(inside(normals(plane(0, 0), 8)), everywhere(0.5, 0.5, 1), 1e-6);
  });

  it("lean away from what rises: to the left of a rise to the right, up from a rise downwards", async () => {
    const z = 1 / Math.sqrt(1 + 1.5 ** 2 + 2 ** 2);
    const stored = (value: number) => value / 2 + 0.5;
    await expectClose(inside(normals(plane(0.3, 0.4), 5)), everywhere(stored(-1.5 * z), stored(2 * z), stored(z)), 1e-6);
  });
});
