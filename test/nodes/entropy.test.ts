import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import entropy from "../../nodes/entropy";
import { colourMap } from "../../src/image/colour-map";
import { refusal } from "../message";
import { expectClose, noise, runNode } from "../support";
import { priorOf, tensorOf } from "./values";

describe("Entropy", () => {
  it("shows bits in colours from 0 to 3, and says their mean and maximum", async () => {
    const places = [
      [1, 0, 0, 0, 0, 0, 0, 0],
      [0.5, 0, 0.5, 0, 0, 0, 0, 0],
      Array(8).fill(1 / 8),
      [0.5, 0.25, 0.25, 0, 0, 0, 0, 0],
    ];
    const { image, mean, max } = await runNode(entropy, { prior: priorOf(tf.tensor4d(places.flat(), [1, 2, 2, 8])) });
    expect(mean).toBeCloseTo((0 + 1 + 3 + 1.5) / 4, 5);
    expect(max).toBeCloseTo(3, 5);
    expect(image.legend).toMatchObject({ map: "viridis", label: "entropy, bits", low: 0, high: 3, below: false, above: false });
    const bits = tf.tensor4d([0, 1, 3, 1.5], [1, 2, 2, 1]);
    await expectClose(tensorOf(image.rgb), colourMap(bits, { low: 0, high: 3 }, "viridis"), 1e-4);
  });

  it("of a prior of one channel is 0", async () => {
    const { mean, max } = await runNode(entropy, { prior: priorOf(tf.ones([1, 2, 2, 1])) });
    expect([mean, max]).toEqual([expect.closeTo(0, 5), expect.closeTo(0, 5)]);
  });

  it("refuses a map that is no probabilities", async () => {
    expect(await refusal(() => runNode(entropy, { prior: priorOf(noise([1, 4, 4, 3]), { kind: "map" }) }))).toContain(
      "the prior is a map (channel 0, channel 1, channel 2)",
    );
  });
});
