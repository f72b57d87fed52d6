/** Networks in the process that computes, against tfjs here: whole, in tiles, chained, and stopped. */
import { tmpdir } from "node:os";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { NativeRaster } from "../../../src/headless/native/raster";
import { NativeRuntime } from "../../../src/headless/native/runtime";
import { read, sizeOf } from "../../../src/image/raster";
import { whole } from "../../../src/region";
import { conditionOfAll } from "../../../src/sftgan/condition";
import { segmentationNet, segmentPicture } from "../../../src/sftgan/segment";
import { mapStage, StageRaster, type Work } from "../../../src/sftgan/stage";
import { applyHead, enlarge, passBlocks } from "../../../src/sftgan/trunk";
import { CLASSES, type Model, type Prior, type Raster } from "../../../src/types";
import { build } from "../../built";
import { refusal } from "../../message";
import { array, net } from "../../sftgan/nets";
import { generator } from "../../sftgan/stages";
import { expectClose, noise, tensorCount, tinyModel } from "../../support";

let runtime: NativeRuntime;
const options = { device: "cpu", threads: 1, memory: 2 ** 30 };
const here: Work = { budget: 2 ** 29, checkpoint: async () => {}, progress: () => {} };
const start = async () => {
  const started = new NativeRuntime(options);
  expect(await started.hello).toHaveProperty("devices");
  return started;
};

beforeAll(async () => {
  await build();
  runtime = await start();
});
afterAll(() => runtime.close());

const size = { height: 13, width: 18 };
const picture = noise([1, size.height, size.width, 3]);
const map = tf.softmax(noise([1, 4 * size.height, 4 * size.width, 8], 2)) as tf.Tensor4D;
const prior: Prior = { map, channels: CLASSES, kind: "probabilities", picture: size };

/** The picture by the stages, one after the other, and what they gave on the way. */
async function stages(model: Model, work: Work, from = prior) {
  const condition = model.condition ? { map: await conditionOfAll(model, from, size, work) } : undefined;
  const head = await applyHead(model, { rgb: picture }, work);
  const middle = await passBlocks(model, head, condition, { blocks: 1, modulation: true }, work);
  const features = await passBlocks(model, middle, condition, { blocks: model.blocks - 1, modulation: true }, work);
  const { rgb } = await enlarge(model, features, condition, true, work);
  for (const raster of new Set([head.map, middle.map, features.map])) raster.dispose();
  condition?.map.dispose();
  return { rgb, features };
}
const tensorOf = (raster: Raster) => read(raster, whole(sizeOf(raster)));

describe.each(["sft-net", "sft-net-torch", "srresnet"] as const)("The stages of %s in a process of their own", (architecture) => {
  const model = tinyModel(architecture, { blocks: 3 });
  const expected = () => generator(model, picture, model.condition ? map : undefined);

  it("give the network's picture; features stay there", async () => {
    const before = tensorCount();
    const { rgb, features } = await stages(model, { ...here, runtime });
    expect(features.map).toBeInstanceOf(NativeRaster);
    expect(tensorCount()).toBe(before);
    await expectClose(tensorOf(rgb), expected());
  });

  it("give the same in tiles", async () => {
    const pixels = vi.spyOn(runtime, "pixels").mockReturnValue(150);
    const checkpoint = vi.fn(async () => {});
    const { rgb } = await stages(model, { ...here, runtime, checkpoint });
    expect(checkpoint.mock.calls.length).toBeGreaterThan(8);
    await expectClose(tensorOf(rgb), expected());
    pixels.mockRestore();
  });

  it("give the same as one chain, tile by tile, where features of the whole picture do not fit", async () => {
    const [pixels, holds] = [vi.spyOn(runtime, "pixels").mockReturnValue(400), vi.spyOn(runtime, "holds").mockReturnValue(false)];
    const { rgb, features } = await stages(model, { ...here, runtime });
    expect(features.map).toBeInstanceOf(StageRaster);
    await expectClose(tensorOf(rgb), expected());
    pixels.mockRestore();
    holds.mockRestore();
  });
});

describe("Stages that only one other looks at", () => {
  const model = tinyModel("sft-net", { blocks: 3 });
  const count = () => vi.spyOn(runtime, "map");

  it("are one call with it, and the same; whoever else looks has them computed", async () => {
    runtime.joins = true;
    const { rgb, features } = await stages(model, { ...here, runtime });
    runtime.joins = false;
    expect(features.map).toBeInstanceOf(StageRaster);
    await expectClose(tensorOf(rgb), generator(model, picture, map));
    const calls = count();
    const raster = features.map as StageRaster;
    await raster.settle((stage) => runtime.map(stage, here));
    await raster.settle((stage) => runtime.map(stage, here));
    expect(calls).toHaveBeenCalledTimes(1);
    calls.mockRestore();
    const condition = { map: await conditionOfAll(model, prior, size, here) };
    const head = await applyHead(model, { rgb: picture }, here);
    const expected = await passBlocks(model, head, condition, { blocks: 3, modulation: true }, here);
    await expectClose(tensorOf(raster), tensorOf(expected.map));
    raster.dispose();
  });

  it("take a smaller prior as it is, and enlarge it where they compute", async () => {
    const small = { ...prior, map: tf.softmax(noise([1, 20, 31, 8], 5)) as tf.Tensor4D };
    const expected = await stages(model, here, small);
    runtime.joins = true;
    const joined = await stages(model, { ...here, runtime }, small);
    runtime.joins = false;
    await expectClose(tensorOf(joined.rgb), tensorOf(expected.rgb));
  });

  it("tell how far they are by the clock while they compute", async () => {
    const large = tinyModel("srresnet", { features: 32, blocks: 6 });
    const fractions: number[] = [];
    const work = { ...here, runtime, progress: (fraction: number) => void fractions.push(fraction) };
    await applyHead(large, { rgb: noise([1, 160, 160, 3]) }, work).then((head) =>
      passBlocks(large, head, undefined, { blocks: 6, modulation: true }, work),
    );
    expect(fractions.at(-1)).toBe(1);
    expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  });
});

describe("A process that computes", () => {
  it.each(["segmenter.safetensors", "outdoor-scene-seg.pth"])("segments: %s", async (file) => {
    const model = await net(file);
    const name = file.replace(/\..*/, "");
    const image = await array(`${name}.in`);
    const stage = { model, network: segmentationNet(model), inputs: { image }, size: sizeOf(image) };
    await expectClose(tensorOf(await mapStage(stage, { ...here, runtime })), await array(`${name}.out`));
  });

  it.each([0, 24])(
    "enlarges what it segments, to at most %i, and keeps the prior for the stages, in tiles or not",
    async (limit) => {
      const [model, segmentation] = [tinyModel("sft-net", { blocks: 2 }), await net("segmenter.safetensors")];
      const before = tensorCount();
      const prior = await segmentPicture(segmentation, { rgb: picture }, limit, { ...here, runtime });
      expect(tensorCount()).toBe(before);
      const expected = await segmentPicture(segmentation, { rgb: picture }, limit, here);
      for (const pixels of [1e6, 150]) {
        const most = vi.spyOn(runtime, "pixels").mockReturnValue(pixels);
        await expectClose(
          tensorOf((await stages(model, { ...here, runtime }, prior)).rgb),
          tensorOf((await stages(model, here, expected)).rgb),
        );
        most.mockRestore();
      }
      await (prior.map as NativeRaster).fetch();
      await expectClose(tensorOf(prior.map), tensorOf(expected.map));
      prior.map.dispose();
    },
  );

  it("hands a map out to whoever asks, and not before", async () => {
    const model = tinyModel("srresnet");
    const { map } = await applyHead(model, { rgb: picture }, { ...here, runtime });
    expect(() => tensorOf(map)).toThrow("before it was fetched");
    await (map as NativeRaster).fetch();
    await expectClose(tensorOf(map), tensorOf((await applyHead(model, { rgb: picture }, here)).map));
    map.dispose();
  });

  it.each([tmpdir(), "/proc/nowhere"])("gives large maps too, with its files in %s", async (folder) => {
    vi.stubEnv("TMPDIR", folder);
    const own = await start();
    vi.unstubAllEnvs();
    const model = tinyModel("srresnet");
    const rgb = noise([1, 40, 60, 3]);
    const [found, expected] = await Promise.all(
      [own, undefined].map((runtime) => applyHead(model, { rgb }, { ...here, runtime })),
    );
    const pictures = [
      enlarge(model, found!, undefined, true, { ...here, runtime: own }),
      enlarge(model, expected!, undefined, true, here),
    ];
    const [given, wanted] = await Promise.all(pictures);
    await expectClose(tensorOf(given!.rgb), tensorOf(wanted!.rgb));
    await (found!.map as NativeRaster).fetch();
    await expectClose(tensorOf(found!.map), tensorOf(expected!.map));
    own.close();
  });

  it("ends at once, whatever it computes, and says why to whoever waits", async () => {
    const own = await start();
    const model = tinyModel("srresnet", { features: 64, blocks: 16 });
    const rgb = noise([1, 300, 300, 3]);
    const work = { ...here, runtime: own };
    const head = await applyHead(model, { rgb }, work);
    const cancel = () => own.close(new Error("it was cancelled"));
    const blocks = { blocks: 16, modulation: true };
    const running = refusal(() => passBlocks(model, head, undefined, blocks, { ...work, progress: cancel }));
    expect(await running).toBe("it was cancelled");
    expect(own.gone).toBe(true);
    expect(await refusal(() => applyHead(model, { rgb }, work))).toBe("it was cancelled");
  });

  it("says what goes wrong there, and goes on", async () => {
    const model = tinyModel("srresnet");
    const wide = { map: noise([1, 4, 4, 4]), head: noise([1, 4, 4, 7]), blocks: 2 };
    const work = { ...here, runtime };
    expect(await refusal(() => enlarge(model, wide, undefined, true, work))).toMatch(/^onnxruntime cannot compute this: .*head/);
    await expectClose(tensorOf((await stages(model, work)).rgb), generator(model, picture));
  });
});
