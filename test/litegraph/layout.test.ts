import { expect, it } from "vitest";
import checkPrior from "../../nodes/check-prior";
import entropy from "../../nodes/entropy";
import segment from "../../nodes/segment";
import viewPrior from "../../nodes/view-prior";
import { lookOf } from "../../src/litegraph/layout";

it("only nodes that show a prior in class colours have a legend of the classes", () => {
  expect([viewPrior, checkPrior, entropy, segment].map((def) => lookOf(def).legend)).toEqual([true, true, false, false]);
});
