import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { outdoorSceneSeg, transposedConv } from "../../src/sftgan/outdoor-scene-seg";
import type { Model } from "../../src/types";
import { expectClose, noise } from "../support";
import { array, leaks, net } from "./nets";

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

  it("enlarges each class by a kernel of its own, as a grouped transposed convolution does", async () => {
    const x = noise([1, 3, 5, 8]);
    const kernel = noise([16, 16, 1, 8], 2);
    // One kernel for all channels, with zeros where they would mix; "same" is PyTorch's padding of 4 here.
    const apart = tf.mul(tf.reshape(kernel, [16, 16, 1, 8]), tf.reshape(tf.eye(8), [1, 1, 8, 8])) as tf.Tensor4D;
    const expected = tf.conv2dTranspose(x, apart, [1, 24, 40, 8], 8, "same") as tf.Tensor4D;
    await expectClose(transposedConv({ "deconv.weight": kernel }, "deconv", x), expected, 1e-5);
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
