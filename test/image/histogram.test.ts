import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { histogram, STEPS } from "../../src/image/histogram";
import { DeferredRaster, HostRaster, read } from "../../src/image/raster";
import { noise, testContext } from "../support";

const size = { height: 21, width: 34 };
const shape = [1, size.height, size.width, 1] as const;
/** Eighths of a step from its edges, so that no rounding moves them to another. */
const levels = async () => {
  const values = await noise([...shape], 3).data();
  return Float32Array.from(
    values,
    (value) => (Math.floor(1.2 * value * STEPS) + 0.125 + 0.75 * ((value * 4096) % 1)) / STEPS - 0.1,
  );
};
function plainLoop(values: Iterable<number>): number[] {
  const counts = new Array(STEPS).fill(0);
  for (const value of values) counts[Math.min(STEPS - 1, Math.max(0, Math.floor(value * STEPS)))]++;
  return counts;
}

describe("A histogram", () => {
  it("counts what a plain loop counts, in one tensor, in host memory, and computed on demand; values beyond 0 to 1 at the ends", async () => {
    const values = await levels();
    const tensor = tf.tensor4d(values, [...shape]);
    const counts = plainLoop(await tensor.data());
    expect(counts[0]).toBeGreaterThan(values.length / 64);
    const forms = [
      tensor,
      new HostRaster(size, 1, values),
      new DeferredRaster(shape, [tensor], (region) => read(tensor, region)),
    ];
    for (const raster of forms) {
      const before = tf.memory().numTensors;
      expect(await histogram(raster, (part) => part, testContext())).toEqual(counts);
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  it.each([
    [7, 33],
    [5, 1],
    [1, 35],
    [1, 1],
  ])("counts all of %i rows of %i, and nothing beside them", async (height, width) => {
    const counts = await histogram(tf.zeros([1, height, width, 1]), (part) => part, testContext());
    expect(counts).toEqual([height * width, ...new Array(STEPS - 1).fill(0)]);
  });

  it("counts the same in tiles, and of what is made of the map", async () => {
    const values = await levels();
    let pauses = 0;
    const work = testContext({ budget: 2 ** 14, checkpoint: async () => void pauses++ });
    const twice = new HostRaster(
      size,
      1,
      values.map((value) => value / 2),
    );
    expect(await histogram(twice, (part) => tf.mul(part, 2), work)).toEqual(plainLoop(values));
    expect(pauses).toBeGreaterThan(4);
  });
});
