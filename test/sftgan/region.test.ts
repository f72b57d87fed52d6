import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { read } from "../../src/image/raster";
import { oneHot } from "../../src/prior/classes";
import { scaled, whole } from "../../src/region";
import { enlargeRegion, headAround } from "../../src/sftgan/region";
import { type Architecture, CLASSES, type Prior, type Region, SCALE } from "../../src/types";
import { expectClose, imageOf, noise, tensorCount, testContext, tinyModel } from "../support";
import { generator, residualBlock, head as theHead, upsample } from "./stages";

const size = { height: 40, width: 44 };
const picture = imageOf(noise([1, size.height, size.width, 3], 3));
const prior: Prior = {
  map: tf.softmax(tf.mul(noise([1, SCALE * size.height, SCALE * size.width, 8], 4), 4)) as tf.Tensor4D,
  channels: CLASSES,
  kind: "probabilities",
};
/** In the middle, at a corner, along two sides, and all of it. */
const regions: Region[] = [
  { top: 17, left: 19, height: 7, width: 6 },
  { top: 0, left: 36, height: 9, width: 8 },
  { top: 0, left: 10, height: 40, width: 5 },
  whole(size),
];

async function result(model: ReturnType<typeof tinyModel>, from: Prior | undefined, region: Region, budget = 2 ** 28) {
  const before = tensorCount();
  const context = testContext({ budget });
  const features = await headAround(model, picture, region, context);
  const raster = await enlargeRegion(model, features, from, region, size, context);
  const part = read(raster, whole({ height: SCALE * region.height, width: SCALE * region.width }));
  features.dispose();
  raster.dispose();
  expect(tensorCount() - before).toBe(1);
  return part;
}

describe.each<Architecture>(["sft-net", "sft-net-torch"])("One region of a picture under %s", (architecture) => {
  const model = tinyModel(architecture, { blocks: 6 });
  const full = tf.keep(generator(model, picture.rgb as tf.Tensor4D, prior.map as tf.Tensor4D));

  it.each(regions)("is what the whole picture has there: %o", async (region) => {
    await expectClose(await result(model, prior, region), read(full, scaled(region, SCALE)));
  });

  it("is the same in small tiles", async () => {
    await expectClose(await result(model, prior, regions[0]!, 2 ** 17), read(full, scaled(regions[0]!, SCALE)));
  });

  it("with a prior of one place is that of the class everywhere", async () => {
    const sky: Prior = { ...prior, map: oneHot(Uint8Array.of(1), { height: 1, width: 1 }) };
    const everywhere = tf.tile(sky.map as tf.Tensor4D, [1, SCALE * size.height, SCALE * size.width, 1]);
    const expected = read(generator(model, picture.rgb as tf.Tensor4D, everywhere), scaled(regions[1]!, SCALE));
    await expectClose(await result(model, sky, regions[1]!), expected);
  });

  it("without a prior passes the features as they are", async () => {
    const expected = tf.tidy(() => {
      const first = theHead(model, picture.rgb as tf.Tensor4D);
      let x = first;
      for (let i = 0; i < model.blocks; i++) x = residualBlock(model, i, x, undefined, false);
      return read(upsample(model, x, first, undefined, false), scaled(regions[0]!, SCALE));
    });
    await expectClose(await result(model, undefined, regions[0]!), expected);
  });
});

it("Computing a region stops when cancelled, and leaves nothing behind", async () => {
  const model = tinyModel("sft-net", { blocks: 6 });
  const features = await headAround(model, picture, regions[0]!, testContext());
  const before = tensorCount();
  let left = 3;
  const checkpoint = async () => {
    if (left-- === 0) throw new Error("cancelled");
  };
  await expect(enlargeRegion(model, features, prior, regions[0]!, size, testContext({ checkpoint }))).rejects.toThrow(
    "cancelled",
  );
  expect(tensorCount()).toBe(before);
});
