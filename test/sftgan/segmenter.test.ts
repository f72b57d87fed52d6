import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { reachOf } from "../../src/kernels/cost";
import { segmenter as network } from "../../src/sftgan/segmenter";
import type { Model } from "../../src/types";
import { expectClose, noise } from "../support";
import { array, leaks, net } from "./nets";
import { segmenter } from "./stages";

describe("segmenter", () => {
  let model: Model;

  beforeAll(async () => {
    model = await net("segmenter.safetensors");
  });

  it("has the probabilities of the PyTorch network, on sides that are multiples of nothing", async () => {
    expect(model.architecture).toBe("segmenter");
    await expectClose(segmenter(model, await array("segmenter.in")), await array("segmenter.out"));
  });

  it("takes a picture of one pixel, and sees all of a larger one", async () => {
    const y = segmenter(model, noise([1, 1, 1, 3]));
    expect(y.shape).toEqual([1, 1, 1, 8]);
    await expectClose(tf.sum(y, 3), tf.ones([1, 1, 1]), 1e-5);
    expect(reachOf(model, network(model))).toEqual({ image: Number.POSITIVE_INFINITY });
  });

  it("leaves no tensor behind", async () => {
    const image = await array("segmenter.in");
    expect(leaks(() => segmenter(model, image))).toBe(0);
  });
});
