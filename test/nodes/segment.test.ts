import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import segment from "../../nodes/segment";
import { bicubicUp4 } from "../../src/image/bicubic";
import { HostRaster, sizeOf } from "../../src/image/raster";
import { CLASSES } from "../../src/types";
import { refusal } from "../message";
import { net } from "../sftgan/nets";
import { outdoorSceneSeg, segmenter } from "../sftgan/stages";
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

  it.each(["ours", "official"])("stops between any two layers when cancelled and leaves nothing behind, %s", async (which) => {
    const model = which === "ours" ? tinySegmenter() : await net("outdoor-scene-seg.pth");
    const pauses = async (most: number) => {
      let count = 0;
      const checkpoint = async () => {
        if (count++ === most) throw new Error("it was cancelled");
      };
      const given = { image: imageOf(rgb), model };
      const run = () => runNode(segment, given, { limit: 24 }, { checkpoint });
      if (most === Number.POSITIVE_INFINITY) tf.dispose(tensorOf((await run()).prior.map));
      else expect(await refusal(run)).toBe("it was cancelled");
      return count;
    };
    const all = await pauses(Number.POSITIVE_INFINITY);
    expect(all).toBeGreaterThan(10);
    for (const most of [0, 1, 2, 6, all - 1]) expect(await pauses(most)).toBe(most + 1);
  });

  it("says what to set limit to where the network's maps would not fit", async () => {
    const image = imageOf(noise([1, 40, 60, 3]));
    expect(await refusal(() => runNode(segment, { image }, { limit: 0 }, { budget: 4 * 2 ** 20 }))).toBe(
      "limit is 0, all 240 × 160 px, which needs 0.01 GB; at most 0.00 GB are allowed: set limit to 160",
    );
    expect(await refusal(() => runNode(segment, { image }, { limit: 224 }, { budget: 4 * 2 ** 20 }))).toContain(
      "limit is 224 px, which needs",
    );
    const { prior } = await runNode(segment, { image }, { limit: 160 }, { budget: 4 * 2 ** 20 });
    expect(sizeOf(prior.map).width).toBe(160);
  });

  it("takes a picture that is much larger than what it looks at", async () => {
    const levels = new Uint8Array(3 * 300 * 400).map((_, i) => (i * 7) % 251);
    const host = new HostRaster({ height: 300, width: 400 }, 3, levels, 255);
    const given = { limit: 32 };
    const { prior } = await runNode(segment, { image: { rgb: host } }, given, { budget: 2 ** 19 });
    const all = await runNode(segment, { image: { rgb: host.read({ top: 0, left: 0, height: 300, width: 400 }) } }, given);
    await expectClose(tensorOf(prior.map), tensorOf(all.prior.map), 1e-5);
  });
});
