import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import mixPriors from "../../nodes/mix-priors";
import { HostRaster, read, sizeOf, splice } from "../../src/image/raster";
import { oneHot } from "../../src/prior/classes";
import { whole } from "../../src/region";
import type { Image, Prior } from "../../src/types";
import { refusal } from "../message";
import { expectClose, imageOf, noise, runNode, testContext } from "../support";
import { priorOf, tensorOf } from "./values";

const picture = { height: 2, width: 3 };
const constant = (label: number): Prior => priorOf(oneHot(Uint8Array.of(label), { height: 1, width: 1 }), { picture });
const random = (seed: number) => priorOf(tf.softmax(noise([1, 8, 12, 8], seed)) as tf.Tensor4D, { picture });
type Inputs = { a: Prior; b: Prior; mask?: Image };
const run = async (inputs: Inputs, weight = 0.5, fit: "exact" | "resize" = "exact") =>
  (await runNode(mixPriors, inputs, { weight, fit })).prior;
const lerp = (a: Prior, b: Prior, t: number) => tf.add(tf.mul(a.map as tf.Tensor, 1 - t), tf.mul(b.map as tf.Tensor, t));

describe("Mix Priors", () => {
  it("mixes by weight", async () => {
    const [a, b] = [random(1), random(2)];
    for (const weight of [0, 0.25, 1]) {
      const prior = await run({ a, b }, weight);
      await expectClose(tensorOf(prior.map), lerp(a, b, weight), 1e-5);
      expect(prior).toMatchObject({ kind: "probabilities", picture });
    }
  });

  it("mixes at the finer of two resolutions", async () => {
    const [a, b] = [constant(3), random(2)];
    const prior = await run({ a, b }, 0.25);
    expect(sizeOf(prior.map)).toEqual({ height: 8, width: 12 });
    const everywhere = priorOf(tf.tile(a.map as tf.Tensor4D, [1, 8, 12, 1]));
    await expectClose(tensorOf(prior.map), lerp(everywhere, b, 0.25), 1e-5);
  });

  it("takes the second prior where the mask is white, as far as the weight goes", async () => {
    const [a, b] = [random(1), random(2)];
    const share = tf.round(noise([1, 8, 12, 1], 5)) as tf.Tensor4D;
    const mask = imageOf(tf.tile(share, [1, 1, 1, 3]));
    const { map } = await run({ a, b, mask }, 1);
    const chosen = tf.where(tf.tile(tf.greater(share, 0.5), [1, 1, 1, 8]), b.map as tf.Tensor, a.map as tf.Tensor);
    await expectClose(tensorOf(map), chosen, 1e-5);
  });

  it("takes a mask of the picture's size, of four times that, or of a prior's own; any other only to stretch it", async () => {
    const [a, b] = [random(1), random(2)];
    const white = (height: number, width: number) => imageOf(tf.ones([1, height, width, 3]));
    const mixed = lerp(a, b, 0.25);
    for (const mask of [white(2, 3), white(8, 12)])
      await expectClose(tensorOf((await run({ a, b, mask }, 0.25)).map), mixed, 1e-5);
    const fine = priorOf(tf.tile(constant(3).map as tf.Tensor4D, [1, 10, 15, 1]), { picture });
    expect(sizeOf((await run({ a, b: fine, mask: white(10, 15) })).map)).toEqual({ height: 10, width: 15 });
    const mask = white(5, 7);
    expect(await refusal(() => run({ a, b, mask }))).toBe(
      'the mask has 7 × 5 pixels, but the prior is for a picture of 3 × 2: give one of that size or of 12 × 8, or choose fit "resize"',
    );
    await expectClose(tensorOf((await run({ a, b, mask }, 0.25, "resize")).map), mixed, 1e-5);
  });

  it("mixes maps that are no probabilities as they are, without scaling them", async () => {
    const grey = (level: number) => priorOf(tf.fill([1, 8, 12, 1], level) as tf.Tensor4D, { kind: "map", picture });
    const prior = await run({ a: grey(0.2), b: grey(0.6) });
    await expectClose(tensorOf(prior.map), tf.fill([1, 8, 12, 1], 0.4), 1e-6);
    expect(prior.kind).toBe("map");
    expect((await run({ a: { ...random(1), kind: "map" }, b: random(2) })).kind).toBe("map");
  });

  it("updates its last result where one of the two has changed, equal to mixing anew", async () => {
    const [a, b] = [random(1), random(2)];
    const change = { top: 1, left: 3, height: 4, width: 2 };
    const now = { ...b, map: splice(b.map as tf.Tensor4D, tf.softmax(noise([1, 4, 2, 8], 9)) as tf.Tensor4D, change) };
    const outputs = { prior: await run({ a, b }, 0.25) };
    const before = { key: "last", params: { weight: 0.25, fit: "exact" }, outputs, changed: { b: change } };
    const update = (await mixPriors.update!(
      { a, b: now, mask: undefined },
      { weight: 0.25, fit: "exact" },
      testContext(),
      before,
    ))!;
    expect(update.changed).toEqual({ prior: change });
    await expectClose(tensorOf(update.outputs.prior.map), tensorOf((await run({ a, b: now }, 0.25)).map), 1e-6);
    const updated = (inputs: { a: Prior; b: Prior }, weight: number, changed = {}) =>
      mixPriors.update!({ mask: undefined, ...inputs }, { weight, fit: "exact" }, testContext(), { ...before, changed });
    expect(await updated({ a, b }, 0.25)).toEqual({ outputs, changed: {} });
    expect(await updated({ a, b: now }, 0.5, { b: change })).toBeUndefined();
    expect(await updated({ a: constant(3), b }, 0.25, { a: { top: 0, left: 0, height: 1, width: 1 } })).toBeUndefined();
  });

  it("mixes in tiles", async () => {
    const [a, b] = [random(1), constant(3)];
    const { map } = (await runNode(mixPriors, { a, b }, { weight: 0.25 }, { budget: 5000 })).prior;
    expect(map).toBeInstanceOf(HostRaster);
    await expectClose(read(map, whole({ height: 8, width: 12 })), tensorOf((await run({ a, b }, 0.25)).map), 1e-6);
  });

  it("refuses priors of other pictures or other channels", async () => {
    const other = { ...random(1), picture: { height: 2, width: 2 } };
    expect(await refusal(() => run({ a: random(1), b: other }))).toBe(
      "the first prior is for a picture of 3 × 2, the second for one of 2 × 2: give two for the same picture",
    );
    const five = priorOf(noise([1, 8, 12, 5]), { picture });
    expect(await refusal(() => run({ a: random(1), b: five }))).toBe(
      "a prior of 8 channels cannot be mixed with one of 5: give two with the same channels",
    );
  });
});
