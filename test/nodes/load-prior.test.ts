import { describe, expect, it } from "vitest";
import loadPrior from "../../nodes/load-prior";
import { decodePng } from "../../src/codec/png-decode";
import { HostRaster, read, sizeOf } from "../../src/image/raster";
import { whole } from "../../src/region";
import { CLASS_COLOURS, CLASSES, type Image, type Prior } from "../../src/types";
import { writeNpy } from "../../src/weights/npy";
import { rawPng } from "../codec/raw-png";
import { fixture } from "../fixture";
import { refusal } from "../message";
import { array } from "../sftgan/nets";
import { expectClose, imageOf, noise, runNode } from "../support";
import { array as expectedArray } from "../weights/expected";
import { tensorOf } from "./values";

interface More {
  picture?: Image;
  fit?: "exact" | "resize";
  format?: "auto" | "labels" | "grey map";
  budget?: number;
}
const load = async (bytes: Uint8Array, name: string, { picture, budget = 2 ** 29, ...params }: More = {}): Promise<Prior> =>
  (
    await runNode(
      loadPrior,
      { picture },
      { file: { name }, ...params },
      { budget, file: async () => bytes, decode: async (bytes, name) => (await decodePng(bytes, name))! },
    )
  ).prior;

/** The class index at each place, all else being 0. */
async function labelsIn({ map }: Prior): Promise<number[]> {
  const values = await read(map, whole(sizeOf(map))).data();
  return Array.from({ length: values.length / 8 }, (_, i) => {
    const place = Array.from(values.subarray(8 * i, 8 * i + 8));
    expect(place.filter((value) => value !== 0)).toEqual([1]);
    return place.indexOf(1);
  });
}
/** 8 × 4 places, every class in every row. */
const label = (x: number, y: number) => (x + 3 * y) % 8;
const LABELS = Array.from({ length: 32 }, (_, i) => label(i % 8, Math.floor(i / 8)));
const png = (colour: number, depth: number, sample: (x: number, y: number, c: number) => number, palette?: number[]) =>
  rawPng({ width: 8, height: 4, depth, colour, sample, before: palette ? [["PLTE", Uint8Array.from(palette)]] : [] });

describe("Load Prior, of arrays,", () => {
  it("reads .npy [H, W, K]", async () => {
    const prior = await load(await fixture("net-prior.npy"), "prior.npy");
    await expectClose(tensorOf(prior.map), await array("prior"), 1e-7);
    expect(prior).toMatchObject({ channels: CLASSES, kind: "probabilities", picture: { height: 12, width: 10 } });
  });

  it.each(["weights-prior_bic.pth", "weights-prior_bic.zip.pth"])("reads the official %s", async (name) => {
    const { shape, data } = expectedArray("prior");
    const [channels, height, width] = shape as [number, number, number];
    const prior = await load(await fixture(name), name, { picture: imageOf(noise([1, 3, 3, 3])), fit: "resize" });
    expect(prior.map.shape).toEqual([1, height, width, channels]);
    const values = await tensorOf(prior.map).data();
    const expected = Array.from({ length: data.length }, (_, i) => {
      const [place, k] = [Math.floor(i / channels), i % channels];
      return expect.closeTo(data[k * height * width + place]!, 5);
    });
    expect(Array.from(values)).toEqual(expected);
  });

  it("says what channels are: classes where there are eight, probabilities where they sum to 1", async () => {
    const eight = await load(writeNpy([4, 4, 8], new Float32Array(128).fill(0.5)), "a.npy");
    expect(eight).toMatchObject({ channels: CLASSES, kind: "map" });
    const two = await load(writeNpy([4, 4, 2], new Float32Array(32).fill(0.5)), "a.npy");
    expect(two).toMatchObject({ channels: ["channel 0", "channel 1"], kind: "probabilities" });
    expect((await load(writeNpy([4, 4, 1], new Float32Array(16).fill(1)), "a.npy")).kind).toBe("map");
  });

  it("keeps a large one in host memory", async () => {
    const prior = await load(await fixture("net-prior.npy"), "prior.npy", { budget: 10_000 });
    expect(prior.map).toBeInstanceOf(HostRaster);
    await expectClose(read(prior.map, whole(sizeOf(prior.map))), await array("prior"), 1e-7);
  });

  it("refuses arrays of other shapes and values that are no numbers", async () => {
    expect(await refusal(() => load(writeNpy([4, 4], new Float32Array(16)), "a.npy"))).toBe(
      '"a.npy" is an array of shape [4, 4]: give one of [H, W, K]',
    );
    expect(await refusal(() => load(writeNpy([1, 1, 300], new Float32Array(300)), "a.npy"))).toBe(
      '"a.npy" has 300 channels of 1 × 1 places: give 1 to 256 channels of up to 65536 places each way',
    );
    expect(await refusal(() => load(writeNpy([0, 4, 8], new Float32Array(0)), "a.npy"))).toContain("8 channels of 4 × 0");
    expect(await refusal(() => load(writeNpy([4, 4, 1], new Float32Array(16).fill(Number.NaN)), "a.npy"))).toBe(
      '"a.npy" holds NaN at position 0: every value must be a finite number',
    );
    const name = `${"long ".repeat(100)}\n.npy`;
    expect(await refusal(() => load(writeNpy([4, 4], new Float32Array(16)), name))).toContain("is an array of shape");
    expect(await refusal(async () => load(await fixture("net-sft-net.pth"), "net.pth"))).toContain(
      '"net.pth" holds no single tensor',
    );
    expect(await refusal(async () => load(await fixture("net-segmenter.safetensors"), "a"))).toBe(
      '"a" holds a network\'s weights, not a prior: load it with Load Model',
    );
  });
});

describe("Load Prior, of label pictures,", () => {
  const inClassColours = (order: readonly number[]) => order.flatMap((i) => [...CLASS_COLOURS[i]!]);
  const IDENTITY = [0, 1, 2, 3, 4, 5, 6, 7];

  it.each([
    ["class colours", png(2, 8, (x, y, c) => CLASS_COLOURS[label(x, y)]![c]!)],
    ["class colours of 16 bits", png(2, 16, (x, y, c) => 257 * CLASS_COLOURS[label(x, y)]![c]!)],
    ["8-bit grey indices", png(0, 8, label)],
    ["a palette of class colours", png(3, 8, label, inClassColours(IDENTITY))],
    [
      "a palette of class colours in another order",
      png(3, 4, (x, y) => 7 - label(x, y), inClassColours([...IDENTITY].reverse())),
    ],
    [
      "a palette of any colours, by index",
      png(
        3,
        8,
        label,
        Array.from({ length: 24 }, (_, i) => (i * 37 + 11) % 256),
      ),
    ],
    [
      "a palette of greys, by index",
      png(
        3,
        4,
        label,
        IDENTITY.flatMap((i) => [30 * i, 30 * i, 30 * i]),
      ),
    ],
  ])("reads %s", async (_, bytes) => {
    for (const format of ["auto", "labels"] as const) {
      const prior = await load(bytes, "labels.png", { format });
      expect(await labelsIn(prior)).toEqual(LABELS);
      expect(prior).toMatchObject({ channels: CLASSES, kind: "probabilities", picture: { height: 1, width: 2 } });
    }
  });

  it.each([
    ["grey indices", { colour: 0, sample: label }],
    ["class colours", { colour: 2, sample: (x: number, y: number, c: number) => CLASS_COLOURS[label(x, y)]![c]! }],
  ])("reads %s as they are stored, whatever a gamma, primaries or a profile would make of them", async (_, drawn) => {
    const bytesOf = (...values: number[]) => new Uint8Array(new Uint32Array(values.reverse()).buffer).reverse();
    const chunks = [
      ["gAMA", bytesOf(45_455)],
      ["cHRM", bytesOf(31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6000)],
    ] as const;
    const bytes = rawPng({ width: 8, height: 4, depth: 8, before: chunks, ...drawn });
    expect((await decodePng(bytes, "a"))!.rgb).not.toEqual((await decodePng(bytes, "a", { stored: true }))!.rgb);
    for (const format of ["auto", "labels"] as const)
      expect(await labelsIn(await load(bytes, "labels.png", { format }))).toEqual(LABELS);
  });

  it("takes transparent places for background, whatever colour is hidden there", async () => {
    for (const hidden of [0, 255, 77]) {
      const opaque = (x: number, y: number) => x !== 2 || y === 1;
      const bytes = png(6, 8, (x, y, c) => {
        if (c === 3) return opaque(x, y) ? 255 : 0;
        return opaque(x, y) ? CLASS_COLOURS[label(x, y)]![c]! : hidden + c * (hidden ? -1 : 1);
      });
      const expected = LABELS.map((label, i) => (opaque(i % 8, Math.floor(i / 8)) ? label : 0));
      expect(await labelsIn(await load(bytes, "labels.png"))).toEqual(expected);
    }
  });

  it("keeps large ones in host memory", async () => {
    const prior = await load(png(0, 8, label), "labels.png", { budget: 400 });
    expect(prior.map).toBeInstanceOf(HostRaster);
    expect(await labelsIn(prior)).toEqual(LABELS);
  });

  it("refuses colours and indices that are no class", async () => {
    const colour = png(2, 8, (x, _, c) => (x === 5 ? 1 + c : CLASS_COLOURS[1]![c]!));
    expect(await refusal(() => load(colour, "labels.png"))).toContain("has the colour 1 2 3 at pixel (5, 0)");
    const nine = png(
      3,
      8,
      (x) => x + 1,
      Array.from({ length: 27 }, (_, i) => (i * 37 + 11) % 256),
    );
    expect(await refusal(() => load(nine, "labels.png"))).toContain("which is neither a class colour nor");
  });
});

describe("Load Prior, of grey maps,", () => {
  const grey = png(0, 8, (x, y) => 30 * x + y);
  const levels = Array.from({ length: 32 }, (_, i) => (30 * (i % 8) + Math.floor(i / 8)) / 255);

  it("gives one channel", async () => {
    const prior = await load(grey, "depth.png");
    expect(Array.from(await tensorOf(prior.map).data())).toEqual(levels.map((level) => expect.closeTo(level, 6)));
    expect(prior).toMatchObject({ channels: ["grey"], kind: "map" });
  });

  it("takes labels for a map, and the mean of colours, where asked to", async () => {
    const prior = await load(png(0, 8, label), "depth.png", { format: "grey map" });
    expect(Array.from(await tensorOf(prior.map).data())).toEqual(LABELS.map((i) => expect.closeTo(i / 255, 6)));
    const colour = await load(
      png(2, 8, (x, _, c) => x + 30 * c),
      "depth.png",
      { format: "grey map" },
    );
    expect((await tensorOf(colour.map).data())[3]).toBeCloseTo(33 / 255, 6);
  });

  it("goes on under transparent places as beside them, whatever is hidden there", async () => {
    for (const hidden of [0, 255, 8]) {
      const bytes = png(6, 8, (x, _, c) => (c === 3 ? (x < 3 ? 255 : 0) : x < 3 ? 150 : hidden + c * (hidden === 8 ? 1 : 0)));
      const prior = await load(bytes, "depth.png");
      expect(new Set(await tensorOf(prior.map).data())).toEqual(new Set([Math.fround(150 / 255)]));
    }
  });

  it("does not take one for labels", async () => {
    expect(await refusal(() => load(grey, "depth.png", { format: "labels" }))).toContain(
      '"depth.png": the label picture has the colour',
    );
  });
});

describe("Load Prior", () => {
  const bytes = writeNpy([8, 8, 8], new Float32Array(512).fill(1 / 8));

  it("must be four times the picture, unless it is to be stretched", async () => {
    const picture = imageOf(noise([1, 3, 2, 3]));
    expect(await refusal(() => load(bytes, "a.npy", { picture }))).toBe(
      'the map has 8 × 8 places, but the picture of 2 × 3 needs 8 × 12: give such a map, or choose fit "resize"',
    );
    expect((await load(bytes, "a.npy", { picture, fit: "resize" })).picture).toEqual({ height: 3, width: 2 });
    expect((await load(bytes, "a.npy", { picture: imageOf(noise([1, 2, 2, 3])) })).picture).toEqual({ height: 2, width: 2 });
    const odd = writeNpy([6, 8, 1], new Float32Array(48));
    expect(await refusal(() => load(odd, "a.npy", { fit: "resize" }))).toContain("not a multiple of 4 each way");
  });

  it("asks for a file where there is none", async () => {
    expect(await refusal(() => runNode(loadPrior, {}, { file: null }))).toBe(
      "there is no prior yet: drop a file on the node, or choose one",
    );
  });
});
