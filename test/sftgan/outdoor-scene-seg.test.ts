import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Model } from "../../src/types";
import { expectClose, noise } from "../support";
import { array, leaks, net } from "./nets";
import { outdoorSceneSeg } from "./stages";

describe("outdoorSceneSeg", () => {
  let model: Model;
  let image: tf.Tensor4D;
  let expected: tf.Tensor4D;

  beforeAll(async () => {
    model = await net("outdoor-scene-seg.pth");
    image = await array("outdoor-scene-seg.in");
    expected = await array("outdoor-scene-seg.out");
  });

  it("has the probabilities of the PyTorch network, on sides that are multiples of nothing", async () => {
    expect(model.architecture).toBe("outdoor-scene-seg");
    await expectClose(outdoorSceneSeg(model, image), expected);
  });

  it("takes a picture of one pixel", async () => {
    const y = outdoorSceneSeg(model, noise([1, 1, 1, 3]));
    expect(y.shape).toEqual([1, 1, 1, 8]);
    await expectClose(tf.sum(y, 3), tf.ones([1, 1, 1]), 1e-5);
  });

  it("leaves no tensor behind", () => {
    expect(leaks(() => outdoorSceneSeg(model, image))).toBe(0);
  });
});
