import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import smoothPrior from "../../nodes/smooth-prior";
import { guidedFilter } from "../../src/image/guided-filter";
import { HostRaster, read, splice } from "../../src/image/raster";
import { whole } from "../../src/region";
import type { Image, Prior } from "../../src/types";
import { refusal } from "../message";
import { expectClose, imageOf, noise, runNode, testContext } from "../support";
import { priorOf, tensorOf } from "./values";

const size = { height: 24, width: 20 };
const grey = (levels: tf.Tensor) => imageOf(tf.tile(levels, [1, 1, 1, 3]) as tf.Tensor4D);
const run = async (inputs: { prior: Prior; picture: Image }, params = {}, context = {}) =>
  (await runNode(smoothPrior, inputs, params, context)).prior;

describe("Smooth Prior", () => {
  it("is the guided filter of each class, led by luma, scaled to sum 1", async () => {
    const guide = noise([1, 24, 20, 1], 4);
    const map = tf.softmax(tf.mul(noise([1, 24, 20, 8], 5), 5)) as tf.Tensor4D;
    const given = priorOf(map, { picture: size });
    const filter = { radius: 2, epsilon: 0.01 };
    const led = tf.relu(guidedFilter(guide, map, filter));
    const expected = tf.div(led, tf.sum(led, 3, true));
    const smooth = await run({ prior: given, picture: grey(guide) }, filter);
    await expectClose(tensorOf(smooth.map), expected, 1e-4);
    expect(smooth).toMatchObject({ channels: given.channels, kind: "probabilities", picture: size });
    const tiled = await run({ prior: given, picture: grey(guide) }, filter, { budget: 25_000 });
    expect(tiled.map).toBeInstanceOf(HostRaster);
    await expectClose(read(tiled.map, whole(size)), expected, 1e-4);
  });

  it("moves a class border to the picture's edge", async () => {
    // The picture's edge is at column 10; the prior's border was put two places to the left of it.
    const step = (at: number) =>
      tf.tile(
        tf.tensor4d(
          Array.from({ length: 20 }, (_, x) => (x < at ? 0 : 1)),
          [1, 1, 20, 1],
        ),
        [1, 24, 1, 1],
      );
    const map = tf.concat([tf.sub(1, step(8)), step(8)], 3) as tf.Tensor4D;
    const { map: smooth } = await run(
      { prior: priorOf(map, { picture: size }), picture: grey(step(10)) },
      { radius: 6, epsilon: 0.001 },
    );
    const second = await tf.slice(tensorOf(smooth), [0, 12, 0, 1], [1, 1, 20, 1]).data();
    const jumps = Array.from({ length: 19 }, (_, x) => second[x + 1]! - second[x]!);
    expect(jumps.indexOf(Math.max(...jumps))).toBe(9);
    expect(jumps[9]!).toBeGreaterThan(4 * jumps[7]!);
  });

  it("updates its last result as far as the filter sees, equal to computing all", async () => {
    const map = tf.softmax(noise([1, 24, 20, 3], 5)) as tf.Tensor4D;
    const [given, picture] = [priorOf(map, { picture: size }), imageOf(noise([1, 24, 20, 3], 4))];
    const settings = { radius: 2, epsilon: 0.01 };
    const outputs = { prior: await run({ prior: given, picture }, settings) };
    const change = { top: 9, left: 3, height: 2, width: 4 };
    const now = { ...given, map: splice(map, tf.softmax(noise([1, 2, 4, 3], 9)) as tf.Tensor4D, change) };
    const before = { key: "last", params: settings, outputs, changed: { prior: change } };
    const update = (await smoothPrior.update!({ prior: now, picture }, settings, testContext(), before))!;
    expect(update.changed).toEqual({ prior: { top: 5, left: 0, height: 10, width: 11 } });
    const anew = await run({ prior: now, picture }, settings);
    await expectClose(tensorOf(update.outputs.prior.map), tensorOf(anew.map), 1e-5);
    const other = { ...before, changed: { picture: change } };
    expect(await smoothPrior.update!({ prior: now, picture }, settings, testContext(), other)).toBeUndefined();
  });

  it("works at the prior's own resolution", async () => {
    const one = priorOf(tf.softmax(noise([1, 1, 1, 8])) as tf.Tensor4D, { picture: size });
    await expectClose(
      tensorOf((await run({ prior: one, picture: imageOf(noise([1, 24, 20, 3])) })).map),
      one.map as tf.Tensor,
      1e-5,
    );
  });

  it("leaves maps that are no probabilities unscaled", async () => {
    const flat = priorOf(tf.fill([1, 6, 5, 2], 3) as tf.Tensor4D, { kind: "map", picture: size });
    const { map, kind } = await run({ prior: flat, picture: imageOf(noise([1, 24, 20, 3])) });
    await expectClose(tensorOf(map), flat.map as tf.Tensor, 1e-4);
    expect(kind).toBe("map");
  });

  it("refuses a picture that is not the prior's", async () => {
    const prior = priorOf(noise([1, 6, 5, 8]), { picture: size });
    expect(await refusal(() => run({ prior, picture: imageOf(noise([1, 20, 24, 3])) }))).toBe(
      "the prior is for a picture of 20 × 24, and this one has 24 × 20 pixels: connect the picture that the prior was made for",
    );
  });
});
