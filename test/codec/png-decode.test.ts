import { decode as reference } from "fast-png";
import { describe, expect, it } from "vitest";
import { upright } from "../../src/codec/orientation";
import { chunks, writeChunk } from "../../src/codec/png-chunk";
import { decodePng, decodePngIndices } from "../../src/codec/png-decode";
import { filterRow, unfilter } from "../../src/codec/png-filter";
import { caseFile } from "../fixture";
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
  it("is named in one message", async () => {
    const wrong = async (png: Uint8Array, said: RegExp) => await expect(decodePng(png, "x.png")).rejects.toThrow(said);
    await wrong(
      rawPng({ ...good, depth: 4 }),
      /^x\.png is damaged: PNG has no colour type 2 with 4 bits a sample; save it again/,
    );
    await wrong(rawPng({ ...good, colour: 3 }), /palette does not hold 1 to 256 colours/);
    await wrong(rawPng({ ...good, pixels: new Uint8Array(14).fill(9) }), /no row filter 9/);
    const headless = rawPng(good);
    headless.set([0x69], 12);
    await wrong(headless, /first PNG chunk is not IHDR/);
  });

  it("of the packed pixels, their checksum put right, ends in a picture or a message", async () => {
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

describe("damage that viewers pass over", () => {
  const sample = (x: number, y: number, c: number) => (x * y * 7 + c * 31) & 255;
  const shape = { width: 40, height: 40, depth: 8, colour: 2, sample };
  const whole = rawPng(shape);
  const [header, packed, end] = ["IHDR", "IDAT", "IEND"].map((type) => {
    const { data } = [...chunks(whole)].find((chunk) => chunk.type === type)!;
    return writeChunk(type, data);
  }) as [Uint8Array, Uint8Array, Uint8Array];
  const stream = packed.subarray(8, packed.length - 4);
  const png = (...parts: Uint8Array[]) => join(whole.subarray(0, 8), header, ...parts);
  const changed = (bytes: Uint8Array, at: number) => bytes.map((v, i) => (i === (at + bytes.length) % bytes.length ? v ^ 1 : v));

  /** The picture is read as it is where nothing is wrong, and this is said. */
  async function readAllTheSame(bytes: Uint8Array, said: RegExp): Promise<void> {
    const { warnings, ...picture } = (await decodePng(bytes, "x.png"))!;
    expect(picture).toEqual(await decodePng(whole, "x.png"));
    expect(warnings!.join("; ")).toMatch(said);
  }

  it("is said: a missing end, wherever it is cut after the pixels", async () => {
    for (let length = whole.length - 15; length < whole.length; length++)
      await readAllTheSame(whole.slice(0, length), /^the end of the file is missing$/);
  });

  it("is said: wrong checksums of chunks", async () => {
    await readAllTheSame(png(changed(packed, -1), end), /^the checksum of its IDAT chunk does not agree$/);
    await readAllTheSame(
      join(whole.subarray(0, 8), changed(header, -1), changed(packed, -1), end),
      /^the checksum of its IHDR and IDAT chunk does not agree$/,
    );
  });

  it("is said: a wrong checksum, header or end of the packed pixels", async () => {
    const said = /^its packed pixels have a wrong checksum/;
    await readAllTheSame(png(writeChunk("IDAT", changed(stream, -1)), end), said);
    await readAllTheSame(png(writeChunk("IDAT", changed(stream, 1)), end), said);
    await readAllTheSame(png(writeChunk("IDAT", stream.subarray(0, -3)), end), said);
    await readAllTheSame(png(writeChunk("IDAT", stream.subarray(0, -4)), end), said);
  });

  it("is said: more pixels than the header promises", async () => {
    const { data } = reference(whole);
    const rows = Array.from({ length: 60 }, (_, y) => [0, ...data.subarray((y % 40) * 120, (y % 40) * 120 + 120)]).flat();
    await readAllTheSame(rawPng({ ...shape, pixels: Uint8Array.from(rows) }), /more than the 4840 bytes its header promises/);
  });

  it("is said: bytes after the packed pixels are not looked at", async () => {
    const { warnings: _, ...picture } = (await decodePng(
      png(writeChunk("IDAT", join(stream, Uint8Array.of(1, 2, 3))), end),
      "x.png",
    ))!;
    expect(picture).toEqual(await decodePng(whole, "x.png"));
  });

  it("is said: a colour beyond the palette is black, a transparent colour of another length left out", async () => {
    const one = { width: 2, height: 1, depth: 8, colour: 3, sample: (x: number) => x };
    expect(await decodePng(rawPng({ ...one, before: [["PLTE", Uint8Array.of(9, 8, 7)]] }), "x.png")).toEqual({
      width: 2,
      height: 1,
      bits: 8,
      rgb: Uint8Array.of(9, 8, 7, 0, 0, 0),
      warnings: ["it uses colour 1 of a palette of 1, read as black"],
    });
    await readAllTheSame(
      rawPng({ ...shape, before: [["tRNS", new Uint8Array(3)]] }),
      /transparent colour is 3 bytes long instead of 6/,
    );
  });

  it("is said of an animation, whose still picture is read", async () => {
    await readAllTheSame(rawPng({ ...shape, before: [["acTL", new Uint8Array(8)]] }), /an animation, of which the still picture/);
  });

  it.each([
    ["adler_or_crc.png", /checksum/],
    ["noiend.png", /the end of the file is missing/],
  ] as const)("is said of %s", async (name, said) => {
    const { warnings, ...picture } = (await decodePng(await caseFile(`pictures/${name}`), name))!;
    expect(picture).toEqual(await decodePng(await caseFile("pictures/base.png"), "base.png"));
    expect(warnings!.join("; ")).toMatch(said);
  });

  it("is not more than a file that ends early, which is read as far as it goes where asked for", async () => {
    const cut = whole.slice(0, whole.length - 60);
    await expect(decodePng(cut, "x.png")).rejects.toThrow(/^x\.png is cut short/);
    const { rgb, warnings } = (await decodePng(cut, "x.png", { partial: true }))!;
    const [, rows] = /after (\d+) of 40 rows; the rest is grey/.exec(warnings!.join())!;
    const [got, all] = [Number(rows) * 120, reference(whole).data];
    expect(got).toBeGreaterThan(0);
    expect([...rgb.subarray(0, got)]).toEqual([...all.subarray(0, got)]);
    expect(new Set(rgb.subarray(got))).toEqual(new Set([0x80]));
    await expect(decodePng(whole.slice(0, 40), "x.png", { partial: true })).rejects.toThrow(/cut short|cannot unpack/);
  });

  it("and of an interlaced file that ends early the passes that are there make all of the picture", async () => {
    const flat = rawPng({ ...shape, interlaced: true, sample: (x) => (x < 16 ? 50 : 200) });
    const { rgb, warnings } = (await decodePng(flat.slice(0, flat.length - 30), "x.png", { partial: true }))!;
    expect(warnings!.join()).toMatch(/the rest is coarse/);
    const row = (y: number) => [...rgb.subarray(120 * y, 120 * y + 120)];
    expect(row(0)).toEqual([...Array(48).fill(50), ...Array(72).fill(200)]);
    const full = (await decodePng(flat, "x.png", { partial: true }))!;
    expect(full).toEqual(await decodePng(flat, "x.png"));
  });
});

describe("turning upright", () => {
  const exif = (orientation: number) =>
    [
      "eXIf",
      Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0),
    ] as const;

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("of a PNG as it is read, orientation %i, is turning it afterwards", async (orientation) => {
    for (const [depth, interlaced] of [
      [8, false],
      [16, true],
    ] as const) {
      const png = {
        width: 11,
        height: 6,
        depth,
        colour: 6,
        interlaced,
        sample: (x: number, y: number, c: number) => x + 16 * y + 40 * c,
      };
      const stored = (await decodePng(rawPng(png), "a.png"))!;
      expect(await decodePng(rawPng({ ...png, before: [exif(orientation)] }), "a.png")).toEqual(upright(stored, orientation));
    }
  });
});
