import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import { make, runAtOnce, runInSteps, type Step } from "../../src/sftgan/steps";
import { expectClose, noise } from "../support";

const x = noise([1, 2, 3, 4]);
/** -(x + 1)·(x + 1), by a detour, with temporaries on the way. */
const steps: Step[] = [
  make("a", ({ x }) => tf.add(x, tf.ones([1]))),
  ({ a }) => ({ a, b: tf.neg(tf.mul(a, 1)) }),
  ({ a, b }) => ({ x: tf.mul(a, b) }),
];
const expected = () => tf.tidy(() => tf.neg(tf.square(tf.add(x, 1)))) as tf.Tensor4D;
const work = { pause: async () => {}, progress: () => {} };

describe("steps", () => {
  it("give the same at once and one by one, and leave one tensor behind: the result", async () => {
    const before = tf.memory().numTensors;
    const [once, paced] = [runAtOnce(steps, x), await runInSteps(steps, x, work)];
    expect(tf.memory().numTensors).toBe(before + 2);
    await expectClose(once, expected());
    await expectClose(paced, once, 1e-6);
  });

  it("are followed by a pause each, and report progress", async () => {
    const [pause, progress] = [vi.fn(async () => {}), vi.fn()];
    (await runInSteps(steps, x, { pause, progress })).dispose();
    expect(pause).toHaveBeenCalledTimes(3);
    expect(progress.mock.calls.map(([fraction]) => fraction)).toEqual([1 / 3, 2 / 3, 1]);
  });

  it.each([1, 2, 3])("leave nothing behind when cancelled after step %i", async (last) => {
    const before = tf.memory().numTensors;
    let count = 0;
    const pause = async () => {
      if (++count === last) throw new Error("cancelled");
    };
    await expect(runInSteps(steps, x, { ...work, pause })).rejects.toThrow("cancelled");
    expect(tf.memory().numTensors).toBe(before);
    expect(x.isDisposed).toBe(false);
  });

  it("leave nothing behind when one of them fails", async () => {
    const before = tf.memory().numTensors;
    const failing: Step[] = [
      ...steps.slice(0, 2),
      ({ a }) => {
        tf.neg(a);
        throw new Error("it failed");
      },
    ];
    expect(() => runAtOnce(failing, x)).toThrow("it failed");
    await expect(runInSteps(failing, x, work)).rejects.toThrow("it failed");
    expect(tf.memory().numTensors).toBe(before);
  });
});
