import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { chosenByRegion, everywhere, labelPlaces, type Places, regionsDiffer, regionsOf } from "../../src/prior/choose";
import { oneHot } from "../../src/prior/classes";
import type { RegionPick } from "../../src/prior/picks";
import { refusal } from "../message";
import { priorOf, tensorOf } from "../nodes/values";
import { expectClose, noise, testContext } from "../support";

const places: Places = { picture: { height: 2, width: 3 }, map: { height: 4, width: 6 } };
/** Sky above; grass and water below, animals between them. */
// biome-ignore format: as it lies on the map
const labels = Uint8Array.of(
  1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1,
  3, 3, 3, 7, 2, 2,
  3, 3, 7, 7, 2, 2,
);
const predicted = priorOf(oneHot(labels, places.map), { picture: places.picture });
const yours = priorOf(tf.softmax(noise([1, 4, 6, 8], 5)) as tf.Tensor4D, { picture: places.picture });
const checkpoint = async () => {};
const at = (choice: RegionPick["choice"], x: number, y: number): RegionPick => ({ choice, x, y });

describe("Regions", () => {
  it("are connected places of one label", async () => {
    expect(await labelPlaces(predicted, places.map, checkpoint)).toEqual(labels);
    const { owners, choices } = await regionsOf(labels, places, [at("grass", 0, 0), at("sky", 1.5, 1.5)], checkpoint);
    expect(choices).toEqual(["grass", "sky"]);
    expect([...owners]).toEqual([...labels].map((label) => (label === 1 ? 1 : label === 7 ? 2 : 0)));
  });

  it("have what was chosen last", async () => {
    const { owners, choices } = await regionsOf(labels, places, [at("grass", 0, 0), at("sky", 2.9, 0.9)], checkpoint);
    expect(new Set([...owners].map((owner) => choices[owner - 1]))).toEqual(new Set(["sky", undefined]));
  });

  it("are refused beside the picture", async () => {
    expect(await refusal(() => regionsOf(labels, places, [at("sky", 3, 1)], checkpoint))).toContain(
      "beside the picture of 3 × 2",
    );
  });

  it("say where they differ", async () => {
    const of = (...picks: RegionPick[]) => regionsOf(labels, places, picks, checkpoint);
    expect(regionsDiffer(await of(at("sky", 2, 1)), await of(at("sky", 2, 1), at("grass", 2, 1.5)), places.map)).toEqual({
      left: 4,
      top: 2,
      width: 2,
      height: 2,
    });
    expect(
      regionsDiffer(await of(at("sky", 0, 0), at("grass", 0, 1)), await of(at("grass", 0, 1), at("sky", 0, 0)), places.map),
    ).toBe(undefined);
  });
});

describe("A prior chosen by region", () => {
  const chosen = async (choice: RegionPick["choice"], ...picks: RegionPick[]) => {
    const regions = await regionsOf(labels, places, picks, checkpoint);
    const before = tf.memory().numTensors;
    const prior = await chosenByRegion({ predicted, yours }, choice, regions, places, testContext());
    expect(tf.memory().numTensors - before).toBe(1);
    return prior;
  };

  it("is one prior everywhere but in regions that have another", async () => {
    const prior = await chosen("yours", at("grass", 0, 0), at("predicted", 2.5, 1.5));
    const sky = tf.reshape(tf.cast(tf.equal(tf.tensor1d([...labels]), 1), "float32"), [1, 4, 6, 1]);
    const water = tf.reshape(tf.cast(tf.equal(tf.tensor1d([...labels]), 2), "float32"), [1, 4, 6, 1]);
    const rest = tf.sub(tf.sub(1, sky), water);
    const grass = oneHot(new Uint8Array(24).fill(3), places.map);
    const expected = tf.addN([
      tf.mul(grass, sky),
      tf.mul(tensorOf(predicted.map), water),
      tf.mul(tensorOf(yours.map), rest),
    ]) as tf.Tensor4D;
    await expectClose(tensorOf(prior.map), expected, 1e-6);
    expect(prior).toMatchObject({ kind: "probabilities", picture: places.picture });
  });

  it("sums to 1 in every place", async () => {
    const { map } = await chosen("sky", at("yours", 0, 1.5), at("predicted", 0, 0));
    const sums = tf.sum(tensorOf(map), 3, true) as tf.Tensor4D;
    await expectClose(sums, tf.onesLike(sums), 1e-6);
  });

  it("is one class in one place where nothing else is chosen", async () => {
    const { map, picture } = everywhere("water", places.picture);
    expect([...(await tensorOf(map).data())]).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
    expect([map.shape, picture]).toEqual([[1, 1, 1, 8], places.picture]);
  });
});
