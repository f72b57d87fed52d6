import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { colourMap, heatMap } from "../../src/image/colour-map";
import { HostRaster, read } from "../../src/image/raster";
import { whole } from "../../src/region";
import { expectClose, noise, testContext } from "../support";

const row = (...values: number[]) => tf.tensor4d(values, [1, 1, values.length, 1]);
const levels = async (map: tf.Tensor4D) => {
  const all = Array.from(await map.data(), (value) => Math.round(255 * value));
  return Array.from({ length: map.shape[2] }, (_, i) => all.slice(3 * i, 3 * i + 3));
};

describe("colourMap", () => {
  // Entries 0, 51, 127, 204 and 255 of matplotlib's 256, as published.
  it("is viridis from the smallest to the largest number", async () => {
    const found = await levels(colourMap(row(2, 2 + 4 * (51 / 255), 4, 2 + 4 * (204 / 255), 6), { low: 2, high: 6 }, "viridis"));
    const published = [
      [0x44, 0x01, 0x54],
      [0x41, 0x44, 0x87],
      [0x21, 0x91, 0x8c],
      [0x7a, 0xd1, 0x51],
      [0xfd, 0xe7, 0x25],
    ];
    for (const [i, colour] of published.entries())
      for (const c of [0, 1, 2]) expect(Math.abs(found[i]![c]! - colour[c]!), `${i}`).toBeLessThanOrEqual(7);
  });

  it("goes from blue through grey to red around a middle", async () => {
    expect(await levels(colourMap(row(0, 1, 2), { low: 0, high: 2 }, "cool-warm"))).toEqual([
      [59, 76, 192],
      [221, 221, 221],
      [180, 4, 38],
    ]);
  });

  it("gives what lies beyond the range the colour of its end", async () => {
    const [below, low, high, above] = await levels(colourMap(row(-9, 0, 1, 9), { low: 0, high: 1 }, "viridis"));
    expect(below).toEqual(low);
    expect(above).toEqual(high);
  });

  it("becomes lighter all the way in viridis", async () => {
    const steps = Array.from({ length: 64 }, (_, i) => i / 63);
    const light = (await levels(colourMap(row(...steps), { low: 0, high: 1 }, "viridis"))).map(
      ([r, g, b]) => 0.2126 * r! + 0.7152 * g! + 0.0722 * b!,
    );
    for (let i = 1; i < light.length; i++) expect(light[i]!).toBeGreaterThan(light[i - 1]! - 0.5);
  });

  it("has the middle colour where the range is one number, and refuses what is no range", async () => {
    expect(await levels(colourMap(row(5), { low: 5, high: 5 }, "cool-warm"))).toEqual([[221, 221, 221]]);
    for (const [low, high] of [
      [1, 0],
      [Number.NaN, 1],
      [0, Number.POSITIVE_INFINITY],
    ])
      expect(() => colourMap(row(0), { low: low!, high: high! }, "viridis")).toThrow("give two finite numbers");
  });
});

it("heatMap gives the same in tiles and leaves nothing but its result", async () => {
  const values = noise([1, 21, 17, 1]);
  const range = { low: 0.1, high: 0.9 };
  const once = colourMap(values, range, "viridis");
  const before = tf.memory().numTensors;
  const tiled = await heatMap(values, range, "viridis", testContext({ budget: 6000 }));
  expect(tiled).toBeInstanceOf(HostRaster);
  expect(tf.memory().numTensors).toBe(before);
  await expectClose(read(tiled, whole({ height: 21, width: 17 })), once, 1e-6);
});
