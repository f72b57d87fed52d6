import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import depthToPrior from "../../nodes/depth-to-prior";
import { type Context, FACE } from "../../src/graph/node";
import { HostRaster, read } from "../../src/image/raster";
import { CLASSES, type Image } from "../../src/types";
import { refusal } from "../message";
import { expectClose, imageOf, noise, runNode } from "../support";
import { tensorOf } from "./values";

/** Grey levels over one row of four, four rows of it. */
const depth = (...levels: number[]): Image =>
  imageOf(
    tf.tensor4d(
      [0, 1, 2, 3].flatMap(() => levels.flatMap((level) => [level, level, level])),
      [1, 4, levels.length, 3],
    ),
  );
type Inputs = { depth: Image; picture?: Image };
const run = async (inputs: Inputs, params = {}) => (await runNode(depthToPrior, inputs, params)).prior;
const firstRow = async (prior: Awaited<ReturnType<typeof run>>) => {
  const [, , width, channels] = prior.map.shape;
  const values = Array.from(await tensorOf(prior.map).data(), (value) => Math.round(value * 1000) / 1000 + 0);
  return Array.from({ length: width }, (_, x) => values.slice(x * channels, (x + 1) * channels));
};

describe("Depth to Prior", () => {
  it("shares each depth out among the two nearest planes", async () => {
    const prior = await run({ depth: depth(0, 0.25, 0.5, 1) }, { classes: "3" });
    expect(await firstRow(prior)).toEqual([
      [1, 0, 0],
      [0.5, 0.5, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(prior).toMatchObject({
      channels: ["plane 1", "plane 2", "plane 3"],
      kind: "probabilities",
      picture: { height: 1, width: 1 },
    });
  });

  it("lets planes stand for classes, several for one too", async () => {
    const prior = await run({ depth: depth(0, 0.5, 1, 0.75) }, { classes: " Sky ,water,sky" });
    expect(prior.channels).toBe(CLASSES);
    expect(await firstRow(prior)).toEqual([
      [0, 1, 0, 0, 0, 0, 0, 0],
      [0, 0, 1, 0, 0, 0, 0, 0],
      [0, 1, 0, 0, 0, 0, 0, 0],
      [0, 0.5, 0.5, 0, 0, 0, 0, 0],
    ]);
  });

  it("cuts between near and far, and turns a disparity round", async () => {
    const prior = await run({ depth: depth(0, 0.3, 0.4, 1) }, { classes: "2", near: 0.2, far: 0.4, invert: false });
    expect(await firstRow(prior)).toEqual([
      [1, 0],
      [0.5, 0.5],
      [0, 1],
      [0, 1],
    ]);
    expect(await firstRow(await run({ depth: depth(0, 0.25, 1, 1) }, { classes: "2", invert: true }))).toEqual([
      [0, 1],
      [0.25, 0.75],
      [1, 0],
      [1, 0],
    ]);
  });

  it("cuts at edges where some are given", async () => {
    const cut = { classes: "sky, water, sky", edges: "0.2, 0.6" };
    const shares = (await firstRow(await run({ depth: depth(0, 0.1, 0.4, 0.6) }, cut))).map((row) => row.slice(1, 3));
    expect(shares).toEqual([
      [1, 0],
      [0.75, 0.25],
      [0, 1],
      [0.5, 0.5],
    ]);
    expect(await refusal(() => run({ depth: depth(0, 0, 0, 0) }, { ...cut, edges: "0.2" }))).toBe(
      "there is 1 edge for 3 bins: give 2, or none for even bins",
    );
    expect(
      await firstRow(await run({ depth: depth(0, 1, 1, 1) }, { ...cut, as: "near and far", edges: "not looked at" })),
    ).toHaveLength(4);
  });

  it("counts the depths for its face, as a plain loop does: a disparity turned round, a large map in tiles", async () => {
    const rgb = await noise([1, 20, 24, 3], 7).data();
    const counts = (invert: boolean) => {
      const all = new Array<number>(64).fill(0);
      for (let i = 0; i < rgb.length; i += 3) {
        const grey = (rgb[i]! + rgb[i + 1]! + rgb[i + 2]!) / 3;
        all[Math.min(63, Math.floor(64 * (invert ? 1 - grey : grey)))]! += 1;
      }
      return all;
    };
    const map = new HostRaster({ height: 20, width: 24 }, 3, rgb as Float32Array);
    for (const invert of [false, true]) {
      const result = await runNode(depthToPrior, { depth: { rgb: map } }, { invert }, { budget: 2 ** 19 });
      expect(result[FACE]!.histogram).toEqual(counts(invert));
    }
  });

  it("counts once for all cuts of a depth", async () => {
    const names: unknown[] = [];
    const memo: Context["memo"] = async (name, dependsOn, compute) => {
      names.push([name, dependsOn]);
      return compute();
    };
    await runNode(depthToPrior, { depth: depth(0, 0.5, 0.5, 1) }, {}, { memo });
    expect(names).toEqual([["histogram", ["depth", "invert"]]]);
  });

  it("gives near and far as such, and six empty channels, for weights trained on depth", async () => {
    const given = { depth: depth(0, 0.25, 1, 0.5) };
    const prior = await run(given, { as: "near and far", classes: "not looked at" });
    expect(prior).toMatchObject({ kind: "probabilities", picture: { height: 1, width: 1 } });
    expect(prior.channels.slice(0, 3)).toEqual(["near", "far", "empty 1"]);
    const none = [0, 0, 0, 0, 0, 0];
    expect(await firstRow(prior)).toEqual([
      [1, 0, ...none],
      [0.75, 0.25, ...none],
      [0, 1, ...none],
      [0.5, 0.5, ...none],
    ]);
    const turned = await run(given, { as: "near and far", invert: true, near: 0.5 });
    expect((await firstRow(turned)).map(([near, far]) => [near, far])).toEqual([
      [0, 1],
      [0.5, 0.5],
      [1, 0],
      [1, 0],
    ]);
  });

  it("must be four times the picture, unless it is to be stretched", async () => {
    const small = imageOf(noise([1, 3, 2, 3]));
    expect(await refusal(() => run({ depth: depth(0, 0, 1, 1), picture: small }))).toBe(
      'the map has 4 × 4 places, but the picture of 2 × 3 needs 8 × 12: give such a map, or choose fit "resize"',
    );
    expect((await run({ depth: depth(0, 0, 1, 1), picture: small }, { fit: "resize" })).picture).toEqual({ height: 3, width: 2 });
    expect((await run({ depth: depth(0, 0, 1, 1), picture: imageOf(noise([1, 1, 1, 3])) })).picture).toEqual({
      height: 1,
      width: 1,
    });
    expect(await refusal(() => run({ depth: depth(0, 0, 1) }))).toBe(
      'the map has 3 × 4 places, not a multiple of 4 each way: connect the picture it is for, and choose fit "resize"',
    );
  });

  it("is computed in tiles, a large result kept in host memory", async () => {
    const given = { depth: imageOf(noise([1, 60, 80, 3])) };
    const progress = vi.fn();
    const { prior } = await runNode(depthToPrior, given, { classes: "256" }, { budget: 2 ** 21, progress });
    expect(progress.mock.calls.length).toBeGreaterThan(4);
    expect(prior.map).toBeInstanceOf(HostRaster);
    const part = { top: 13, left: 21, height: 30, width: 40 };
    const whole = (await run(given, { classes: "256" })).map;
    await expectClose(read(prior.map, part), read(whole, part), 1e-6);
  });

  it("refuses names that are no class, numbers of planes that are none, and an empty range", async () => {
    const given = { depth: depth(0, 0, 1, 1) };
    expect(await refusal(() => run(given, { classes: "plant, tree" }))).toBe(
      '"tree" is no class: name some of background, sky, water, grass, mountain, building, plant, animal, or give a number of planes',
    );
    for (const classes of ["", "sky,", "1e3", "3.5", "-2", `${"x".repeat(2000)}\n`, "constructor"])
      expect(await refusal(() => run(given, { classes })), classes.slice(0, 20)).toContain("is no class");
    for (const classes of ["0", "257", "999999999999"])
      expect(await refusal(() => run(given, { classes }))).toContain("bins: give a whole number from 1 to 256");
    expect(await refusal(() => run(given, { near: 0.5, far: 0.5 }))).toContain("near 0.5 and far 0.5");
  });
});
