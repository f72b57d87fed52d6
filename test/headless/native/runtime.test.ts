/** Networks in the process that computes, against tfjs here: whole, in tiles, chained, and stopped. */
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { NativeRaster } from "../../../src/headless/native/raster";
import { NativeRuntime } from "../../../src/headless/native/runtime";
import { read, sizeOf, whole } from "../../../src/image/raster";
import { conditionOfAll } from "../../../src/sftgan/condition";
import { segmentationNet } from "../../../src/sftgan/segment";
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
  const started = await NativeRuntime.start(options);
  if (!(started instanceof NativeRuntime)) throw new Error(started.missing);
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
async function stages(model: Model, work: Work) {
  const condition = model.condition ? { map: await conditionOfAll(model, prior, size, work) } : undefined;
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

describe("A process that computes", () => {
  it.each(["segmenter.safetensors", "outdoor-scene-seg.pth"])("segments: %s", async (file) => {
    const model = await net(file);
    const name = file.replace(/\..*/, "");
    const image = await array(`${name}.in`);
    const stage = { model, network: segmentationNet(model), inputs: { image }, size: sizeOf(image) };
    await expectClose(tensorOf(await mapStage(stage, { ...here, runtime })), await array(`${name}.out`));
  });

  it("hands a map out to whoever asks, and not before", async () => {
    const model = tinyModel("srresnet");
    const { map } = await applyHead(model, { rgb: picture }, { ...here, runtime });
    expect(() => tensorOf(map)).toThrow("before it was fetched");
    await (map as NativeRaster).fetch();
    await expectClose(tensorOf(map), tensorOf((await applyHead(model, { rgb: picture }, here)).map));
    map.dispose();
  });

  it("ends at once, whatever it computes, and says why to whoever waits", async () => {
    const own = await start();
    const model = tinyModel("srresnet", { features: 64, blocks: 16 });
    const rgb = noise([1, 300, 300, 3]);
    const work = { ...here, runtime: own };
    const head = await applyHead(model, { rgb }, work);
    const running = refusal(() => passBlocks(model, head, undefined, { blocks: 16, modulation: true }, work));
    await new Promise((resolve) => setTimeout(resolve, 500));
    own.close(new Error("it was cancelled"));
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
