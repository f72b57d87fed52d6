import { describe, expect, it } from "vitest";
import loadLr from "../../nodes/load-lr";
import { decodePng } from "../../src/codec/png-decode";
import { encodePng } from "../../src/codec/png-encode";
import { FACE } from "../../src/graph/node";
import { HostRaster } from "../../src/image/raster";
import { rawPng } from "../codec/raw-png";
import { caseFile, fixture } from "../fixture";
import { refusal } from "../message";
import { expectClose, runNode } from "../support";
import { tensorOf } from "./values";

const load = async (bytes: Uint8Array, context = {}) =>
  (
    await runNode(
      loadLr,
      {},
      { file: { name: "a.png" } },
      { file: async () => bytes, decode: async (bytes, name) => (await decodePng(bytes, name))!, ...context },
    )
  ).image;

const png = (depth: 8 | 16, sample: (x: number, y: number, c: number) => number, colour = 2) =>
  rawPng({ width: 3, height: 2, depth, colour, sample });

describe("Load LR", () => {
  it("gives the picture's samples, 0 to 1, rows from the top", async () => {
    const { rgb, alpha } = await load(png(8, (x, y, c) => 100 * y + 10 * x + c));
    expect(rgb.shape).toEqual([1, 2, 3, 3]);
    const expected = [0, 1].flatMap((y) => [0, 1, 2].flatMap((x) => [0, 1, 2].map((c) => (100 * y + 10 * x + c) / 255)));
    expect(Array.from(await tensorOf(rgb).data())).toEqual(expected.map((value) => expect.closeTo(value, 6)));
    expect(alpha).toBeUndefined();
  });

  it("keeps all 16 bits in the tensor", async () => {
    const sample = (x: number, y: number, c: number) => 30_000 + 6 * y + 2 * x + c;
    const values = await tensorOf((await load(png(16, sample))).rgb).data();
    expect(Array.from(values, (value) => Math.round(value * 65535))).toEqual(
      [0, 1].flatMap((y) => [0, 1, 2].flatMap((x) => [0, 1, 2].map((c) => sample(x, y, c)))),
    );
    expect(new Set(values).size).toBeGreaterThan(10);
  });

  it("keeps opacity apart, and carries visible colours on to where it is 0", async () => {
    const { rgb, alpha } = await load(png(8, (x, _, c) => (c === 3 ? 100 * x : x ? 200 : 7), 6));
    expect(Array.from(await tensorOf(alpha!).data(), (a) => Math.round(255 * a))).toEqual([0, 100, 200, 0, 100, 200]);
    expect(new Set(await tensorOf(rgb).data())).toEqual(new Set([Math.fround(200 / 255)]));
  });

  it("reads a cut-out as if its own colour went on under what is transparent", async () => {
    const cut = await load(await caseFile("pictures/logo_alpha.png"));
    const own = await load(await caseFile("pictures/own.png"));
    expect(cut.alpha).toBeDefined();
    await expectClose(tensorOf(cut.alpha!), tensorOf(own.alpha!), 1e-9);
    await expectClose(tensorOf(cut.rgb), tensorOf(own.rgb), 1e-9);
  });

  it("keeps a picture that takes a quarter of the budget in host memory", async () => {
    const { rgb } = await load(await fixture("picture-16-bit.png"), { budget: 64 });
    expect(rgb).toBeInstanceOf(HostRaster);
  });

  it("says beside its result what was wrong with the file, and passes on what is to be done with one that ends early", async () => {
    const whole = png(8, () => 9);
    const asked: unknown[] = [];
    const run = (bytes: Uint8Array, damaged: "refuse" | "read as far as it goes") =>
      runNode(
        loadLr,
        {},
        { file: { name: "a.png" }, damaged },
        {
          file: async () => bytes,
          decode: async (bytes, name, options) => {
            asked.push(options);
            return (await decodePng(bytes, name, options))!;
          },
        },
      );
    expect((await run(whole, "refuse"))[FACE]).toBeUndefined();
    expect((await run(whole.slice(0, -1), "refuse"))[FACE]).toEqual({ warnings: ["the end of the file is missing"] });
    expect((await run(whole, "read as far as it goes"))[FACE]).toBeUndefined();
    expect(asked).toEqual([{ partial: false }, { partial: false }, { partial: true }]);
    const half = (
      await encodePng({ width: 8, height: 8, bits: 8, rgb: Uint8Array.from({ length: 192 }, (_, i) => (i * 89) % 251) })
    ).slice(0, -60);
    expect(await refusal(() => run(half, "refuse"))).toMatch(
      /^a\.png is cut short.*or set “damaged” to “read as far as it goes”\.$/,
    );
  });

  it("has a sample from the start", () => {
    expect(loadLr.params.file.default).toEqual({ name: "sample:scene.png" });
    expect(loadLr.params.file.shipped).toContain("sample:scene.png");
  });

  it("asks for a picture where there is none, and passes on what is wrong with one", async () => {
    expect(await refusal(() => runNode(loadLr, {}, { file: null }))).toBe(
      "there is no picture yet: drop one on the node, or choose a file",
    );
    expect(await refusal(() => load(png(8, () => 0).slice(0, 44)))).toContain("a.png is cut short");
  });
});
