import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { deviceOf } from "../../../src/kernels/webgl/device";
import { BLOCKINGS, runBlocked, runGeneral, useBlocking, useGeneral } from "../../../src/kernels/webgl/kernels";
import { segmenter } from "../../../src/sftgan/segmenter";
import { net } from "../../sftgan/nets";
import { noise, tensorCount } from "../../support";
import { check, checkGrouped, checkSegmenters, checkUnbounded, GENERAL_CASES, type Run, SIZES } from "../cases";

const run: Run = runGeneral;
const device = () => deviceOf(tf.backend() as MathBackendWebGL);

describe("The general kernels", () => {
  it.each(GENERAL_CASES)("%s as the CPU does, of any size", async (_, network) => {
    for (const size of [...SIZES, [8, 9] as const]) await check(run, size, network);
  });

  it("do so where fewer textures can be rendered to at once", async () => {
    const own = device();
    const { limits } = own;
    Object.assign(own, { limits: { ...limits, targets: 4 } });
    try {
      for (const [, network] of GENERAL_CASES) await check(run, [7, 13], network);
    } finally {
      Object.assign(own, { limits });
    }
  });

  it("give the probabilities of the PyTorch networks", () => checkSegmenters(run));

  it("let NaN and infinity through as the CPU does, and keep them from channels that fill a vector up", () =>
    checkUnbounded(run));

  it("leave groups of several channels to tfjs's, as all of ours do", async () => {
    useGeneral(true);
    useBlocking("2×2×8");
    try {
      await checkGrouped([run, (model, network, given) => runBlocked(BLOCKINGS["2×2×8"], model, network, given)]);
    } finally {
      useGeneral(false);
      useBlocking(undefined);
    }
  });

  it("compile nothing for a picture of another size, and keep no more textures after 200 runs than after two", async () => {
    const model = await net("segmenter.safetensors");
    const pictures = [noise([1, 33, 47, 3]), noise([1, 64, 20, 3])];
    const sizes = () => [device().programs.count, device().maps.memory.textures, device().maps.memory.bytes, tensorCount()];
    const both = () => {
      for (const image of pictures) run(model, segmenter(model), { image })!.dispose();
    };
    run(model, segmenter(model), { image: pictures[0]! })!.dispose();
    const compiled = device().programs.count;
    both();
    expect(device().programs.count).toBe(compiled);
    const before = sizes();
    for (let i = 0; i < 100; i++) both();
    expect(sizes()).toEqual(before);
  });
});
