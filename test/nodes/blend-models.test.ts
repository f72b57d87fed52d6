import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import blendModels from "../../nodes/blend-models";
import { cleanGraph } from "../../src/graph/clean";
import { Executor } from "../../src/graph/executor";
import { parseGraph } from "../../src/graph/parse";
import type { Image, Model } from "../../src/types";
import { weightsOf } from "../../src/weights/weights";
import { generator } from "../sftgan/stages";
import { expectClose, noise, runNode, tensorCount, testHost, tinyModel, tinySegmenter } from "../support";
import { drawn } from "./values";

/** The tiny generator with every weight scaled: the host's, as shipped weights are. */
function scaled(by: number, hash: string): Model {
  const model = tinyModel();
  const tensors = Object.entries(model.weights.tensors).map(
    ([name, { shape, data }]) => [name, { shape, data: data.map((value) => by * value) }] as const,
  );
  const weights = weightsOf(Object.fromEntries(tensors));
  weights.kept = true;
  return { ...model, weights, hash: hash.repeat(64), name: hash };
}
const [psnr, sftgan] = [scaled(1, "a"), scaled(0.8, "b")];
const shipped = async (name: string) => ({ psnr, sftgan, segment })[name]!;
const segment = tinySegmenter();
segment.weights.kept = true;

describe("Blend Models", () => {
  it("blends what is connected, and the shipped psnr and sftgan where nothing is", async () => {
    const { model } = await runNode(blendModels, { a: sftgan, b: psnr }, { amount: 0.25 }, { shipped });
    const name = "HR_branch.8.weight";
    const isScaled = ({ weights }: Model, by: number) => {
      const [found, whole] = [weights, psnr.weights].map(({ tensors }) => tensors[name]!.data);
      expect(Math.max(...found!.map((value, i) => Math.abs(value - by * whole![i]!)))).toBeLessThan(1e-6);
    };
    isScaled(model, 0.85);
    const own = await runNode(blendModels, {}, { amount: 0.25 }, { shipped });
    isScaled(own.model, 0.95);
    expect(own.model.name).toBe("blend of a and b");
    expect((await runNode(blendModels, {}, { amount: 0 }, { shipped })).model).toBe(psnr);
  });

  it("gives a network whose picture lies between the two, and is each of them at the ends", async () => {
    const [picture, prior] = [noise([1, 4, 5, 3]), tf.softmax(noise([1, 16, 20, 8])) as tf.Tensor4D];
    const out = async (amount: number) =>
      generator((await runNode(blendModels, {}, { amount }, { shipped })).model, picture, prior);
    await expectClose(await out(0), generator(psnr, picture, prior), 1e-6);
    await expectClose(await out(1), generator(sftgan, picture, prior), 1e-6);
    // Scaling is between too: 1 and 0.8 halfway are 0.9.
    const half = scaled(0.9, "c");
    await expectClose(await out(0.5), generator(half, picture, prior), 1e-5);
  });

  it("leaves nothing behind when the slider is dragged over a hundred values, and keeps within the cache", async () => {
    const links = [
      [1, 1, 0, 2, 0, "image"],
      [2, 2, 0, 3, 0, "prior"],
      [3, 1, 0, 4, 0, "image"],
      [4, 3, 0, 4, 1, "condition"],
      [5, 4, 0, 5, 0, "features"],
      [6, 3, 0, 5, 1, "condition"],
      [7, 6, 0, 3, 1, "model"],
      [8, 6, 0, 4, 2, "model"],
      [9, 6, 0, 5, 2, "model"],
    ];
    const inputs = (...wires: string[]) =>
      wires.map((wire) => wire.split(" ")).map(([name, link]) => ({ name, type: name, link: Number(link) }));
    const json = (amount: number) => ({
      nodes: [
        { id: 1, type: "sftgan/load-lr" },
        { id: 2, type: "sftgan/segment", inputs: inputs("image 1") },
        { id: 3, type: "sftgan/condition-net", inputs: inputs("prior 2", "model 7") },
        { id: 4, type: "sftgan/sft-resblocks", inputs: inputs("image 3", "condition 4", "model 8"), properties: { blocks: 2 } },
        { id: 5, type: "sftgan/upsample", inputs: inputs("features 5", "condition 6", "model 9") },
        { id: 6, type: "sftgan/blend-models", properties: { amount } },
      ],
      links,
    });
    const host = testHost({
      file: async ({ name }) => new TextEncoder().encode(name),
      decode: async () => drawn({ height: 4, width: 5 }, (i) => [i, 2 * i, 3 * i]),
      shipped,
    });
    const before = tensorCount();
    const executor = new Executor({ definitions, host, cacheBytes: 2 ** 18, budget: 2 ** 26 });
    const held: number[] = [];
    let picture: Image | undefined;
    for (let i = 0; i <= 100; i++) {
      const { outputs, errors } = await executor.run(parseGraph(cleanGraph(json(i / 100)), definitions), ["5"]);
      expect([...errors]).toEqual([]);
      picture = outputs.get("5")!.image as Image;
      held.push(tensorCount() - before);
    }
    // At 1 the model is the host's own: there is room for a picture more.
    expect(Math.max(...held.slice(50, 100))).toBeLessThanOrEqual(Math.max(...held.slice(0, 50)));
    expect((picture!.rgb as tf.Tensor).shape).toEqual([1, 16, 20, 3]);
    await executor.clear();
    expect(tensorCount()).toBe(before);
  });

  it("stops for a newer value, and leaves nothing behind of the runs that were stopped", async () => {
    const host = testHost({ shipped, checkpoint: () => new Promise((resolve) => setTimeout(resolve)) });
    const before = tensorCount();
    const executor = new Executor({ definitions, host, cacheBytes: 2 ** 24, budget: 2 ** 26 });
    const graph = (amount: number) =>
      parseGraph(cleanGraph({ nodes: [{ id: 1, type: "sftgan/blend-models", properties: { amount } }] }), definitions);
    const ends: string[] = [];
    let last = new AbortController();
    let turn: Promise<unknown> = Promise.resolve();
    for (let i = 1; i <= 10; i++) {
      last.abort();
      last = new AbortController();
      const { signal } = last;
      turn = turn
        .then(() => executor.run(graph(i / 11), ["1"], { signal }))
        .then(
          ({ outputs }) => ends.push((outputs.get("1")!.model as Model).metadata.amount!),
          (error: Error) => ends.push(error.name === "AbortError" ? "stopped" : error.message),
        );
      await new Promise((resolve) => setTimeout(resolve)); // so that it has begun
    }
    await turn;
    expect(ends).toEqual([...Array.from({ length: 9 }, () => "stopped"), String(10 / 11)]);
    await executor.clear();
    expect(tensorCount()).toBe(before);
  });
});
