import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import sharpenPrior from "../../nodes/sharpen-prior";
import { HostRaster, read, splice } from "../../src/image/raster";
import { whole } from "../../src/region";
import { refusal } from "../message";
import { expectClose, noise, runNode, testContext } from "../support";
import { priorOf, tensorOf } from "./values";

const picture = { height: 2, width: 3 };
const prior = () => priorOf(tf.softmax(noise([1, 5, 6, 8], 2)) as tf.Tensor4D, { picture });

describe("Sharpen Prior", () => {
  it("squares probabilities at a temperature of a half, and scales them to sum 1", async () => {
    const given = prior();
    const { prior: sharper } = await runNode(sharpenPrior, { prior: given }, { temperature: 0.5 });
    const squares = tf.square(given.map as tf.Tensor);
    await expectClose(tensorOf(sharper.map), tf.div(squares, tf.sum(squares, 3, true)), 1e-5);
    expect(sharper).toMatchObject({ channels: given.channels, kind: "probabilities", picture });
  });

  it("changes nothing at a temperature of 1, and gives the same in tiles", async () => {
    const given = prior();
    await expectClose(
      tensorOf((await runNode(sharpenPrior, { prior: given }, { temperature: 1 })).prior.map),
      given.map as tf.Tensor,
      1e-6,
    );
    const { map } = (await runNode(sharpenPrior, { prior: given }, { temperature: 1 }, { budget: 1500 })).prior;
    expect(map).toBeInstanceOf(HostRaster);
    await expectClose(read(map, whole({ height: 5, width: 6 })), given.map as tf.Tensor, 1e-6);
  });

  it("gives all to the most probable class when hard", async () => {
    const given = priorOf(tf.tensor4d([0.2, 0.5, 0.3, 0.6, 0.1, 0.3], [1, 1, 2, 3]));
    const { map } = (await runNode(sharpenPrior, { prior: given }, { hard: true })).prior;
    expect(Array.from(await tensorOf(map).data())).toEqual([0, 1, 0, 1, 0, 0]);
  });

  it("updates its last result where the prior has changed, equal to computing all", async () => {
    const [was, now] = [prior(), prior()];
    const changed = { top: 1, left: 2, height: 2, width: 3 };
    const map = splice(was.map as tf.Tensor4D, tf.softmax(noise([1, 2, 3, 8], 9)) as tf.Tensor4D, changed);
    const settings = { temperature: 2, hard: false };
    const outputs = await runNode(sharpenPrior, { prior: was }, settings);
    const before = { key: "last", params: settings, outputs, changed: { prior: changed } };
    const update = (await sharpenPrior.update!({ prior: { ...now, map } }, settings, testContext(), before))!;
    expect(update.changed).toEqual({ prior: changed });
    const anew = await runNode(sharpenPrior, { prior: { ...now, map } }, settings);
    await expectClose(tensorOf(update.outputs.prior.map), tensorOf(anew.prior.map), 1e-6);
    const unchanged = await sharpenPrior.update!({ prior: was }, settings, testContext(), { ...before, changed: {} });
    expect(unchanged).toEqual({ outputs, changed: {} });
    const other = { ...settings, temperature: 3 };
    expect(await sharpenPrior.update!({ prior: was }, other, testContext(), before)).toBeUndefined();
  });

  it("refuses a map that is no probabilities", async () => {
    const map = priorOf(noise([1, 4, 4, 1]), { kind: "map" });
    expect(await refusal(() => runNode(sharpenPrior, { prior: map }))).toBe(
      "the prior is a map (channel 0) and not probabilities of classes: connect a prior that is",
    );
  });
});
