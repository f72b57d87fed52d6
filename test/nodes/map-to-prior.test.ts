import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import mapToPrior from "../../nodes/map-to-prior";
import { HostRaster, read } from "../../src/image/raster";
import { whole } from "../../src/region";
import type { Image } from "../../src/types";
import { refusal } from "../message";
import { expectClose, imageOf, noise, runNode } from "../support";
import { tensorOf } from "./values";

const size = { height: 8, width: 12 };
const rgb = noise([1, 8, 12, 3], 6);
const run = async (params = {}, inputs: { image?: Image; picture?: Image } = {}, context = {}) =>
  (await runNode(mapToPrior, { image: imageOf(rgb), ...inputs }, params, context)).prior;
const channel = (c: number) => tf.slice(rgb, [0, 0, 0, c], [1, 8, 12, 1]);

describe("Map to Prior", () => {
  it("takes luma, one colour, or all three", async () => {
    const luma = await run();
    const weights = tf.tensor1d([65.481, 128.553, 24.966].map((weight) => weight / 219));
    await expectClose(tensorOf(luma.map), tf.sum(tf.mul(rgb, weights), 3, true), 1e-5);
    expect(luma).toMatchObject({ channels: ["luma"], kind: "map", picture: { height: 2, width: 3 } });
    for (const [c, name] of ["red", "green", "blue"].entries()) {
      const one = await run({ channels: name });
      await expectClose(tensorOf(one.map), channel(c), 1e-6);
      expect(one.channels).toEqual([name]);
    }
    const all = await run({ channels: "red, green, blue" });
    await expectClose(tensorOf(all.map), rgb, 1e-6);
    expect(all.channels).toEqual(["red", "green", "blue"]);
  });

  it("takes edges and normals of luma, the same in tiles", async () => {
    const ramp = imageOf(
      tf.tile(tf.reshape(tf.div(tf.range(0, 12, 1, "float32"), 12), [1, 1, 12, 1]), [1, 8, 1, 3]) as tf.Tensor4D,
    );
    const inner = (map: tf.Tensor4D) => tf.slice(map, [0, 0, 1, 0], [1, 8, 10, map.shape[3]]);
    const edges = await run({ channels: "edges" }, { image: ramp });
    await expectClose(inner(tensorOf(edges.map)), tf.fill([1, 8, 10, 1], 1 / 12), 1e-5);
    const normals = await run({ channels: "normals", strength: 12 }, { image: ramp });
    const half = Math.SQRT1_2 / 2;
    await expectClose(
      inner(tensorOf(normals.map)),
      tf.tile(tf.tensor4d([0.5 - half, 0.5, 0.5 + half], [1, 1, 1, 3]), [1, 8, 10, 1]),
      1e-5,
    );
    expect(normals.channels).toEqual(["normal x", "normal y", "normal z"]);
    for (const channels of ["edges", "normals"] as const) {
      const once = await run({ channels });
      const tiled = await run({ channels }, {}, { budget: 600 });
      expect(tiled.map).toBeInstanceOf(HostRaster);
      await expectClose(read(tiled.map, whole(size)), tensorOf(once.map), 1e-5);
    }
  });

  it("stretches each channel to 0 … 1, or to mean 0 and deviation 1", async () => {
    const span = tf.moments(rgb, [1, 2], true);
    const standard = await run({ channels: "red, green, blue", scaling: "mean and deviation" });
    await expectClose(tensorOf(standard.map), tf.div(tf.sub(rgb, span.mean), tf.sqrt(span.variance)), 1e-4);
    const [low, high] = [tf.min(rgb, [1, 2], true), tf.max(rgb, [1, 2], true)];
    const stretched = await run({ channels: "red, green, blue", scaling: "min–max" });
    await expectClose(tensorOf(stretched.map), tf.div(tf.sub(rgb, low), tf.sub(high, low)), 1e-5);
    const flat = imageOf(tf.fill([1, 8, 12, 3], 0.5) as tf.Tensor4D);
    for (const scaling of ["min–max", "mean and deviation"])
      await expectClose(tensorOf((await run({ channels: "red", scaling }, { image: flat })).map), tf.zeros([1, 8, 12, 1]), 1e-6);
  });

  it("must be four times the picture, unless it is to be stretched", async () => {
    const picture = imageOf(noise([1, 3, 2, 3]));
    expect(await refusal(() => run({}, { picture }))).toBe(
      'the map has 12 × 8 places, but the picture of 2 × 3 needs 8 × 12: give such a map, or choose fit "resize"',
    );
    expect((await run({ fit: "resize" }, { picture })).picture).toEqual({ height: 3, width: 2 });
  });
});
