/** Resizing by onnxruntime, against tensors. */
import * as tf from "@tensorflow/tfjs-core";
import onnx from "onnxruntime-node";
import { expect, it } from "vitest";
import { openResampler } from "../../../src/headless/native/resampler";
import { read } from "../../../src/image/raster";
import { resampleRegion } from "../../../src/image/resample";
import { expectClose, noise } from "../../support";

const sourceSize = { height: 12, width: 17 };
const source = noise([1, 12, 17, 2]);

it.each([
  ["cubic", "mirror", { height: 48, width: 68 }],
  ["cubic", "mirror", { height: 31, width: 40 }],
  ["cubic", "mirror", { height: 4, width: 5 }],
  ["cubic", "mirror", { height: 3, width: 41 }],
  ["cubic", "mirror", { height: 12, width: 17 }],
  ["linear", "replicate", { height: 129, width: 6 }],
] as const)("makes what tensors make, all and in part: %s, %s, to %o", async (kernel, border, outputSize) => {
  const resample = await openResampler(onnx, 1);
  const part = { top: 1, left: 2, height: outputSize.height - 2, width: outputSize.width - 3 };
  for (const region of [part, { top: 0, left: 0, ...outputSize }]) {
    const { needs, passes, apply } = resampleRegion({ sourceSize, outputSize, kernel, border, region });
    const given = read(source, needs);
    const map = { height: needs.height, width: needs.width, channels: 2, samples: await given.data<"float32">() };
    for (const clip of [false, true]) {
      const { height, width, samples } = await resample(map, passes, clip);
      expect([height, width]).toEqual([region.height, region.width]);
      const expected = clip ? tf.clipByValue(apply(given), 0, 1) : apply(given);
      await expectClose(tf.tensor4d(samples, [1, height, width, 2]), expected, 2e-6);
    }
  }
});
