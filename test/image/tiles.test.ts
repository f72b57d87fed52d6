import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import { HostRaster, read } from "../../src/image/raster";
import { mapTiles, tiles } from "../../src/image/tiles";
import { grow } from "../../src/region";
import type { Region } from "../../src/types";
import { expectClose, noise } from "../support";

const work = { budget: 2 ** 28, checkpoint: async () => {}, progress: () => {} };
const size = { height: 21, width: 34 };
const picture = noise([1, size.height, size.width, 2]);
const blur = (x: tf.Tensor4D) => tf.avgPool(x, 5, 1, "same") as tf.Tensor4D;
const tiling = { size, reach: 2, scale: 1, channels: 2, bytesPerPixel: 8 };
/** A budget that allows windows of 12 × 12 pixels, and the result in one tensor. */
const small = { ...work, budget: 144 * 8 * 2 * 8 };

describe("tiles", () => {
  it("cover every pixel once, whatever the size", () => {
    for (const [height, width, pixels] of [
      [1, 1, 100],
      [7, 300, 400],
      [20000, 3, 4096],
      [50, 50, 900],
      [9, 9, 1],
    ] as const) {
      const seen = new Uint8Array(height * width);
      for (const region of tiles({ height, width }, 3, pixels))
        for (let y = region.top; y < region.top + region.height; y++)
          for (let x = region.left; x < region.left + region.width; x++) seen[y * width + x]! += 1;
      expect(
        seen.every((times) => times === 1),
        `${height} × ${width}`,
      ).toBe(true);
    }
  });

  it("are one where the picture fits, and whole rows of it where those do", () => {
    const size = { height: 320, width: 480 };
    expect(tiles(size, 36, 320 * 480)).toEqual([{ top: 0, left: 0, ...size }]);
    expect(tiles(size, 36, 320 * 480 - 1)).toHaveLength(2);
    const strips = tiles({ height: 1000, width: 30 }, 3, 30 * 56);
    expect(strips).toHaveLength(20);
    expect(strips.every(({ width, height }) => width === 30 && height === 50)).toBe(true);
  });

  it("have windows of one size all over the picture", () => {
    const windows = tiles({ height: 100, width: 120 }, 3, 900).map((region) => grow(region, 3, { height: 100, width: 120 }));
    expect(new Set(windows.map(({ height, width }) => `${height}×${width}`)).size).toBeLessThanOrEqual(4);
  });
});

describe("mapTiles", () => {
  it("gives the same map in tiles as in one piece", async () => {
    const compute = vi.fn((window: Region) => blur(read(picture, window)));
    const whole = (await mapTiles(tiling, work, compute)) as tf.Tensor4D;
    expect(compute).toHaveBeenCalledTimes(1);
    const tiled = (await mapTiles({ ...tiling, bytesPerPixel: 8 * 8 }, small, compute)) as tf.Tensor4D;
    expect(compute.mock.calls.length).toBeGreaterThan(4);
    await expectClose(tiled, whole, 1e-6);
    tf.dispose([whole, tiled]);
  });

  it("keeps finished tiles of what does not fit in host memory, and no tensor", async () => {
    const before = tf.memory().numTensors;
    const raster = await mapTiles(tiling, { ...work, budget: 2000 }, (window) => blur(read(picture, window)));
    expect(raster).toBeInstanceOf(HostRaster);
    expect(tf.memory().numTensors).toBe(before);
    const part = { top: 3, left: 5, height: 10, width: 20 };
    const [actual, expected] = [read(raster, part), tf.tidy(() => read(blur(picture), part))];
    await expectClose(actual, expected, 1e-6);
    tf.dispose([actual, expected]);
  });

  it("stops at the next tile when cancelled and leaves no tensor behind", async () => {
    const before = tf.memory().numTensors;
    const compute = vi.fn((window: Region) => blur(read(picture, window)));
    let pauses = 0;
    const checkpoint = async () => {
      if (++pauses === 2) throw new Error("cancelled");
    };
    await expect(mapTiles({ ...tiling, bytesPerPixel: 64 }, { ...small, checkpoint }, compute)).rejects.toThrow("cancelled");
    expect(compute).toHaveBeenCalledTimes(2);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("reports progress from tile to tile", async () => {
    const progress = vi.fn();
    tf.dispose(
      (await mapTiles({ ...tiling, bytesPerPixel: 64 }, { ...small, progress }, (window) =>
        blur(read(picture, window)),
      )) as tf.Tensor,
    );
    const fractions = progress.mock.calls.flat();
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  });

  it("refuses a result that no memory holds, and says what would fit", async () => {
    const huge = { ...tiling, size: { height: 60_000, width: 60_000 }, channels: 3, scale: 4 };
    await expect(mapTiles(huge, work, () => tf.zeros([1, 1, 1, 3]))).rejects.toThrow(
      /240000 × 240000.*at most.*give a picture of up to/,
    );
  });
});
