import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import paintPrior from "../../nodes/paint-prior";
import { Executor } from "../../src/graph/executor";
import type { Before } from "../../src/graph/node";
import { parseGraph } from "../../src/graph/parse";
import { sizeOf } from "../../src/image/raster";
import { oneHot } from "../../src/prior/classes";
import { addStroke, type Stroke } from "../../src/prior/strokes";
import type { Image, Prior } from "../../src/types";
import { graphOf } from "../graph-builder";
import { refusal } from "../message";
import { formatStrokes } from "../prior/stroke-text";
import { expectClose, imageOf, noise, random, runNode, testContext, testHost } from "../support";
import { drawn, priorOf, tensorOf } from "./values";

const picture = { height: 3, width: 4 };
const soft = (height: number, width: number, seed = 2) => tf.softmax(noise([1, height, width, 8], seed)) as tf.Tensor4D;
const predicted = (more: Partial<Prior> = { picture }) => priorOf(soft(12, 16), more);
const sky: Stroke = { tool: "brush", label: 1, size: 1.5, hardness: 0.7, strength: 1, points: [1, 1, 2, 1.5] };
const water: Stroke = { ...sky, label: 2, points: [3, 2] };
const strokes = formatStrokes([sky]);

describe("Paint Prior", () => {
  it("paints classes on the prior, at its own resolution where that is the finer", async () => {
    const { prior } = await runNode(paintPrior, { prior: predicted() }, { strokes });
    expect(sizeOf(prior.map)).toEqual({ height: 12, width: 16 });
    expect(prior).toMatchObject({ kind: "probabilities", picture });
    const [, class1] = await tf.slice(tensorOf(prior.map), [0, 4, 4, 0], [1, 1, 1, 8]).data();
    expect(class1).toBeCloseTo(1, 5);
  });

  it("paints at four times the picture on a prior that is coarser than it", async () => {
    const everywhere = priorOf(oneHot(Uint8Array.of(3), { height: 1, width: 1 }), { picture });
    const { prior } = await runNode(paintPrior, { prior: everywhere }, { strokes });
    expect(sizeOf(prior.map)).toEqual({ height: 12, width: 16 });
    const between = priorOf(soft(5, 6), { picture });
    expect(sizeOf((await runNode(paintPrior, { prior: between })).prior.map)).toEqual({ height: 5, width: 6 });
  });

  it("gives the prior back where nothing is painted", async () => {
    const given = predicted({});
    const { prior } = await runNode(paintPrior, { prior: given, picture: imageOf(noise([1, 3, 4, 3])) });
    await expectClose(tensorOf(prior.map), tensorOf(given.map), 1e-6);
    expect(prior.picture).toEqual(picture);
  });

  it("refuses what it cannot paint on, and strokes it cannot read", async () => {
    const five = priorOf(noise([1, 12, 16, 5]), { picture });
    expect(await refusal(() => runNode(paintPrior, { prior: five }))).toContain("the prior has 5 channels");
    const other = imageOf(noise([1, 5, 4, 3]));
    expect(await refusal(() => runNode(paintPrior, { prior: predicted(), picture: other }))).toContain(
      "the prior is for a picture of 4 × 3, and the one connected has 4 × 5",
    );
    expect(await refusal(() => runNode(paintPrior, { prior: priorOf(soft(13, 16)) }))).toContain("13");
    expect(await refusal(() => runNode(paintPrior, { prior: predicted() }, { strokes: "1 nonsense" }))).toContain(
      "stroke 1 of 1 cannot be read",
    );
  });

  it("says what is too large for the memory there is, and what to do, before it is tried", async () => {
    const given = predicted();
    const needs = 4 * 12 * 16 * 32;
    const run = (budget: number, prior: Prior) => refusal(() => runNode(paintPrior, { prior }, { strokes }, { budget }));
    await runNode(paintPrior, { prior: given }, { strokes }, { budget: needs });
    expect(await run(needs - 1, given)).toBe(
      "painting on 16 × 12 places needs 0.00 GB, and at most 0.00 GB are allowed: resize the prior to at most 15 × 11 places",
    );
    expect(await run(4 * 3 * 4 * 32 - 1, given)).toMatch(/allowed: crop the picture to 1 × 1 pixels or less$/);
    const coarse = priorOf(oneHot(Uint8Array.of(3), { height: 1, width: 1 }), { picture: { height: 4096, width: 2048 } });
    expect(await run(2 ** 29, coarse)).toBe(
      "painting on 2048 × 4096 places needs 1.00 GB, and at most 0.50 GB are allowed: crop the picture to 1448 × 2896 pixels or less",
    );
  });

  it("updates its last result in the box of what was painted, equal to painting anew", async () => {
    const prior = predicted();
    const now = addStroke(strokes, water);
    const last = await runNode(paintPrior, { prior }, { strokes });
    const anew = await runNode(paintPrior, { prior }, { strokes: now });
    const before: Before = { key: "", params: { strokes }, outputs: last, changed: {} };
    const inputs = { prior, picture: undefined };
    const update = (await paintPrior.update!(inputs, { strokes: now }, testContext(), before))!;
    await expectClose(tensorOf(update.outputs.prior.map), tensorOf(anew.prior.map), 1e-6);
    expect(update.changed).toEqual({ prior: { left: 8, top: 4, width: 8, height: 8 } });
    const same = await paintPrior.update!(inputs, { strokes }, testContext(), before);
    expect(same!.changed).toEqual({});
  });

  it("leaves a result of another size to a full run", async () => {
    const before: Before = { key: "", params: { strokes: "" }, outputs: { prior: priorOf(soft(4, 4)) }, changed: {} };
    expect(
      await paintPrior.update!({ prior: predicted(), picture: undefined }, { strokes }, testContext(), before),
    ).toBeUndefined();
  });
});

describe("A graph with Paint Prior", () => {
  const next = random(3);
  const photo = drawn({ height: 12, width: 16 }, () => [256 * next(), 256 * next(), 256 * next()]);
  const host = testHost({ file: async () => new Uint8Array([1]), decode: async () => photo });
  const graph = (text: string) =>
    parseGraph(
      graphOf([
        ["load-lr", { file: { name: "a.png" } }],
        ["segment", {}, { image: [1, "image"] }],
        ["paint-prior", { strokes: text }, { prior: [2, "prior"] }],
        ["condition-net", {}, { prior: [3, "prior"] }],
        ["sft-resblocks", { blocks: 2 }, { image: [1, "image"], condition: [4, "condition"] }],
        ["upsample", {}, { features: [5, "features"], condition: [4, "condition"] }],
      ]),
      definitions,
    );
  const executor = () => new Executor({ definitions, host, cacheBytes: 2 ** 28, budget: 2 ** 27 });
  const result = async (of: ReturnType<typeof executor>, text: string) => {
    const { outputs, errors } = await of.run(graph(text), ["6"]);
    expect([...errors]).toEqual([]);
    return tf.keep(tf.clone((outputs.get("6")!.image as Image).rgb as tf.Tensor4D));
  };

  it("gives the same picture stroke by stroke as from the strokes at once", async () => {
    const live = executor();
    let text = "";
    await result(live, text);
    for (const stroke of [sky, { ...water, tool: "lasso", points: [4, 4, 12, 4, 9, 10] } as const, { ...sky, points: [12, 9] }]) {
      text = addStroke(text, stroke);
      const [painted, atOnce] = [await result(live, text), await result(executor(), text)];
      await expectClose(painted, atOnce);
    }
    const [undone, fresh] = [await result(live, strokes), await result(executor(), strokes)];
    await expectClose(undone, fresh);
    await live.clear();
  });
});
