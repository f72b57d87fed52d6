import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { oneHot } from "../../src/prior/classes";
import { DEPTH_CHANNELS } from "../../src/prior/depth";
import { priorFacts, priorWarnings } from "../../src/sftgan/guard";
import { priorOf } from "../nodes/values";
import { noise, testContext, tinyModel } from "../support";

const soft = () => priorOf(tf.softmax(noise([1, 5, 7, 8], 3)) as tf.Tensor4D);
const warned = async (prior: ReturnType<typeof priorOf>, model = tinyModel()) =>
  priorWarnings(prior, model, await priorFacts(prior, testContext()));

describe("priorFacts", () => {
  it("are the sums, the least value and the mean certainty, in tiles too, and leave no tensor behind", async () => {
    const prior = priorOf(tf.tensor4d([0.5, 0.25, -0.5, 1, 0, 0, 3, 1], [1, 2, 2, 2]));
    const before = tf.memory().numTensors;
    for (const budget of [2 ** 29, 100]) {
      const { sums, least, certainty } = await priorFacts(prior, testContext({ budget }));
      expect(sums).toEqual([0, 4]);
      expect(least).toBe(-0.5);
      expect(certainty).toBeCloseTo((0.5 + 1 + 0 + 3) / 4, 6);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("priorWarnings", () => {
  it("are none for soft probabilities of the classes, with and without a look at the values", async () => {
    expect(await warned(soft())).toEqual([]);
    expect(priorWarnings(soft(), tinyModel())).toEqual([]);
  });

  it("name sums that are not 1, and values below 0", async () => {
    expect(await warned(priorOf(tf.fill([1, 2, 2, 8], 0.25) as tf.Tensor4D))).toEqual(["its channels sum to 2 … 2, not to 1"]);
    const negative = tf.tensor4d([1.5, -0.5, 0, 0, 0, 0, 0, 0], [1, 1, 1, 8]);
    expect(await warned(priorOf(negative))).toEqual(["it has values below 0, down to -0.5"]);
  });

  it("name one class for certain everywhere, but not at some places", async () => {
    const hard = oneHot(Uint8Array.of(1, 2, 3, 4), { height: 2, width: 2 });
    expect(await warned(priorOf(hard))).toEqual([
      "it is certain of one class at every place, where soft probabilities are expected",
    ]);
    const partly = tf.concat([hard, tf.fill([1, 2, 2, 8], 1 / 8)], 2) as tf.Tensor4D;
    expect(await warned(priorOf(partly))).toEqual([]);
  });

  it("name channels that are not the weights' classes, as the weights' file names them", () => {
    const planes = { ...soft(), channels: Array.from({ length: 8 }, (_, i) => `plane ${i + 1}`) };
    expect(priorWarnings(planes, tinyModel())).toEqual(['channel 1 is "plane 1" where "background" is expected']);
    const model = { ...tinyModel(), metadata: { classes: planes.channels.join(",") } };
    expect(priorWarnings(planes, model)).toEqual([]);
    expect(priorWarnings(soft(), model)).toEqual(['channel 1 is "background" where "plane 1" is expected']);
  });

  it("name depth for weights trained on classes, and classes for weights trained on depth", () => {
    const depth = { ...soft(), channels: DEPTH_CHANNELS };
    const depthModel = { ...tinyModel(), metadata: { classes: "near,far" } };
    expect(priorWarnings(depth, depthModel)).toEqual([]);
    expect(priorWarnings(depth, tinyModel())).toEqual(["it is depth (near and far), where a prior of classes is expected"]);
    expect(priorWarnings(soft(), depthModel)).toEqual(["it is a prior of classes, where depth (near and far) is expected"]);
    const planes = { ...soft(), channels: Array.from({ length: 8 }, (_, i) => `plane ${i + 1}`) };
    expect(priorWarnings(planes, depthModel)).toEqual(['channel 1 is "plane 1" where "near" is expected']);
  });

  it("name another number of channels, a map, and weights that take no prior", () => {
    const map = priorOf(noise([1, 2, 2, 3]), { kind: "map" });
    expect(priorWarnings(map, tinyModel())).toEqual(["it has 3 channels, not 8", "it is a map, not probabilities"]);
    expect(priorWarnings(map, tinyModel("sft-net", { classes: 3 }))).toEqual(["it is a map, not probabilities"]);
    expect(priorWarnings(soft(), tinyModel("srresnet"))).toEqual(['"tiny srresnet" takes no prior']);
  });
});
