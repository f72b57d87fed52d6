/** The six stages as nodes, from a file's weights to a picture: against the original PyTorch code, and on odd pictures. */
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import bicubicUpscale from "../../nodes/bicubic-upscale";
import conditionNet from "../../nodes/condition-net";
import crop from "../../nodes/crop";
import degrade from "../../nodes/degrade";
import loadLr from "../../nodes/load-lr";
import loadModel from "../../nodes/load-model";
import loadPrior from "../../nodes/load-prior";
import save from "../../nodes/save";
import segment from "../../nodes/segment";
import sftResblocks from "../../nodes/sft-resblocks";
import type { Host } from "../../nodes/sockets";
import upsample from "../../nodes/upsample";
import { decodePng } from "../../src/codec/png-decode";
import { read, sizeOf } from "../../src/image/raster";
import { whole } from "../../src/region";
import type { Image, Model, Picture, Prior } from "../../src/types";
import { caseFile, fixture } from "../fixture";
import { array } from "../sftgan/nets";
import { expectClose, imageOf, noise, runNode, random as seeded } from "../support";

/** Condition Net, one SFT ResBlock×N for each of `parts`, Upsample. */
async function enlarged(image: Image, prior: Prior | undefined, parts: readonly number[], model?: Model, budget = 2 ** 29) {
  const context = { budget };
  const condition = prior && (await runNode(conditionNet, { prior, model }, {}, context)).condition;
  let passed: Parameters<typeof upsample.run>[0]["features"] | undefined;
  for (const blocks of parts) {
    const start = passed ? { features: passed } : { image };
    passed = (await runNode(sftResblocks, { ...start, condition, model }, { blocks }, context)).features;
  }
  return (await runNode(upsample, { features: passed!, condition, model }, {}, context)).image;
}
const pixels = (image: Image) => read(image.rgb, whole(sizeOf(image.rgb)));
const load = async (name: string) =>
  (await runNode(loadModel, {}, { file: { name } }, { file: () => fixture(`net-${name}`) })).model;

describe.each(["sft-net", "sft-net-torch", "srresnet"] as const)("The stages with %s", (variant) => {
  it("give the original PyTorch code's picture, in one chain or two, whole or in tiles", async () => {
    const model = await load(`${variant}.pth`);
    const image = imageOf(await array("picture"));
    const prior = model.condition
      ? (await runNode(loadPrior, { picture: image }, { file: { name: "prior.npy" } }, { file: () => fixture("net-prior.npy") }))
          .prior
      : undefined;
    const expected = await array(`${variant}.out`);
    await expectClose(pixels(await enlarged(image, prior, [2], model)), expected);
    await expectClose(pixels(await enlarged(image, prior, [1, 1], model)), expected);
    await expectClose(pixels(await enlarged(image, prior, [1, 1], model, 30_000)), expected);
  });
});

describe("The six stages", () => {
  const host = (decoded: Picture) => ({ file: async () => new Uint8Array(), decode: async () => decoded });
  const picture = (height: number, width: number): Picture => ({
    height,
    width,
    bits: 8,
    rgb: Uint8Array.from({ length: 3 * height * width }, (_, i) => (i * 89) % 256),
    alpha: Uint8Array.from({ length: height * width }, (_, i) => (255 * (i % width)) / Math.max(1, width - 1)),
  });

  it.each([
    [1, 1],
    [1, 2],
    [3, 200],
    [13, 7],
  ])("take a picture of %i × %i pixels from file to file", async (height, width) => {
    const decoded = picture(height, width);
    const { image } = await runNode(loadLr, {}, {}, host(decoded));
    const { prior } = await runNode(segment, { image }, { limit: 64 });
    const result = await enlarged(image, prior, [1, 1]);
    const encode = vi.fn<Host["encode"]>(async (_, type) => ({ type, bytes: new Uint8Array() }));
    await runNode(save, { image: result }, {}, { encode });
    const [saved] = encode.mock.calls[0]!;
    expect([saved.height, saved.width, saved.rgb.length]).toEqual([4 * height, 4 * width, 48 * height * width]);
    const row = Array.from(saved.alpha!.subarray(0, 4 * width));
    expect(row).toEqual([...row].sort((a, b) => a - b));
    if (width > 1) expect([row[0], row.at(-1)]).toEqual([0, 255]);
  });

  it("show one picture whatever colours a file hides under transparent pixels, cropped, shrunk and enlarged", async () => {
    const random = seeded(5);
    const saved: Picture[] = [];
    for (const hidden of [() => 0, () => 255, () => Math.floor(256 * random())]) {
      const decoded = picture(9, 12);
      const alpha = Uint8Array.from(decoded.alpha!, (_, i) => Math.max(0, 255 - 200 * Math.abs((i % 12) - 6)));
      const rgb = Uint8Array.from(decoded.rgb, (sample, i) => (alpha[Math.floor(i / 3)] ? sample : hidden()));
      const { image: loaded } = await runNode(loadLr, {}, {}, host({ ...decoded, rgb, alpha }));
      const large = (await runNode(bicubicUpscale, { image: loaded })).image;
      const small = (await runNode(degrade, { image: large }, { mode: "8 bit" })).image;
      const { image } = await runNode(crop, { image: small }, { left: 2, top: 1, width: 9, height: 7 });
      const { prior } = await runNode(segment, { image }, { limit: 32 });
      const encode = vi.fn<Host["encode"]>(async (_, type) => ({ type, bytes: new Uint8Array() }));
      await runNode(save, { image: await enlarged(image, prior, [2]) }, { bits: "16", format: "PNG" }, { encode });
      saved.push(encode.mock.calls[0]![0]);
    }
    expect(saved[0]!.alpha).toContain(0);
    expect(saved[1]).toEqual(saved[0]);
    expect(saved[2]).toEqual(saved[0]);
  });

  it("keep a grey photograph grey, enlarged, shrunk and enlarged again", async () => {
    const decode: Host["decode"] = async (bytes, name) => (await decodePng(bytes, name))!;
    const { image: photo } = await runNode(loadLr, {}, {}, { file: () => caseFile("pictures/gray.png"), decode });
    const { image } = await runNode(crop, { image: photo }, { left: 9, top: 7, width: 7, height: 6 });
    const { prior } = await runNode(segment, { image }, { limit: 32 });
    const once = await enlarged(image, prior, [1, 1]);
    const again = await enlarged((await runNode(degrade, { image: once })).image, prior, [1, 1]);
    for (const result of [once, again]) {
      const data = await pixels(result).data();
      expect(data.every((value, i) => value === data[i - (i % 3)])).toBe(true);
    }
    expect(new Set(await pixels(once).data()).size).toBeGreaterThan(100);
  });

  it("keep a colour ramp of 16 bits finer than 8", async () => {
    const rgb = Uint16Array.from({ length: 3 * 64 }, (_, i) => 30_000 + i);
    const decoded: Picture = { height: 8, width: 8, bits: 16, rgb };
    const { image } = await runNode(loadLr, {}, {}, host(decoded));
    expect(new Set(await (image.rgb as tf.Tensor).data()).size).toBe(192);
  });

  it("start from noise without a number that is none", async () => {
    const image = imageOf(tf.sub(tf.mul(noise([1, 6, 5, 3]), 40), 20) as tf.Tensor4D);
    const { prior } = await runNode(segment, { image }, { limit: 32 });
    expect((await pixels(await enlarged(image, prior, [2])).data()).every(Number.isFinite)).toBe(true);
  });
});
