import { decode as reference } from "fast-png";
import { describe, expect, it } from "vitest";
import { chunks, writeChunk } from "../../src/codec/png-chunk";
import { decodePng, decodePngIndices } from "../../src/codec/png-decode";
import { filterRow, unfilter } from "../../src/codec/png-filter";
import { CHANNELS, join, rawPng } from "./raw-png";

const TYPES = [
  [0, 1],
  [0, 2],
  [0, 4],
  [0, 8],
  [0, 16],
  [2, 8],
  [2, 16],
  [4, 8],
  [4, 16],
  [6, 8],
  [6, 16],
] as const;
const cases = TYPES.flatMap(([colour, depth]) => [false, true].map((interlaced) => [colour, depth, interlaced] as const));
const sizes = [
  [1, 1],
  [3, 2],
  [5, 9],
  [13, 11],
] as const;

describe("colour types and depths", () => {
  it.each(cases)("reads colour type %i of %i bits, interlaced: %s", async (colour, depth, interlaced) => {
    const channels = CHANNELS[colour]!;
    const top = 2 ** depth - 1;
    const scale = (depth === 16 ? 65535 : 255) / top;
    const sample = (x: number, y: number, c: number) => (x * 40503 + y * 30011 + c * 20021 + x * y) & top;
    for (const [width, height] of sizes) {
      const picture = (await decodePng(rawPng({ width, height, depth, colour, interlaced, sample }), "a.png"))!;
      const rgb: number[] = [];
      const alpha: number[] = [];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          for (let c = 0; c < 3; c++) rgb.push(sample(x, y, channels >= 3 ? c : 0) * scale);
          if (channels % 2 === 0) alpha.push(sample(x, y, channels - 1));
        }
      }
      expect([picture.width, picture.height, picture.bits]).toEqual([width, height, depth === 16 ? 16 : 8]);
      expect([...picture.rgb]).toEqual(rgb);
      if (channels % 2 === 0) expect([...picture.alpha!]).toEqual(alpha);
      else expect(picture.alpha).toBeUndefined();
    }
  });

  const palette = Uint8Array.of(10, 20, 30, 200, 100, 50, 0, 0, 255);
  it.each([1, 2, 4, 8])("reads a palette of %i bits with opacity, interlaced or not", async (depth) => {
    const colours = depth === 1 ? 2 : 3;
    const sample = (x: number, y: number) => (x + y) % colours;
    for (const interlaced of [false, true]) {
      const before = [["PLTE", palette] as const, ["tRNS", Uint8Array.of(0, 128)] as const];
      const png = rawPng({ width: 11, height: 5, depth, colour: 3, interlaced, sample, before });
      const { rgb, alpha, bits } = (await decodePng(png, "a.png"))!;
      expect(bits).toBe(8);
      for (let y = 0, i = 0; y < 5; y++) {
        for (let x = 0; x < 11; x++, i++) {
          const index = sample(x, y);
          expect([...rgb.subarray(3 * i, 3 * i + 3), alpha![i]]).toEqual([
            ...palette.subarray(3 * index, 3 * index + 3),
            [0, 128, 255][index],
          ]);
        }
      }
      const labels = (await decodePngIndices(png, "a.png"))!;
      expect([...labels.indices]).toEqual(Array.from({ length: 55 }, (_, i) => sample(i % 11, Math.floor(i / 11))));
    }
  });

  it.each([
    [0, 2, [0, 1], 1],
    [0, 16, [0x12, 0x34], 0x1234],
    [2, 8, [0, 7, 0, 7, 0, 7], 7],
    [2, 16, [1, 0, 1, 0, 1, 0], 256],
  ] as const)("makes one colour of type %i and %i bits transparent", async (colour, depth, colourKey, value) => {
    const sample = (x: number, _y: number, c: number) => (x === 1 ? value : c === 2 ? 0 : value);
    const before = [["tRNS", Uint8Array.from(colourKey)] as const];
    const { alpha } = (await decodePng(rawPng({ width: 2, height: 1, depth, colour, sample, before }), "a.png"))!;
    const top = depth === 16 ? 65535 : 255;
    expect(alpha && [...alpha]).toEqual(colour === 0 ? [0, 0] : [top, 0]);
  });

  it("has no indices for a picture without a palette", async () => {
    expect(
      await decodePngIndices(rawPng({ width: 1, height: 1, depth: 8, colour: 0, sample: () => 0 }), "a.png"),
    ).toBeUndefined();
  });

  it("agrees with fast-png", async () => {
    const png = rawPng({
      width: 20,
      height: 10,
      depth: 16,
      colour: 6,
      sample: (x, y, c) => (x * 3001 + y * 977 + c * 13) & 65535,
    });
    const { rgb, alpha } = (await decodePng(png, "a.png"))!;
    const { data } = reference(png);
    expect([...rgb]).toEqual([...data].filter((_, i) => i % 4 !== 3));
    expect([...alpha!]).toEqual([...data].filter((_, i) => i % 4 === 3));
  });
});

describe("filters", () => {
  it.each([0, 1, 2, 3, 4])("filter %i is undone to what it was made of, as fast-png does", async (filter) => {
    const [width, height] = [7, 4];
    const filtered = Uint8Array.from({ length: height * (1 + 3 * width) }, (_, i) =>
      i % (1 + 3 * width) === 0 ? filter : (i * 89) & 255,
    );
    const png = rawPng({ width, height, depth: 8, colour: 2, sample: () => 0, pixels: filtered });
    expect([...(await decodePng(png, "a.png"))!.rgb]).toEqual([...reference(png).data]);
  });

  it("gives every row back, whichever filter is chosen", () => {
    const ramp = Uint8Array.from({ length: 24 }, (_, i) => i * 5);
    const rows = [
      ramp,
      ramp.map((v) => v + 1),
      ramp.map((v, i) => v ^ (i * 37)),
      new Uint8Array(24),
      ramp.map((v, i) => (v >> 1) + i),
    ];
    let above = new Uint8Array(24);
    for (const row of rows) {
      const out = new Uint8Array(25);
      filterRow(row, above, 3, out, 0);
      const back = out.slice(1);
      expect(unfilter(out[0]!, back, above, 3)).toBe(true);
      expect(back).toEqual(row);
      above = row;
    }
  });
});

describe("damage", () => {
  const good = { width: 2, height: 2, depth: 8, colour: 2, sample: () => 9 };
  it("is named in one sentence", async () => {
    const wrong = async (png: Uint8Array, said: RegExp) => await expect(decodePng(png, "x.png")).rejects.toThrow(said);
    await wrong(
      rawPng({ ...good, depth: 4 }),
      /^x\.png is damaged: PNG has no colour type 2 with 4 bits a sample; save it again/,
    );
    await wrong(rawPng({ ...good, colour: 3 }), /palette does not hold 1 to 256 colours/);
    await wrong(rawPng({ ...good, colour: 3, before: [["PLTE", new Uint8Array(6)]] }), /colour 9 of a palette of 2/);
    await wrong(rawPng({ ...good, before: [["tRNS", new Uint8Array(3)]] }), /transparent colour is 3 bytes long instead of 6/);
    await wrong(rawPng({ ...good, pixels: new Uint8Array(14).fill(9) }), /no row filter 9/);
    const flipped = rawPng(good);
    flipped[flipped.length - 20]! ^= 1;
    await wrong(flipped, /checksum of its IDAT chunk/);
    const headless = rawPng(good);
    headless.set([0x69], 12);
    await wrong(headless, /first PNG chunk is not IHDR/);
  });

  it("of the packed pixels, their checksum put right, ends in a picture or a sentence", async () => {
    const sample = (x: number, y: number, c: number) => (x * y * 7 + c * 31) & 255;
    const whole = rawPng({ width: 40, height: 40, depth: 8, colour: 2, sample });
    const packed = [...chunks(whole)].find(({ type }) => type === "IDAT")!.data;
    const start = whole.subarray(0, packed.byteOffset - whole.byteOffset - 8);
    const end = writeChunk("IEND", new Uint8Array());
    for (let i = 0; i < packed.length; i += 1 + (packed.length >> 6)) {
      const wrong = packed.slice();
      wrong[i]! ^= 1 << (i % 8);
      for (const pixels of [wrong, packed.slice(0, i)]) {
        const said = await decodePng(join(start, writeChunk("IDAT", pixels), end), "x.png").then(
          () => "x.png is a picture.",
          (error: Error) => error.message,
        );
        expect(said).toMatch(/^x\.png is [^\n]+\.$/);
      }
    }
    const unsummed = packed.slice();
    unsummed[packed.length - 1]! ^= 1;
    await expect(decodePng(join(start, writeChunk("IDAT", unsummed), end), "x.png")).rejects.toThrow(/cannot be unpacked/);
  });

  it("of a chunk that does not matter to the pixels does not matter", async () => {
    const before = [
      ["iCCP", Uint8Array.of(65, 0, 0, 1, 2, 3)],
      ["eXIf", Uint8Array.of(0x4d, 0x4d, 0, 42, 255, 255, 255, 255)],
      ["zTXt", Uint8Array.of(1)],
      ["acTL", Uint8Array.of(1)],
    ] as const;
    expect([...(await decodePng(rawPng({ ...good, before }), "x.png"))!.rgb]).toEqual(Array(12).fill(9));
    expect(writeChunk("IEND", new Uint8Array())).toEqual(Uint8Array.of(0, 0, 0, 0, 73, 69, 78, 68, 0xae, 0x42, 0x60, 0x82));
  });
});
