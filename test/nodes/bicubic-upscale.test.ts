import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import bicubicUpscale from "../../nodes/bicubic-upscale";
import { bicubicUp4 } from "../../src/image/bicubic";
import { colourBar } from "../../src/image/legend";
import { HostRaster, read, sizeOf } from "../../src/image/raster";
import { whole } from "../../src/region";
import { npyFixture } from "../image/pictures";
import { refusal } from "../message";
import { expectClose, imageOf, noise, runNode } from "../support";
import { tensorOf } from "./values";

describe("Bicubic Upscale", () => {
  it("enlarges as the authors' imresize does", async () => {
    const lr = imageOf(await npyFixture("image-lr_float.npy", [1, 32, 32, 3]));
    const { image } = await runNode(bicubicUpscale, { image: lr });
    await expectClose(tensorOf(image.rgb), await npyFixture("image-bicubic_up.npy", [1, 128, 128, 3]), 1e-6);
  });

  it("carries opacity, without overshoot", async () => {
    const alpha = tf.round(noise([1, 5, 7, 1])) as tf.Tensor4D;
    const { image } = await runNode(bicubicUpscale, { image: { rgb: noise([1, 5, 7, 3]), alpha } });
    await expectClose(tensorOf(image.alpha!), tf.clipByValue(bicubicUp4(alpha), 0, 1), 1e-6);
  });

  it("does not say of the new colours what the old ones stood for", async () => {
    const legend = colourBar("viridis", "x", { low: 0, high: 1 }, { min: 0, max: 2 });
    expect((await runNode(bicubicUpscale, { image: { rgb: noise([1, 5, 7, 3]), legend } })).image.legend).toBeUndefined();
  });

  it.each([20_000, 4_000])("gives the same in tiles with a budget of %i bytes, in host memory", async (budget) => {
    const rgb = noise([1, 19, 23, 3]);
    const { image } = await runNode(bicubicUpscale, { image: imageOf(rgb) }, {}, { budget });
    expect(image.rgb).toBeInstanceOf(HostRaster);
    await expectClose(read(image.rgb, whole(sizeOf(image.rgb))), bicubicUp4(rgb), 1e-6);
  });

  it("leaves nothing behind when cancelled in the middle of colours or of opacity", async () => {
    const image = { rgb: noise([1, 19, 23, 3]), alpha: noise([1, 19, 23, 1]) };
    const cancelled = (at: number) => {
      let pauses = 0;
      return async () => {
        if (++pauses === at) throw new Error("it was cancelled");
      };
    };
    for (const at of [1, 2, 3, 4])
      await refusal(() => runNode(bicubicUpscale, { image }, {}, { budget: 100_000, checkpoint: cancelled(at) }));
  });
});
