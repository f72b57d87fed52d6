import { zlibSync } from "fflate";
import { describe, expect, it } from "vitest";
import { decodePng } from "../../src/codec/png-decode";
import { caseFile } from "../fixture";
import { gamma, icc, SRGB_COLORANTS } from "./raw-icc";
import { join, rawPng } from "./raw-png";

const words = (...values: number[]) =>
  Uint8Array.from(values.flatMap((v) => [v >>> 24, (v >>> 16) & 255, (v >>> 8) & 255, v & 255]));
const gAMA = (g: number) => ["gAMA", words(Math.round(g * 100000))] as const;
const cHRM = (...points: number[]) => ["cHRM", words(...points.map((v) => Math.round(v * 100000)))] as const;
const cICP = (primaries: number, transfer: number, matrix = 0) =>
  ["cICP", Uint8Array.of(primaries, transfer, matrix, 1)] as const;
const iCCP = (profile: Uint8Array) => ["iCCP", join(Uint8Array.of(120, 0, 0), zlibSync(profile))] as const;
const sRGB = ["sRGB", Uint8Array.of(0)] as const;
const ADOBE = cHRM(0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06);
const P3 = cHRM(0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06);
const SRGB = cHRM(0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06);
const RGB_18 = icc("RGB ", "XYZ ", ...SRGB_COLORANTS, ["rTRC", gamma(1.8)], ["gTRC", gamma(1.8)], ["bTRC", gamma(1.8)]);
const GREY_18 = icc("GRAY", "XYZ ", ["kTRC", gamma(1.8)]);
const GREY_LAB = icc("GRAY", "Lab ", ["kTRC", gamma(1)]);
const DAMAGED = ["iCCP", Uint8Array.of(65, 0, 0, 1, 2, 3)] as const;

type Chunks = readonly (readonly [string, Uint8Array])[];

/** What Chromium 156 draws to a canvas for the pixel 85, 34, 14. */
const SHOWN: readonly (readonly [string, Chunks, readonly [number, number, number]])[] = [
  ["nothing", [], [85, 34, 14]],
  ["gAMA 1/1.8", [gAMA(1 / 1.8)], [104, 45, 16]],
  ["gAMA 1, linear light", [gAMA(1)], [156, 102, 66]],
  ["gAMA 2.5", [gAMA(2.5)], [210, 178, 152]],
  ["gAMA 0.1", [gAMA(0.1)], [0, 0, 0]],
  ["gAMA 0.45455, which is taken for sRGB", [gAMA(0.45455)], [85, 34, 14]],
  ["gAMA just as near to sRGB's as that", [gAMA(0.4771)], [85, 34, 14]],
  ["gAMA just not", [gAMA(0.4774)], [89, 32, 8]],
  ["gAMA 0.45455 with the primaries of sRGB, which is a power", [gAMA(0.45455), SRGB], [84, 28, 6]],
  ["gAMA 0, which means nothing", [gAMA(0)], [85, 34, 14]],
  ["gAMA and cHRM of Adobe RGB", [gAMA(1 / 2.2), ADOBE], [97, 28, 4]],
  ["gAMA and cHRM of P3", [gAMA(0.45455), P3], [92, 23, 0]],
  ["cHRM without gAMA", [ADOBE], [85, 34, 14]],
  ["gAMA and a cHRM that spans nothing", [gAMA(0.6), cHRM(0.3127, 0.329, 0.64, 0.33, 0.64, 0.33, 0.15, 0.06)], [85, 34, 14]],
  ["gAMA and a cHRM of zeros", [gAMA(0.6), cHRM(0, 0, 0, 0, 0, 0, 0, 0)], [85, 34, 14]],
  ["gAMA and a cHRM cut short", [gAMA(0.6), ["cHRM", new Uint8Array(31)]], [111, 52, 22]],
  ["gAMA cut short", [["gAMA", new Uint8Array(3)]], [85, 34, 14]],
  ["the first gAMA of two", [gAMA(0.6), gAMA(1)], [111, 52, 22]],
  ["sRGB before gAMA and cHRM", [sRGB, gAMA(1), ADOBE], [85, 34, 14]],
  ["gAMA after an sRGB of another intent", [["sRGB", Uint8Array.of(9)], gAMA(0.6)], [111, 52, 22]],
  ["gAMA after an sRGB of another length", [["sRGB", new Uint8Array(2)], gAMA(0.6)], [111, 52, 22]],
  ["iCCP before gAMA", [iCCP(RGB_18), gAMA(1)], [104, 45, 16]],
  ["iCCP before sRGB", [sRGB, iCCP(RGB_18)], [104, 45, 16]],
  ["gAMA after a damaged iCCP", [DAMAGED, gAMA(1)], [156, 102, 66]],
  ["sRGB after a damaged iCCP", [DAMAGED, sRGB, gAMA(1)], [85, 34, 14]],
  ["nothing of a grey profile in a picture of colours", [iCCP(GREY_18)], [85, 34, 14]],
  ["cICP of P3 before iCCP", [iCCP(RGB_18), cICP(12, 13)], [92, 30, 6]],
  ["cICP of P3 before sRGB", [sRGB, cICP(12, 13)], [92, 30, 6]],
  ["cICP of sRGB before gAMA", [cICP(1, 13), gAMA(1)], [85, 34, 14]],
  ["cICP of BT.709", [cICP(1, 1)], [76, 22, 3]],
  ["cICP of gamma 2.2", [cICP(1, 4)], [84, 28, 6]],
  ["cICP of PAL and gamma 2.8", [cICP(5, 5)], [62, 12, 1]],
  ["cICP of NTSC 1953", [cICP(4, 4)], [100, 24, 0]],
  ["cICP of SMPTE 170M", [cICP(6, 6)], [74, 24, 3]],
  ["cICP of SMPTE 240M", [cICP(7, 7)], [99, 53, 31]],
  ["cICP of film", [cICP(8, 13)], [96, 30, 6]],
  ["cICP of BT.2020", [cICP(9, 14)], [95, 0, 0]],
  ["cICP of digital cinema", [cICP(11, 17)], [76, 11, 0]],
  ["cICP of EBU 3213", [cICP(22, 13)], [86, 35, 14]],
  ["cICP of linear light", [cICP(1, 8)], [156, 102, 66]],
  ["nothing of a cICP that leaves the colours open", [cICP(2, 2)], [85, 34, 14]],
  ["gAMA after a cICP that leaves the primaries open", [cICP(2, 13), gAMA(1)], [156, 102, 66]],
  ["gAMA after a cICP that is none", [cICP(255, 255), gAMA(1)], [156, 102, 66]],
  ["nothing of a cICP cut short", [["cICP", Uint8Array.of(12, 13, 0)]], [85, 34, 14]],
];

/** Places, and what Chromium 156 draws there. */
const CASES = [
  [
    "gama_18.png",
    [
      [1, 1, 255, 0, 0],
      [9, 5, 92, 71, 146],
      [16, 12, 149, 151, 146],
      [25, 7, 0, 255, 0],
      [30, 22, 255, 255, 0],
    ],
  ],
  [
    "chrm_adobe.png",
    [
      [1, 1, 255, 0, 0],
      [9, 5, 79, 52, 131],
      [16, 12, 131, 134, 129],
      [25, 7, 0, 255, 0],
      [30, 22, 255, 255, 0],
    ],
  ],
] as const;

async function pixels(png: Parameters<typeof rawPng>[0]) {
  const { rgb, alpha, bits } = (await decodePng(rawPng(png), "a.png"))!;
  return { rgb: [...rgb], alpha: alpha && [...alpha], bits };
}

const near = (actual: readonly number[], expected: readonly number[], within: number) =>
  expect(Math.max(...expected.map((v, i) => Math.abs(actual[i]! - v))), `${actual} for ${expected}`).toBeLessThanOrEqual(within);

describe("the colours of a PNG", () => {
  it.each(SHOWN)("are what Chromium shows by %s", async (_, before, shown) => {
    const stored = [85, 34, 14];
    const { rgb } = await pixels({ width: 1, height: 1, depth: 8, colour: 2, sample: (_x, _y, c) => stored[c]!, before });
    near(rgb, shown, 1);
  });

  it("are converted alike in every kind of picture, and its opacity not at all", async () => {
    const before = [gAMA(1 / 1.8)];
    const shown = [104, 45, 16];
    const stored = [85, 34, 14, 99];
    const one = { width: 1, height: 1, sample: (_x: number, _y: number, c: number) => stored[c]! };
    const deep = await pixels({ ...one, depth: 16, colour: 6, sample: (_x, _y, c) => stored[c]! * 257, before });
    near(
      deep.rgb,
      shown.map((v) => v * 257),
      257,
    );
    expect(deep.alpha).toEqual([99 * 257]);
    const clear = await pixels({ ...one, depth: 8, colour: 6, before });
    near(clear.rgb, shown, 1);
    expect(clear.alpha).toEqual([99]);
    const palette = [
      ["PLTE", Uint8Array.from([1, 2, 3, ...stored.slice(0, 3)])],
      ["tRNS", Uint8Array.of(7, 9)],
    ] as const;
    const chosen = await pixels({ ...one, depth: 1, colour: 3, sample: () => 1, before: [...before, ...palette] });
    near(chosen.rgb, shown, 1);
    expect(chosen.alpha).toEqual([9]);
    for (const [depth, colour] of [
      [8, 0],
      [8, 4],
    ] as const) {
      const { rgb } = await pixels({ ...one, depth, colour, before });
      near(rgb, [104, 104, 104], 1);
      expect(new Set(rgb).size).toBe(1);
    }
    const few = await pixels({ ...one, depth: 2, colour: 0, sample: () => 1, before });
    near(few.rgb, [104, 104, 104], 1);
  });

  it("that one transparent colour is compared with are those stored", async () => {
    const before = [gAMA(1), ["tRNS", Uint8Array.of(0, 85, 0, 34, 0, 14)]] as const;
    const sample = (x: number, _y: number, c: number) => (x ? 156 : [85, 34, 14][c]!);
    expect((await pixels({ width: 2, height: 1, depth: 8, colour: 2, sample, before })).alpha).toEqual([0, 255]);
  });

  it("stay grey under a profile of colours", async () => {
    const sample = (x: number) => x;
    const { rgb } = await pixels({ width: 256, height: 1, depth: 8, colour: 0, sample, before: [cICP(12, 4)] });
    for (let x = 0; x < 256; x++) expect(rgb[3 * x] === rgb[3 * x + 1] && rgb[3 * x] === rgb[3 * x + 2]).toBe(true);
  });

  it("are those of a grey profile by luminance or by lightness", async () => {
    const of = async (profile: Uint8Array, v: number) =>
      (await pixels({ width: 1, height: 1, depth: 8, colour: 0, sample: () => v, before: [iCCP(profile)] })).rgb;
    near(await of(GREY_18, 37), [49, 49, 49], 1);
    near(await of(RGB_18, 37), [49, 49, 49], 1);
    // L* of 16/255, 128/255 and 240/255 as sRGB.
    for (const [stored, shown] of [
      [16, 20],
      [128, 119],
      [240, 238],
    ] as const)
      near(await of(GREY_LAB, stored), [shown, shown, shown], 1);
  });

  it("are what Chromium shows for gama_18.png and chrm_adobe.png", async () => {
    for (const [name, places] of CASES) {
      const { rgb, width } = (await decodePng(await caseFile(`pictures/${name}`), name))!;
      for (const [x, y, ...shown] of places) near([...rgb.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)], shown, 1);
    }
  });

  it("of HDR are read up to the diffuse white, and that is said", async () => {
    for (const transfer of [16, 18]) {
      const png = rawPng({ width: 1, height: 1, depth: 8, colour: 2, sample: () => 255, before: [cICP(9, transfer)] });
      const { rgb, warnings } = (await decodePng(png, "a.png"))!;
      expect([...rgb]).toEqual([255, 255, 255]);
      expect(warnings!.join()).toMatch(/HDR \((PQ|HLG)\).*203 nits/);
    }
    const white = Math.round(0.5806888 * 65535); // 203 nits in PQ
    const { rgb } = await pixels({ width: 1, height: 1, depth: 16, colour: 2, sample: () => white, before: [cICP(9, 16)] });
    near(rgb, [65535, 65535, 65535], 20);
  });
});
