import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import segment from "../../nodes/segment";
import { bicubicUp4 } from "../../src/image/bicubic";
import { sizeOf } from "../../src/image/raster";
import { outdoorSceneSeg } from "../../src/sftgan/outdoor-scene-seg";
import { segmenter } from "../../src/sftgan/segmenter";
import { CLASSES } from "../../src/types";
import { refusal } from "../sentence";
import { net } from "../sftgan/nets";
import { expectClose, imageOf, noise, runNode, tinyModel, tinySegmenter } from "../support";
import { tensorOf } from "./values";

const rgb = noise([1, 9, 11, 3]);
const clipped = () => tf.clipByValue(bicubicUp4(rgb), 0, 1);

describe("Segment", () => {
  it("looks at the bicubically enlarged picture and gives probabilities of the eight classes", async () => {
    const model = tinySegmenter();
    const { prior } = await runNode(segment, { image: imageOf(rgb), model }, { limit: 0 });
    await expectClose(tensorOf(prior.map), segmenter(model, clipped()), 1e-5);
    expect(prior).toMatchObject({ channels: CLASSES, kind: "probabilities", picture: { height: 9, width: 11 } });
    await expectClose(tf.sum(tensorOf(prior.map), 3), tf.ones([1, 36, 44]), 1e-5);
  });

  it("takes the official network too", async () => {
    const model = await net("outdoor-scene-seg.pth");
    const { prior } = await runNode(segment, { image: imageOf(rgb), model }, { limit: 0 });
    await expectClose(tensorOf(prior.map), outdoorSceneSeg(model, clipped()));
  });

  it("works at a bounded size, and says which picture its prior is for", async () => {
    const { prior } = await runNode(segment, { image: imageOf(noise([1, 40, 10, 3])) }, { limit: 64 });
    expect(sizeOf(prior.map)).toEqual({ height: 64, width: 16 });
    expect(prior.picture).toEqual({ height: 40, width: 10 });
  });

  it.each([
    [1, 1],
    [1, 60],
    [70, 1],
  ])("takes a picture of %i × %i pixels", async (height, width) => {
    const { prior } = await runNode(segment, { image: imageOf(noise([1, height, width, 3])) }, { limit: 32 });
    expect(prior.picture).toEqual({ height, width });
    expect((await tensorOf(prior.map).data()).every(Number.isFinite)).toBe(true);
  });

  it("refuses a generator", async () => {
    expect(await refusal(() => runNode(segment, { image: imageOf(rgb), model: tinyModel() }))).toBe(
      '"tiny sft-net" is a generator, not a segmentation network: connect segmentation weights here',
    );
  });

  it("leaves nothing behind when cancelled", async () => {
    const pause = async () => {
      throw new Error("it was cancelled");
    };
    await refusal(() => runNode(segment, { image: imageOf(rgb) }, {}, { pause }));
  });
});
