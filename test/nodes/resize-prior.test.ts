import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import resizePrior from "../../nodes/resize-prior";
import { sizeOf } from "../../src/image/raster";
import { expectClose, imageOf, noise, runNode } from "../support";
import { priorOf, tensorOf } from "./values";

const picture = imageOf(noise([1, 3, 5, 3]));
const prior = () => priorOf(tf.softmax(noise([1, 8, 12, 8], 2)) as tf.Tensor4D, { picture: { height: 2, width: 3 } });

it("Resize Prior makes the prior one for another picture, its map as it is", async () => {
  const given = prior();
  const { prior: resized } = await runNode(resizePrior, { prior: given, picture });
  expect(resized.map).toBe(given.map);
  expect(resized).toMatchObject({ channels: given.channels, kind: "probabilities", picture: { height: 3, width: 5 } });
});

it("Resize Prior makes its map coarser by averages, or finer, and probabilities stay such", async () => {
  for (const [side, size] of [
    [6, { height: 4, width: 6 }],
    [30, { height: 20, width: 30 }],
    [1, { height: 1, width: 1 }],
  ] as const) {
    const { map } = (await runNode(resizePrior, { prior: prior(), picture }, { side })).prior;
    expect(sizeOf(map)).toEqual(size);
    await expectClose(tf.sum(tensorOf(map), 3), tf.ones([1, size.height, size.width]), 1e-5);
  }
});
