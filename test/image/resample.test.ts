import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { type ResampleOptions, resample, resampleRegion } from "../../src/image/resample";
import type { Region } from "../../src/types";
import expected from "../fixtures/image-expected.json";
import { expectClose, noise } from "../support";
import { pattern } from "./pictures";

const cut = (x: tf.Tensor4D, { top, left, height, width }: Region) =>
  tf.slice(x, [0, top, left, 0], [1, height, width, x.shape[3]]);

/** Resamples one region from nothing but the part of the source it asks for. */
function regionOf(source: tf.Tensor4D, options: ResampleOptions, region: Region): tf.Tensor4D {
  return tf.tidy(() => {
    const [, height, width] = source.shape;
    const { needs, apply } = resampleRegion({ ...options, sourceSize: { height, width }, region });
    return apply(cut(source, needs));
  });
}

async function expectEqual(actual: tf.Tensor, wanted: tf.Tensor): Promise<void> {
  // tfjs's WebGPU kernels add up in an order that depends on the size.
  if (tf.getBackend() === "webgpu") return expectClose(actual, wanted, 1e-6);
  expect(actual.shape).toEqual(wanted.shape);
  expect(await actual.data()).toEqual(await wanted.data());
}

describe("resample", () => {
  it.each(["mirror", "replicate"] as const)(
    "agrees with numpy where one side grows and the other shrinks (%s)",
    async (border) => {
      const result = resample(pattern(5, 6), { outputSize: { height: 8, width: 4 }, border });
      await expectClose(result, tf.tensor(expected[border], [1, 8, 4, 3]), 2e-6);
    },
  );

  it("mirrors a picture that is smaller than the kernel as often as it takes", async () => {
    const result = resample(pattern(2, 1), { outputSize: { height: 8, width: 4 } });
    await expectClose(result, tf.tensor(expected.onePixelWide, [1, 8, 4, 3]), 2e-6);
  });

  it("is bilinear with half-pixel centres under `linear`", async () => {
    const source = noise([1, 5, 7, 2]);
    const result = resample(source, { outputSize: { height: 13, width: 11 }, kernel: "linear", border: "replicate" });
    await expectClose(result, tf.image.resizeBilinear(source, [13, 11], false, true), 2e-6);
  });

  it("repeats pixels under `nearest`, and takes the middle one when it shrinks", async () => {
    const source = tf.tensor4d([1, 2, 3, 4], [1, 1, 4, 1]);
    const larger = resample(source, { outputSize: { height: 2, width: 8 }, kernel: "nearest" });
    expect([...(await larger.data())]).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 1, 1, 2, 2, 3, 3, 4, 4]);
    const smaller = resample(source, { outputSize: { height: 1, width: 2 }, kernel: "nearest" });
    expect([...(await smaller.data())]).toEqual([2, 4]);
  });

  it("averages what it throws away, unless told not to", async () => {
    const stripes = tf.tensor4d(
      Array.from({ length: 63 }, (_, i) => i % 2),
      [1, 1, 63, 1],
    );
    const options = { outputSize: { height: 1, width: 9 }, kernel: "linear" } as const;
    const inner = { top: 0, left: 1, height: 1, width: 7 };
    for (const value of await cut(resample(stripes, options), inner).data()) expect(Math.abs(value - 0.5)).toBeLessThan(0.02);
    const sampled = resample(stripes, { ...options, antialias: false });
    await expectClose(sampled, tf.tensor4d([1, 0, 1, 0, 1, 0, 1, 0, 1], [1, 1, 9, 1]), 1e-6);
  });

  it("keeps an even colour even, at any size", async () => {
    for (const size of [1, 2, 5, 33, 70]) {
      const result = resample(tf.fill([1, 9, 6, 3], 0.25), { outputSize: { height: size, width: 71 - size } });
      await expectClose(result, tf.fill([1, size, 71 - size, 3], 0.25), 1e-6);
    }
  });

  it("changes nothing where the size stays", async () => {
    const source = noise([1, 5, 4, 3]);
    for (const kernel of ["cubic", "linear", "nearest"] as const) {
      await expectEqual(resample(source, { outputSize: { height: 5, width: 4 }, kernel }), source);
    }
  });

  it("leaves one tensor behind: its result", () => {
    const source = noise([1, 6, 5, 3]);
    const before = tf.memory().numTensors;
    resample(source, { outputSize: { height: 24, width: 3 } });
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});

describe("resampleRegion", () => {
  const cases: [string, ResampleOptions][] = [
    ["cubic ×4", { outputSize: { height: 92, width: 76 }, scale: 4 }],
    ["cubic ×1/4, size rounded up", { outputSize: { height: 6, width: 5 }, scale: 1 / 4 }],
    ["cubic, other ratios", { outputSize: { height: 61, width: 13 }, border: "replicate" }],
    ["linear", { outputSize: { height: 40, width: 41 }, kernel: "linear" }],
    ["linear, not antialiased", { outputSize: { height: 7, width: 8 }, kernel: "linear", antialias: false }],
    ["nearest", { outputSize: { height: 50, width: 9 }, kernel: "nearest" }],
    ["one side unchanged", { outputSize: { height: 46, width: 19 } }],
  ];

  it.each(cases)("equals the cut of the whole, to the last bit (%s)", async (_, options) => {
    const source = noise([1, 23, 19, 3]);
    const whole = resample(source, options);
    const { height, width } = options.outputSize;
    for (const [top, left, bottom, right] of [
      [0, 0, height, width],
      [0, 0, 1, 1],
      [height - 1, width - 1, height, width],
      [Math.floor(height / 3), Math.floor(width / 4), Math.ceil(height / 2) + 1, width - 1],
    ] as const) {
      const region = { top, left, height: bottom - top, width: right - left };
      await expectEqual(regionOf(source, options, region), cut(whole, region));
    }
  });

  it("asks for a few rows around a region, and for parts of one size on a grid of tiles", () => {
    const sizes = new Set<string>();
    for (let top = 0; top < 512; top += 64) {
      for (let left = 0; left < 512; left += 64) {
        const region = { top, left, height: 64, width: 64 };
        const { needs } = resampleRegion({
          sourceSize: { height: 128, width: 128 },
          outputSize: { height: 512, width: 512 },
          scale: 4,
          region,
        });
        sizes.add(`${needs.width} × ${needs.height}`);
        expect(needs.top).toBeGreaterThanOrEqual(0);
        expect(needs.top + needs.height).toBeLessThanOrEqual(128);
      }
    }
    expect([...sizes]).toEqual(["21 × 21"]);
  });

  const valid = {
    sourceSize: { height: 4, width: 4 },
    outputSize: { height: 8, width: 8 },
    region: { top: 0, left: 0, height: 8, width: 8 },
  };

  it("refuses a region outside the output, and sizes and factors that are none", () => {
    expect(() => resampleRegion({ ...valid, region: { top: 1, left: 0, height: 8, width: 8 } })).toThrow(
      "the region of 8 × 8 pixels at (0, 1) is not inside the output of 8 × 8 pixels: choose one that is",
    );
    expect(() => resampleRegion({ ...valid, outputSize: { height: 0, width: 8 } })).toThrow(
      "the output of a resampling is 8 × 0",
    );
    expect(() => resampleRegion({ ...valid, sourceSize: { height: 2.5, width: 8 } })).toThrow("whole numbers from 1");
    expect(() => resampleRegion({ ...valid, scale: Number.NaN })).toThrow("by a factor of NaN");
  });

  it("refuses a part of another size than it asked for", () => {
    expect(() => resampleRegion(valid).apply(noise([1, 3, 4, 1]))).toThrow("this region is made from 4 × 4");
  });
});
