/** The stages on pictures that do not fit: in tiles, deferred, in host memory. Seen against the same stages in one piece. */
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { toGrey } from "../../src/image/grey";
import { DeferredRaster, HostRaster, read, sizeOf } from "../../src/image/raster";
import { whole } from "../../src/region";
import { applyHead, enlarge, passBlocks } from "../../src/sftgan/trunk";
import type { Condition, Image, Model, Raster } from "../../src/types";
import { refusal } from "../message";
import { expectClose, noise, tensorCount, tinyModel, tolerance } from "../support";

/** Sums in another order; on WebGL the shaders differ with the texture's shape too. */
const limit = () => (tf.getBackend() === "webgl" ? tolerance() : 1e-5);

const SIZE = { height: 21, width: 30 };
const BLOCKS = 3;
const FEATURES = 2;
/** Bytes that the features of the whole picture need, below which they are deferred. */
const WHOLE_FEATURES = SIZE.height * SIZE.width * FEATURES * 4 * 4;

const CASES = {
  "in one piece": { budget: 2 ** 29, deferred: false, host: false },
  "in tiles, features in one tensor": { budget: WHOLE_FEATURES, deferred: false, host: true },
  "in tiles, features deferred": { budget: WHOLE_FEATURES - 1, deferred: true, host: true },
  "in the smallest tiles": { budget: 8_000, deferred: true, host: true },
} as const;

describe.each(["sft-net", "sft-net-torch", "srresnet"] as const)("The stages of %s", (variant) => {
  let model: Model;
  let image: Image;
  let condition: Condition | undefined;
  let expected: tf.Tensor4D;

  /** The stages over the whole picture, disposed but for the picture they end in. */
  async function run(budget: number, checkpoint = vi.fn(async () => {})) {
    const work = { budget, checkpoint, progress: () => {} };
    const kept: Raster[] = [];
    try {
      const first = await applyHead(model, image, work);
      kept.push(first.head);
      const middle = await passBlocks(model, first, condition, { blocks: 1, modulation: true }, work);
      kept.push(middle.map);
      const features = await passBlocks(model, middle, condition, { blocks: BLOCKS - 1, modulation: true }, work);
      kept.push(features.map);
      return { features, rgb: (await enlarge(model, features, condition, true, work)).rgb, pauses: checkpoint.mock.calls.length };
    } finally {
      for (const raster of new Set(kept)) raster.dispose();
    }
  }

  beforeAll(async () => {
    model = tinyModel(variant, { blocks: BLOCKS, condition: 3, features: FEATURES });
    image = { rgb: noise([1, SIZE.height, SIZE.width, 3]) };
    condition = model.condition ? { map: noise([1, SIZE.height, SIZE.width, 3], 2) } : undefined;
    expected = (await run(2 ** 29)).rgb as tf.Tensor4D;
  });

  it.each(Object.entries(CASES))("give the same picture %s, and leave nothing behind", async (_, { budget, deferred, host }) => {
    const before = tensorCount();
    const { features, rgb, pauses } = await run(budget);
    expect(features.map instanceof DeferredRaster).toBe(deferred);
    expect(rgb instanceof HostRaster).toBe(host);
    if (host) expect(pauses).toBeGreaterThan(BLOCKS + 2);
    expect(tensorCount() - before).toBe(host ? 0 : 1);
    const actual = read(rgb, whole(sizeOf(rgb)));
    await expectClose(actual, expected, limit());
    actual.dispose();
    if (!host) rgb.dispose();
    expect(tensorCount()).toBe(before);
  });

  it("leave nothing behind wherever they are cancelled", async () => {
    const before = tensorCount();
    for (const { budget } of Object.values(CASES)) {
      const { rgb, pauses } = await run(budget);
      rgb.dispose();
      // Software WebGPU takes its time, and tensors are counted alike on all backends.
      const middle = Math.ceil(pauses / 2);
      const places = new Set(tf.getBackend() === "webgpu" ? [middle] : [1, middle, pauses]);
      for (const at of places) {
        const checkpoint = vi.fn(async () => {
          if (checkpoint.mock.calls.length === at) throw new Error("it was cancelled");
        });
        expect(await refusal(() => run(budget, checkpoint))).toBe("it was cancelled");
        expect(tensorCount() - before, `cancelled at tile ${at} of ${pauses}`).toBe(0);
      }
    }
  });
});

describe("The stages", () => {
  it.each([
    [1, 1],
    [1, 40],
    [40, 3],
  ])("take a picture of %i × %i pixels, in tiles too", async (height, width) => {
    const model = tinyModel("sft-net", { blocks: 2, features: 2 });
    const image = { rgb: noise([1, height, width, 3]) };
    const condition = { map: noise([1, height, width, 3], 2) };
    const run = async (budget: number) => {
      const work = { budget, checkpoint: async () => {}, progress: () => {} };
      const first = await applyHead(model, image, work);
      const features = await passBlocks(model, first, condition, { blocks: 2, modulation: true }, work);
      const { rgb } = await enlarge(model, features, condition, true, work);
      return read(rgb, whole(sizeOf(rgb)));
    };
    const expected = await run(2 ** 29);
    expect(expected.shape).toEqual([1, 4 * height, 4 * width, 3]);
    await expectClose(await run(20_000), expected, limit());
  });

  it("keep a grey picture grey, in tiles as in one piece, and leave colours to one that is grey in parts only", async () => {
    const model = tinyModel("sft-net", { blocks: 2, features: 2 });
    const condition = { map: noise([1, 30, 40, 3], 2) };
    const run = async (rgb: tf.Tensor4D, budget: number) => {
      const work = { budget, checkpoint: async () => {}, progress: () => {} };
      const first = await applyHead(model, { rgb }, work);
      const features = await passBlocks(model, first, condition, { blocks: 2, modulation: true }, work);
      const picture = (await enlarge(model, features, condition, true, work)).rgb;
      return read(picture, whole(sizeOf(picture)));
    };
    const grey = tf.tile(noise([1, 30, 40, 1]), [1, 1, 1, 3]) as tf.Tensor4D;
    const spotted = tf.concat([tf.slice(grey, [0, 0, 0, 0], [1, 29, 40, 3]), noise([1, 1, 40, 3])], 1) as tf.Tensor4D;
    const expected = await run(grey, 2 ** 29);
    for (const budget of [2 ** 29, 20_000]) {
      const kept = await run(grey, budget);
      await expectClose(kept, expected, limit());
      const data = await kept.data();
      expect(data.every((value, i) => value === data[i - (i % 3)])).toBe(true);
      const coloured = await run(spotted, budget);
      // beyond the reach of the last row the two differ by nothing but the colours that are taken away
      const far = { top: 0, left: 0, height: 4 * 19, width: 160 };
      await expectClose(toGrey(read(coloured, far)), read(kept, far), limit());
      expect((await tf.max(tf.abs(tf.sub(read(coloured, far), read(kept, far)))).data())[0]).toBeGreaterThan(0.001);
    }
  });

  it("keep a deferred map's sources alive by naming them", async () => {
    const model = tinyModel();
    const image = { rgb: noise([1, 9, 9, 3]) };
    const condition = { map: noise([1, 9, 9, 3]) };
    const work = { budget: 1, checkpoint: async () => {}, progress: () => {} };
    const first = await applyHead(model, image, work);
    const features = await passBlocks(model, first, condition, { blocks: 2, modulation: true }, work);
    expect((first.map as DeferredRaster).sources).toContain(image.rgb);
    const { sources } = features.map as DeferredRaster;
    for (const source of [first.map, condition.map, model.weights]) expect(sources).toContain(source);
  });
});
