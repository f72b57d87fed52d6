/** Written networks under onnxruntime, which is not of our making, against the PyTorch networks' own results. */
import type * as tf from "@tensorflow/tfjs-core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import type { Network } from "../../../src/kernels/network";
import { writeOnnx } from "../../../src/kernels/onnx/write";
import { conditionNet, generator, residualBlocks, sftMap } from "../../../src/sftgan/generator";
import { segmentationNet } from "../../../src/sftgan/segment";
import type { Model } from "../../../src/types";
import { array, net } from "../../sftgan/nets";
import * as stages from "../../sftgan/stages";
import { noise, tinyModel, tinySegmenter } from "../../support";

/** `[1, h, w, c]` as `[1, c, h, w]`, or the other way round. */
function turned(data: Float32Array, height: number, width: number, channels: number, back = false): Float32Array {
  const result = new Float32Array(data.length);
  for (let place = 0; place < height * width; place++)
    for (let c = 0; c < channels; c++) {
      const [nhwc, nchw] = [place * channels + c, c * height * width + place];
      if (back) result[nhwc] = data[nchw]!;
      else result[nchw] = data[nhwc]!;
    }
  return result;
}

type Given = Readonly<Record<string, tf.Tensor4D>>;

async function session(bytes: Uint8Array): Promise<InferenceSession> {
  return InferenceSession.create(bytes, { logSeverityLevel: 3 });
}

async function results(session: InferenceSession, given: Given): Promise<{ shape: readonly number[]; data: Float32Array }> {
  const feeds = Object.entries(given).map(([name, x]) => {
    const [, height, width, channels] = x.shape;
    const data = turned(x.dataSync<"float32">(), height, width, channels);
    return [name, new Tensor("float32", data, [1, channels, height, width])] as const;
  });
  const [output] = session.outputNames;
  const { dims, data } = (await session.run(Object.fromEntries(feeds)))[output!]!;
  const [, channels, height, width] = dims as [number, number, number, number];
  return { shape: [1, height, width, channels], data: turned(data as Float32Array, height, width, channels, true) };
}

async function expectSame(model: Model, network: Network, given: Given, expected: tf.Tensor): Promise<void> {
  const { shape, data } = await results(await session(writeOnnx(model, network)), given);
  expect(shape).toEqual(expected.shape);
  const wanted = await expected.data();
  expect(data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - wanted[i]!)), 0)).toBeLessThan(1e-4);
}

describe("A written network under onnxruntime", () => {
  it.each(["sft-net", "sft-net-torch"])("is the PyTorch network: %s", async (variant) => {
    const model = await net(`${variant}.pth`);
    const prior = await array("prior");
    const given = { image: await array("picture"), prior };
    await expectSame(model, generator(model), given, await array(`${variant}.out`));
    await expectSame(model, conditionNet(model), { prior }, await array(`${variant}.condition`));
  });

  it("is the PyTorch network: srresnet", async () => {
    const model = await net("srresnet.pth");
    await expectSame(model, generator(model), { image: await array("picture") }, await array("srresnet.out"));
  });

  it.each(["segmenter.safetensors", "outdoor-scene-seg.pth"])("is the PyTorch network: %s", async (file) => {
    const model = await net(file);
    const name = file.replace(/\..*/, "");
    await expectSame(model, segmentationNet(model), { image: await array(`${name}.in`) }, await array(`${name}.out`));
  });

  it("takes any height and width in one session", async () => {
    const model = tinyModel("sft-net");
    const generating = await session(writeOnnx(model, generator(model)));
    const ours = tinySegmenter();
    const segmenting = await session(writeOnnx(ours, segmentationNet(ours)));
    for (const [height, width] of [
      [1, 1],
      [3, 8],
      [17, 5],
    ] as const) {
      const image = noise([1, height, width, 3]);
      const prior = noise([1, 4 * height, 4 * width, 8]);
      expect((await results(generating, { image, prior })).shape).toEqual([1, 4 * height, 4 * width, 3]);
      expect((await results(segmenting, { image })).shape).toEqual([1, height, width, 8]);
    }
  });

  it("is the same in stages, without modulation, and where an SFT layer is looked at", async () => {
    const model = tinyModel("sft-net-torch");
    const [features, condition] = [noise([1, 5, 6, 4]), noise([1, 5, 6, 3], 2)];
    const block = stages.residualBlock(model, 1, features, condition);
    await expectSame(model, residualBlocks(model, 1, 2), { features, condition }, block);
    await expectSame(
      model,
      residualBlocks(model, 1, 2, false),
      { features },
      stages.residualBlock(model, 1, features, undefined, false),
    );
    for (const which of ["scale", "shift"] as const) {
      const name = "sft_branch.0.sft1";
      await expectSame(model, sftMap(model, name, which), { condition }, stages.sftMap(model, name, which, condition));
    }
  });

  it("names what goes in and comes out, for others and for the native runtime", async () => {
    const model = tinyModel();
    const file = await session(writeOnnx(model, generator(model), { output: "picture" }));
    expect([file.inputNames, file.outputNames]).toEqual([["image", "prior"], ["picture"]]);
    await expectNative(model, generator(model), { image: noise([1, 3, 4, 3]), prior: noise([1, 12, 16, 8]) });
  });

  it("gives the native runtime the same picture in blocks of channels, of both variants, and the official segmentation", async () => {
    for (const variant of ["sft-net", "sft-net-torch"]) {
      const model = await net(`${variant}.pth`);
      await expectNative(model, generator(model), { image: await array("picture"), prior: await array("prior") });
    }
    const model = await net("outdoor-scene-seg.pth");
    await expectNative(model, segmentationNet(model), { image: await array("outdoor-scene-seg.in") });
  });

  it("gives the native runtime the same probabilities, which sum to one however far apart the scores are", async () => {
    const image = noise([1, 40, 33, 3]);
    for (const contrast of [1, 1000]) {
      const model = tinySegmenter();
      const { data } = model.weights.tensors["out.weight"]!;
      data.set(data.map((weight) => contrast * weight));
      const found = await expectNative(model, segmentationNet(model), { image });
      for (let place = 0; place < 40 * 33; place++)
        expect(found.subarray(8 * place, 8 * place + 8).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      expect(found.reduce((most, value) => Math.max(most, value), 0)).toBeGreaterThan(contrast === 1 ? 0.12 : 0.99);
    }
  });
});

/** What is written for the native runtime, for maps in blocks and without, gives what is written for others. Returns it. */
async function expectNative(model: Model, network: Network, given: Given): Promise<Float32Array> {
  await expectNativeOf(model, network, given, false);
  return expectNativeOf(model, network, given, true);
}

async function expectNativeOf(model: Model, network: Network, given: Given, inBlocks: boolean): Promise<Float32Array> {
  const plain = await results(await session(writeOnnx(model, network)), given);
  const native = await session(writeOnnx(model, network, { purpose: "native", inBlocks }));
  const feeds = Object.entries(given).map(([name, x]) => [name, new Tensor("float32", x.dataSync(), x.shape)]);
  const found = (await native.run(Object.fromEntries(feeds)))[native.outputNames[0]!]!;
  expect(found.dims).toEqual(plain.shape);
  const data = found.data as Float32Array;
  expect(data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - plain.data[i]!)), 0)).toBeLessThan(1e-5);
  return data;
}
