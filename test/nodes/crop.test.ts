import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import crop from "../../nodes/crop";
import { colourBar } from "../../src/image/legend";
import { HostRaster, read } from "../../src/image/raster";
import { whole } from "../../src/region";
import { refusal } from "../message";
import { expectClose, imageOf, noise, runNode } from "../support";
import { tensorOf } from "./values";

const picture = noise([1, 9, 11, 3], 2);
const alpha = noise([1, 9, 11, 1], 3);

describe("Crop", () => {
  it("cuts out a region, with its opacity", async () => {
    const region = { left: 2, top: 3, width: 5, height: 4 };
    const { image } = await runNode(crop, { image: { rgb: picture, alpha } }, region);
    await expectClose(tensorOf(image.rgb), tf.slice(picture, [0, 3, 2, 0], [1, 4, 5, 3]), 1e-6);
    await expectClose(tensorOf(image.alpha!), tf.slice(alpha, [0, 3, 2, 0], [1, 4, 5, 1]), 1e-6);
  });

  it("keeps what the colours stand for", async () => {
    const legend = colourBar("viridis", "x", { low: 0, high: 1 }, { min: 0, max: 2 });
    for (const image of [
      { rgb: picture, legend },
      { rgb: picture, alpha, legend },
    ])
      expect((await runNode(crop, { image }, { left: 2, top: 3, width: 5, height: 4 })).image.legend).toEqual(legend);
  });

  it("goes as far as the picture for a width or height of 0", async () => {
    const { image } = await runNode(crop, { image: imageOf(picture) }, { left: 4, top: 8, width: 0, height: 0 });
    await expectClose(tensorOf(image.rgb), tf.slice(picture, [0, 8, 4, 0], [1, 1, 7, 3]), 1e-6);
  });

  it("works in tiles, from host memory to host memory", async () => {
    const size = { height: 9, width: 11 };
    const rgb = new HostRaster(size, 3, await picture.data<"float32">());
    const { image } = await runNode(crop, { image: { rgb } }, { left: 1, top: 2, width: 9, height: 7 }, { budget: 1000 });
    expect(image.rgb).toBeInstanceOf(HostRaster);
    await expectClose(read(image.rgb, whole({ height: 7, width: 9 })), tf.slice(picture, [0, 2, 1, 0], [1, 7, 9, 3]), 1e-6);
  });

  it("refuses a region that is not inside", async () => {
    const run = (region: object) => refusal(() => runNode(crop, { image: imageOf(picture) }, region));
    expect(await run({ left: 8, top: 0, width: 4, height: 4 })).toBe(
      "the region of 4 × 4 pixels at (8, 0) is not inside the picture of 11 × 9: choose one that is, in whole pixels",
    );
    for (const region of [
      { left: 11, top: 0, width: 0, height: 0 },
      { left: -1, top: 0, width: 2, height: 2 },
      { left: 0.5, top: 0, width: 2, height: 2 },
      { left: 0, top: 9, width: 1, height: 1 },
      { left: Number.NaN, top: 0, width: 1, height: 1 },
    ])
      expect(await run(region)).toContain("is not inside the picture of 11 × 9");
  });
});
