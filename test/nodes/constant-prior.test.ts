import { expect, it } from "vitest";
import constantPrior from "../../nodes/constant-prior";
import { CLASSES } from "../../src/types";
import { imageOf, noise, runNode } from "../support";
import { tensorOf } from "./values";

it.each(CLASSES.map((name, i) => [name, i] as const))("Constant Prior says %s everywhere", async (name, index) => {
  const { prior } = await runNode(constantPrior, { picture: imageOf(noise([1, 3, 7, 3])) }, { class: name });
  expect(Array.from(await tensorOf(prior.map).data())).toEqual(CLASSES.map((_, i) => (i === index ? 1 : 0)));
  expect(prior).toMatchObject({ channels: CLASSES, kind: "probabilities", picture: { height: 3, width: 7 } });
});
