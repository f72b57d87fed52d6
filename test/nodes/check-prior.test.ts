import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import checkPrior from "../../nodes/check-prior";
import { noise, runNode } from "../support";
import { priorOf } from "./values";

it("Check Prior hands the prior on and says what is unusual about it", async () => {
  const soft = priorOf(tf.softmax(noise([1, 4, 4, 8])) as tf.Tensor4D);
  const kept = await runNode(checkPrior, { prior: soft });
  expect(kept.prior).toBe(soft);
  expect(kept.report).toBe("like what the weights know");
  const grey = priorOf(tf.fill([1, 4, 4, 1], 0.25) as tf.Tensor4D, { kind: "map" });
  const told = await runNode(checkPrior, { prior: grey });
  expect(told.prior).toBe(grey);
  expect(told.report).toBe("unlike what the weights know: it has 1 channel, not 8; it is a map, not probabilities");
});
