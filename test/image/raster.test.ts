import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { DeferredRaster, fromSamples, HostRaster, read, readBeyond } from "../../src/image/raster";
import { grow, scaled, sizeText, whole, within } from "../../src/region";
import { expectClose, noise } from "../support";

const size = { height: 7, width: 9 };
const region = { top: 2, left: 3, height: 4, width: 5 };
const map = noise([1, 7, 9, 2]);
const part = () => tf.slice(map, [0, 2, 3, 0], [1, 4, 5, 2]);

describe("A region of a raster", () => {
  it("is the same from a tensor, from host memory, and computed", async () => {
    const host = new HostRaster(size, 2, (await map.data()) as Float32Array);
    const deferred = new DeferredRaster([1, 7, 9, 2], [map], (region) => read(map, region));
    for (const raster of [map, host, deferred]) {
      const before = tf.memory().numTensors;
      const actual = read(raster, region);
      expect(tf.memory().numTensors - before).toBe(1);
      await expectClose(actual, part(), 1e-7);
    }
  });

  it("of 8 and 16 bits is divided by what stands for 1", async () => {
    for (const [samples, maximum] of [
      [Uint8Array.of(0, 51, 255), 255],
      [Uint16Array.of(0, 13107, 65535), 65535],
    ] as const) {
      const host = new HostRaster({ height: 1, width: 3 }, 1, samples, maximum);
      await expectClose(read(host, whole({ height: 1, width: 3 })), tf.tensor4d([0, 0.2, 1], [1, 1, 3, 1]), 1e-6);
    }
  });

  it("in host memory can be looked at by every n-th pixel", async () => {
    const host = new HostRaster(size, 2, (await map.data()) as Float32Array);
    const expected = tf.stridedSlice(map, [0, 2, 3, 0], [1, 6, 8, 2], [1, 3, 2, 1]);
    await expectClose(host.every(3, { ...region, width: 1 }), tf.slice(expected, [0, 0, 0, 0], [1, 2, 1, 2]), 1e-7);
    await expectClose(host.every(1, region), part(), 1e-7);
  });
});

describe("fromSamples", () => {
  it("gives a tensor where its floats fit the budget, host memory otherwise", () => {
    const samples = new Uint8Array(7 * 9 * 2);
    expect(fromSamples(size, 2, samples, 255, 4 * samples.length)).toBeInstanceOf(tf.Tensor);
    const host = fromSamples(size, 2, samples, 255, 4 * samples.length - 1);
    expect(host).toBeInstanceOf(HostRaster);
    expect((host as HostRaster).bytes).toBe(samples.length);
  });
});

describe("A region that reaches beyond a raster", () => {
  it("repeats its edge pixels there, and leaves one tensor behind", async () => {
    const beyond = { top: -2, left: 6, height: 12, width: 7 };
    const before = tf.memory().numTensors;
    const found = readBeyond(map, beyond);
    expect(tf.memory().numTensors).toBe(before + 1);
    const edge = (i: number, limit: number) => Math.min(Math.max(i, 0), limit - 1);
    const rows = Array.from({ length: 12 }, (_, i) => edge(i - 2, 7));
    const columns = Array.from({ length: 7 }, (_, i) => edge(i + 6, 9));
    const expected = tf.gather(tf.gather(map, tf.tensor1d(rows, "int32"), 1), tf.tensor1d(columns, "int32"), 2);
    await expectClose(found, expected, 1e-7);
  });

  it("is a plain region where it does not", async () => {
    await expectClose(readBeyond(map, region), part(), 1e-7);
  });

  it("is made of the nearest edge where it lies outside altogether", async () => {
    const corner = readBeyond(map, { top: 20, left: -9, height: 2, width: 3 });
    await expectClose(corner, tf.tile(tf.slice(map, [0, 6, 0, 0], [1, 1, 1, 2]), [1, 2, 3, 1]), 1e-7);
  });
});

describe("Windows", () => {
  it("are of one size, moved inward at edges, and no larger than the picture", () => {
    const tile = (top: number) => grow({ top, left: 0, height: 2, width: 9 }, 1, size);
    expect(tile(0)).toEqual({ top: 0, left: 0, height: 4, width: 9 });
    expect(tile(2)).toEqual({ top: 1, left: 0, height: 4, width: 9 });
    expect(tile(5)).toEqual({ top: 3, left: 0, height: 4, width: 9 });
    expect(grow(region, 100, size)).toEqual(whole(size));
  });

  it("hold the region they were grown from, at every scale", () => {
    const window = grow(region, 1, size);
    expect(within(region, window)).toEqual({ top: 1, left: 1, height: 4, width: 5 });
    expect(scaled(within(region, window), 4)).toEqual({ top: 4, left: 4, height: 16, width: 20 });
  });
});

it("Sizes are written width first", () => {
  expect(sizeText({ height: 192, width: 320 })).toBe("320 × 192");
});
