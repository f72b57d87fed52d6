import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { deviceOf } from "../../../src/kernels/webgl/device";
import { runGeneral } from "../../../src/kernels/webgl/kernels";
import { outdoorSceneSeg } from "../../../src/sftgan/outdoor-scene-seg";
import { segmenter } from "../../../src/sftgan/segmenter";
import { array, net } from "../../sftgan/nets";
import { expectClose, noise, tensorCount } from "../../support";
import { check, conv, difference, GENERAL_CASES, LIMIT, type Run, SIZES, small } from "../cases";

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

  it("give the probabilities of the PyTorch networks", async () => {
    for (const [name, ending, network] of [
      ["segmenter", "safetensors", segmenter],
      ["outdoor-scene-seg", "pth", outdoorSceneSeg],
    ] as const) {
      const model = await net(`${name}.${ending}`);
      const image = await array(`${name}.in`);
      await expectClose(run(model, network(model), { image })!, await array(`${name}.out`));
    }
  });

  it("let NaN and infinity through as the CPU does, and keep them from channels that fill a vector up", async () => {
    const { model, network } = small(
      { x: { channels: 5, scale: 1 } },
      [conv("a", "x", { activation: "relu6" }), conv("b", "x"), conv("c", "b", { residual: "a" })],
      { a: [6, 5, 1, 1], b: [6, 5, 3, 3], c: [6, 6, 1, 1] },
    );
    const data = Float32Array.from(await noise([1, 9, 9, 5]).data());
    data[0] = Number.POSITIVE_INFINITY;
    data[5 * 40 + 1] = Number.NaN;
    data[5 * 80 + 3] = Number.NEGATIVE_INFINITY;
    const x = tf.tensor4d(data, [1, 9, 9, 5]);
    expect(await difference(run, model, network, { x })).toBeLessThan(LIMIT);
    const pooled = small({ x: { channels: 5, scale: 1 } }, [{ op: "mean", name: "m", x: "x" }], {});
    expect(await difference(run, pooled.model, pooled.network, { x })).toBeLessThan(LIMIT);
    const likely = small({ x: { channels: 5, scale: 1 } }, [{ op: "softmax", name: "s", x: "x" }], {});
    expect(await difference(run, likely.model, likely.network, { x })).toBeLessThan(LIMIT);
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
