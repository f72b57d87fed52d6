import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import conditionNet from "../../nodes/condition-net";
import cropPrior from "../../nodes/crop-prior";
import { refusal } from "../message";
import { expectClose, noise, runNode } from "../support";
import { priorOf, tensorOf } from "./values";

const picture = { height: 7, width: 9 };
const region = { left: 2, top: 1, width: 5, height: 4 };
const conditionOf = async (prior: ReturnType<typeof priorOf>) => tensorOf((await runNode(conditionNet, { prior })).condition.map);

describe("Crop Prior", () => {
  it.each([
    ["four times the picture's", 28, 36],
    ["coarser", 3, 5],
    ["finer", 33, 50],
  ])("gives the region the condition of the whole picture, of a prior at a resolution %s", async (_, height, width) => {
    const prior = priorOf(tf.softmax(noise([1, height, width, 8])) as tf.Tensor4D, { picture });
    const { prior: part } = await runNode(cropPrior, { prior }, region);
    expect(part).toMatchObject({ channels: prior.channels, kind: "probabilities", picture: { height: 4, width: 5 } });
    const expected = tf.slice(await conditionOf(prior), [0, 1, 2, 0], [1, 4, 5, 3]);
    await expectClose(await conditionOf(part), expected, 1e-5);
  });

  it("keeps one place one place", async () => {
    const prior = priorOf(noise([1, 1, 1, 8]), { picture });
    const { prior: part } = await runNode(cropPrior, { prior }, region);
    expect(part.map).toBe(prior.map);
    expect(part.picture).toEqual({ height: 4, width: 5 });
  });

  it("refuses a region outside the picture, and a prior that is for no picture and not four times one", async () => {
    const prior = priorOf(noise([1, 28, 36, 8]));
    expect(await refusal(() => runNode(cropPrior, { prior }, { ...region, left: 5 }))).toBe(
      "the region of 5 × 4 pixels at (5, 1) is not inside the picture of 9 × 7: choose one that is, in whole pixels",
    );
    expect(await refusal(() => runNode(cropPrior, { prior: priorOf(noise([1, 5, 8, 8])) }, region))).toContain(
      "not a multiple of 4",
    );
  });
});
