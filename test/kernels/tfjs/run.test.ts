import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import type { Network } from "../../../src/kernels/network";
import { copiedTensors } from "../../../src/kernels/tfjs/copies";
import { run, runInPortions } from "../../../src/kernels/tfjs/run";
import { generator } from "../../../src/sftgan/generator";
import { refusal } from "../../message";
import { expectClose, noise, tensorCount, tinyModel } from "../../support";

const model = tinyModel("sft-net", { blocks: 1 });
const network = generator(model);
const given = { image: noise([1, 3, 4, 3]), prior: noise([1, 12, 16, 8]) };
const work = { checkpoint: async () => {}, progress: () => {} };

describe("A network", () => {
  it("gives the same at once and in portions, and leaves one tensor behind: the result", async () => {
    const before = tensorCount();
    const [once, paced] = [run(model, network, given), await runInPortions(model, network, given, work)];
    expect(tensorCount()).toBe(before + 2);
    await expectClose(paced, once, 1e-6);
  });

  it("pauses after portions of the work, and reports how much of it is done", async () => {
    const [checkpoint, progress] = [vi.fn(async () => {}), vi.fn()];
    (await runInPortions(model, network, given, { checkpoint, progress })).dispose();
    const fractions = progress.mock.calls.map(([fraction]) => fraction);
    expect(checkpoint).toHaveBeenCalledTimes(fractions.length);
    expect(fractions.length).toBeGreaterThan(5);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it("leaves nothing behind wherever it is cancelled", async () => {
    const count = async (most: number) => {
      let pauses = 0;
      const checkpoint = async () => {
        if (pauses++ === most) throw new Error("it was cancelled");
      };
      const before = tensorCount();
      if (most === Number.POSITIVE_INFINITY) (await runInPortions(model, network, given, { ...work, checkpoint })).dispose();
      else expect(await refusal(() => runInPortions(model, network, given, { ...work, checkpoint }))).toBe("it was cancelled");
      expect(tensorCount()).toBe(before);
      return pauses;
    };
    const all = await count(Number.POSITIVE_INFINITY);
    for (const most of [0, 1, 2, all - 1]) await count(most);
    expect(given.image.isDisposed).toBe(false);
  });

  it("leaves nothing behind where an operation fails", async () => {
    const broken: Network = {
      ...network,
      operations: [...network.operations.slice(0, 9), { op: "conv", name: "nowhere", x: "conv0" }],
    };
    const before = tensorCount();
    expect(() => run(model, broken, given)).toThrow('The weights lack "nowhere.weight"');
    expect(tensorCount()).toBe(before);
  });

  it("says what it is not given, and what does not fit", () => {
    const on = (changed: Partial<typeof given>) => () => run(model, network, { ...given, ...changed });
    expect(on({ prior: undefined })).toThrow('"tiny sft-net" takes a prior; connect one');
    expect(on({ prior: noise([1, 12, 16, 5]) })).toThrow('The prior has 5 channels and "tiny sft-net" takes 8');
    expect(on({ prior: noise([1, 12, 15, 8]) })).toThrow("The prior is 15 × 12 where multiples of 4 are needed");
    expect(on({ prior: noise([1, 12, 20, 8]) })).toThrow("The prior is for 5 × 3 and the image for 4 × 3");
    expect(on({ mask: given.image } as object)).toThrow("takes no mask here");
  });
});

describe("Copies of weights", () => {
  it("are made when first used, once, and go with the model", () => {
    const own = tinyModel("sft-net-torch");
    const before = [tf.memory().numTensors, copiedTensors()] as const;
    run(own, generator(own), given).dispose();
    const made = copiedTensors() - before[1];
    expect(made).toBe(Object.keys(own.weights.tensors).length);
    expect(tf.memory().numTensors - before[0]).toBe(made);
    run(own, generator(own), given).dispose();
    expect(copiedTensors() - before[1]).toBe(made);
    own.weights.dispose();
    expect([tf.memory().numTensors, copiedTensors()]).toEqual(before);
  });
});
