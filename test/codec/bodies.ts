/** What every host's codec must do; run by test/headless/codec.test.ts and test/browser/codec.test.ts. */
import { zlibSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { Host } from "../../nodes/sockets";
import { MAX_PIXELS } from "../../src/codec/limits";
import { readPngText } from "../../src/codec/png-text";
import type { Picture } from "../../src/types";
import { caseFile, fixture } from "../fixture";
import { join, rawPng } from "./raw-png";
import { rawTiff } from "./raw-tiff";

const COLOURS = [
  [220, 40, 40],
  [40, 200, 60],
  [40, 60, 220],
  [240, 240, 240],
] as const;
const PATCHES = [
  [200, 100, 50],
  [50, 150, 100],
  [90, 90, 200],
  [128, 128, 128],
  [230, 220, 80],
  [20, 30, 10],
] as const;

const pixel = ({ rgb, width }: Picture, x: number, y: number) => [...rgb.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];

function expectPixel(picture: Picture, x: number, y: number, expected: readonly number[], within: number): void {
  const actual = pixel(picture, x, y);
  const worst = Math.max(...actual.map((v, c) => Math.abs(v - expected[c]!)));
  expect(worst, `pixel ${x},${y} is ${actual}, expected ${expected}`).toBeLessThanOrEqual(within);
}

/** 48 × 32: red, green above blue, white. */
function expectQuadrants(picture: Picture, within: number): void {
  expect([picture.width, picture.height, picture.bits, picture.alpha]).toEqual([48, 32, 8, undefined]);
  const inside = [
    [4, 4],
    [12, 8],
    [19, 11],
  ] as const;
  COLOURS.forEach((colour, i) => {
    for (const [x, y] of inside) expectPixel(picture, x + 24 * (i % 2), y + 16 * (i >> 1), colour, within);
  });
}

/** 96 × 16: six patches across. */
function expectPatches(picture: Picture, within: number): void {
  expect([picture.width, picture.height]).toEqual([96, 16]);
  PATCHES.forEach((colour, i) => {
    expectPixel(picture, 16 * i + 8, 8, colour, within);
  });
}

/** An eighth of an 8-bit step, in 16 bits: what the rounding inside a profile comes to. */
const EIGHTH = 32;

/** An ICC profile of a table: grey whose CIE lightness is the green sample, 0 to 100. */
function greenIsLightness(): Uint8Array {
  const u16 = (v: number) => [v >> 8, v & 255];
  const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
  const zeros = (count: number) => Array<number>(count).fill(0);
  const fixed = (v: number) => [...u16(Math.floor(v)), ...u16(Math.round((v % 1) * 65536))];
  const straight = [0, 65535].flatMap(u16);
  const corners = Array.from({ length: 8 }, (_, i) => [(i >> 1) % 2 ? 0xff00 : 0, 0x8000, 0x8000]).flat();
  const matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1].flatMap(fixed);
  const table = [...letters("mft2"), ...zeros(4), 3, 3, 2, 0, ...matrix, ...u16(2), ...u16(2)];
  table.push(...straight, ...straight, ...straight, ...corners.flatMap(u16), ...straight, ...straight, ...straight);
  const size = 132 + 24 + 20 + table.length;
  const white = [...letters("XYZ "), ...zeros(4), ...fixed(0.9642), ...fixed(1), ...fixed(0.8249)];
  const tags = [...letters("A2B0"), ...fixed(0).slice(0, 2), ...u16(176), ...zeros(2), ...u16(table.length)];
  tags.push(...letters("wtpt"), ...zeros(2), ...u16(156), ...zeros(2), ...u16(20));
  const header = [
    ...zeros(2),
    ...u16(size),
    ...zeros(4),
    2,
    0x40,
    0,
    0,
    ...letters("mntrRGB Lab "),
    ...zeros(12),
    ...letters("acsp"),
    ...zeros(28),
  ];
  header.push(...fixed(0.9642), ...fixed(1), ...fixed(0.8249), ...zeros(48));
  return Uint8Array.from([...header, 0, 0, 0, 2, ...tags, ...white, ...table]);
}

/** Deterministic bytes without a pattern. */
function scattered(length: number, top: number, seed = 7): number[] {
  return Array.from({ length }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * (top + 1));
  });
}

/** A picture of noise that JPEG may keep: opacity covers 0 and full. */
function noisy(width: number, height: number, bits: 8 | 16, alpha: boolean): Picture {
  const Samples = bits === 16 ? Uint16Array : Uint8Array;
  const top = 2 ** bits - 1;
  const opacity = Samples.from(scattered(width * height, top, 3).map((a, i) => (i % 7 === 0 ? 0 : i % 7 === 1 ? top : a)));
  return { width, height, bits, rgb: Samples.from(scattered(3 * width * height, top)), ...(alpha && { alpha: opacity }) };
}

const message = (promise: Promise<unknown>) =>
  promise.then(
    () => "nothing was thrown",
    (error: Error) => error.message,
  );

/** One message that names the file: a capital or the name first, one full stop at the end. */
function expectMessage(said: string, name: string): void {
  expect(said).toContain(name);
  expect(said).toMatch(/^[^\n]+\.$/);
  expect(said.replaceAll(name, "")).not.toMatch(/\. /);
}

/**
 * `avifOpacity` is how far the opacity of sharp's AVIF may be from what was written. Chromium 156 takes it for limited range,
 * 16 to 235, though the file says full range, and so stretches it by up to 255 · 16 / 219.
 */
export function codecBehaviour(
  { decode, encode }: Pick<Host, "decode" | "encode">,
  { avifOpacity }: { avifOpacity: number },
): void {
  describe("decoding", () => {
    it.each([1, 2, 3, 4, 5, 6, 7, 8])("turns a JPEG with EXIF orientation %i upright", async (orientation) => {
      const name = `picture-orientation-${orientation}.jpg`;
      expectQuadrants(await decode(await fixture(name), name), 6);
    });

    it("turns PNG and WebP with EXIF data upright", async () => {
      expectQuadrants(await decode(await fixture("picture-orientation-6.png"), "a.png"), 0);
      expectQuadrants(await decode(await fixture("picture-orientation-6.webp"), "a.webp"), 0);
    });

    it("reads AVIF", async () => expectQuadrants(await decode(await fixture("picture-quadrants.avif"), "a.avif"), 6));

    it("goes by content and not by name", async () => {
      expectQuadrants(await decode(await fixture("picture-orientation-1.jpg"), "wrong.png"), 6);
    });

    it.each(["p3.png", "srgb-tagged.png"])("converts the profile of %s to sRGB", async (name) => {
      expectPatches(await decode(await fixture(`picture-${name}`), name), 1);
    });

    it.each([
      ["p3.jpg", 4],
      ["p3.webp", 2],
    ] as const)("converts the profile of %s to sRGB", async (name, within) => {
      expectPatches(await decode(await fixture(`picture-${name}`), name), within);
    });

    it("leaves a PNG whose profile is a table to the platform's decoder", async () => {
      const profile = join(Uint8Array.of(0x74, 0, 0), zlibSync(greenIsLightness()));
      const sample = (x: number, _y: number, c: number) => (c === 1 ? [0, 128, 255][x]! : c === 3 ? [255, 255, 9][x]! : 40 + c);
      const png = rawPng({ width: 3, height: 1, depth: 8, colour: 6, sample, before: [["iCCP", profile]] });
      const picture = await decode(png, "table.png");
      [0, 120, 255].forEach((grey, x) => {
        expectPixel(picture, x, 0, [grey, grey, grey], 3);
      });
      expect([...picture.alpha!]).toEqual([255, 255, 9]);
    });

    it("keeps all 16 bits of a PNG", async () => {
      const picture = await decode(await fixture("picture-16-bit.png"), "deep.png");
      expect([picture.bits, picture.width, picture.height]).toEqual([16, 64, 4]);
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 64; x++) expect(pixel(picture, x, y)).toEqual([x * 1040 + y, 65535 - x * 1040, 12345]);
    });

    it("converts the profile of a PNG of 16 bits in 16 bits", async () => {
      const picture = await decode(await fixture("picture-16-bit-p3.png"), "deep.png");
      expect(picture.bits).toBe(16);
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 64; x++) expectPixel(picture, x, y, [16000 + x * 520 + y, 49000 - x * 400, 30000], EIGHTH);
    });

    it.each(["alpha.png", "alpha.webp"])("keeps colours under every opacity of %s exactly", async (name) => {
      const picture = await decode(await fixture(`picture-${name}`), name);
      expect([...picture.alpha!.subarray(0, 256)]).toEqual(Array.from({ length: 256 }, (_, x) => x));
      for (let x = 0; x < 256; x++) expect(pixel(picture, x, 2)).toEqual([200, 100, 50]);
    });

    it("keeps the opacity of lossy WebP exactly", async () => {
      const { alpha } = await decode(await fixture("picture-alpha-lossy.webp"), "a.webp");
      expect([...alpha!.subarray(256, 512)]).toEqual(Array.from({ length: 256 }, (_, x) => x));
    });

    it("keeps the opacity of AVIF apart from its colours", async () => {
      const picture = await decode(await fixture("picture-alpha.avif"), "a.avif");
      for (let x = 0; x < 64; x++) {
        expect(Math.abs(picture.alpha![64 + x]! - Math.round((x * 255) / 63)), `opacity at ${x}`).toBeLessThanOrEqual(
          avifOpacity,
        );
        expectPixel(picture, x, 1, [200, 100, 50], 6);
      }
    });

    it("leaves out an opacity that is full everywhere", async () => {
      const png = rawPng({ width: 3, height: 2, depth: 8, colour: 6, sample: (_x, _y, c) => (c === 3 ? 255 : 10) });
      expect((await decode(png, "opaque.png")).alpha).toBeUndefined();
    });

    it("reads grey JPEG as equal red, green and blue", async () => {
      const picture = await decode(await fixture("picture-grey.jpg"), "grey.jpg");
      for (let x = 0; x < 32; x++) {
        expectPixel(picture, x, 4, [x * 8, x * 8, x * 8], 3);
        expect(new Set(pixel(picture, x, 4)).size).toBe(1);
      }
    });

    it("reads CMYK JPEG without a profile by what the inks let through", async () => {
      const picture = await decode(await fixture("picture-cmyk.jpg"), "inks.jpg");
      expectPixel(picture, 10, 8, [233, 20, 15], 3);
      expectPixel(picture, 40, 24, [237, 237, 236], 3);
    });

    it("reads palette and interlaced PNG", async () => {
      expectPatches(await decode(await fixture("picture-palette.png"), "palette.png"), 3);
      expectQuadrants(await decode(await fixture("picture-interlaced.png"), "interlaced.png"), 0);
    });

    it("reads the first frame of an animation", async () => {
      const picture = await decode(await fixture("picture-animated.webp"), "moving.webp");
      expect([picture.width, picture.height]).toEqual([16, 16]);
      expectPixel(picture, 8, 8, [255, 0, 0], 0);
      expect(picture.warnings!.join()).toMatch(/an animation, of which the first frame is read/);
      const gif = await decode(await fixture("picture-animated.gif"), "moving.gif");
      expect(gif.warnings!.join()).toMatch(/an animation, of which the first frame is read/);
    });

    it("reads a picture of one pixel", async () => {
      const png = rawPng({ width: 1, height: 1, depth: 8, colour: 2, sample: (_x, _y, c) => 50 * c });
      expect(await decode(png, "dot.png")).toEqual({ width: 1, height: 1, bits: 8, rgb: Uint8Array.of(0, 50, 100) });
    });
  });

  describe("what viewers read though something is wrong", () => {
    it.each([
      ["no_eoi.jpg", /the end of the file is missing/],
      ["extraneous.jpg", /4 stray bytes lie between its segments/],
      ["samsung_sos.jpg", /the header of its scan is wrong/],
      ["adler_or_crc.png", /checksum/],
      ["noiend.png", /the end of the file is missing/],
    ])("is read as it is with a warning: %s", async (name, said) => {
      const { warnings, ...picture } = await decode(await caseFile(`pictures/${name}`), name);
      const base = name.endsWith("png") ? "base.png" : "base.jpg";
      expect(picture).toEqual(await decode(await caseFile(`pictures/${base}`), base));
      expect(warnings!.join("; ")).toMatch(said);
    });

    it("is read without one where nothing is", async () => {
      for (const name of ["base.jpg", "base.png", "photo.jfif"])
        expect((await decode(await caseFile(`pictures/${name}`), name)).warnings).toBeUndefined();
    });

    it("may be bytes anywhere between segments, and after the pixels in place of the end", async () => {
      const whole = await caseFile("pictures/base.jpg");
      const base = await decode(whole, "base.jpg");
      const at = whole.findIndex((byte, i) => byte === 0xff && whole[i + 1] === 0xda);
      const stray = join(whole.subarray(0, at), Uint8Array.of(7, 255, 0, 255, 255), whole.subarray(at));
      const padded = join(whole.subarray(0, whole.length - 2), new Uint8Array(500));
      for (const bytes of [stray, padded]) {
        const { warnings, ...picture } = await decode(bytes, "a.jpg");
        expect(picture).toEqual(base);
        expect(warnings!.length).toBeGreaterThan(0);
      }
    });

    it("is not a file that ends early, which is refused, or read as far as it goes where asked for", async () => {
      const whole = await decode(await caseFile("pictures/base.jpg"), "base.jpg");
      const bytes = await caseFile("pictures/trunc.jpg");
      expect(await message(decode(bytes, "trunc.jpg"))).toMatch(/^trunc\.jpg is cut short/);
      const { warnings, ...picture } = await decode(bytes, "trunc.jpg", { partial: true });
      expect(warnings!.join("; ")).toMatch(/the end of the file is missing; it ends early: what is missing is grey/);
      expect([picture.width, picture.height]).toEqual([whole.width, whole.height]);
      const luma = ({ rgb }: Picture) => 0.299 * rgb[0]! + 0.587 * rgb[1]! + 0.114 * rgb[2]!;
      expect(Math.abs(luma(picture) - luma(whole))).toBeLessThan(3); // what the first scan of a progressive picture brings
      const headless = (await caseFile("pictures/base.jpg")).slice(0, 100);
      expect(await message(decode(headless, "trunc.jpg", { partial: true }))).toMatch(/cut short/);
    });
  });

  describe("grey profiles", () => {
    it("are those of lightness where they say so, in PNG and in JPEG alike", async () => {
      const png = await decode(await caseFile("pictures/gray_ciel.png"), "gray_ciel.png");
      const jpeg = await decode(await caseFile("pictures/gray_ciel.jpg"), "gray_ciel.jpg");
      expect(Math.max(...png.rgb.map((v, i) => Math.abs(v - jpeg.rgb[i]!)))).toBeLessThanOrEqual(3); // JPEG's own loss
    });
  });

  describe("TIFF, GIF and BMP", () => {
    it.each(["x.tif", "x.gif", "x.bmp"])("are read: %s", async (name) => {
      const { width, height, rgb, warnings } = await decode(await caseFile(`pictures/${name}`), name);
      const base = await decode(await caseFile("pictures/base.png"), "base.png");
      expect([width, height, warnings]).toEqual([base.width, base.height, undefined]);
      if (name !== "x.gif") expect(rgb).toEqual(base.rgb);
    });

    const ramp = (bits: number) => (x: number, y: number, c: number) => (x * 37 + y * 11 + c * 71) % 2 ** bits;

    it.each([
      [8, 3, 2, true, false],
      [8, 3, 2, false, true],
      [16, 3, 2, true, true],
      [16, 3, 2, false, false],
      [8, 1, 1, true, false],
      [16, 1, 1, true, true],
    ] as const)(
      "of %i bits and %i channels, photometric %i, little: %s, deflated: %s, keep every sample of a TIFF",
      async (...kind) => {
        const [bits, channels, photometric, little, deflate] = kind;
        const sample = (x: number, y: number, c: number) => ramp(bits)(x * 257, y * 131, c);
        const tiff = rawTiff({ width: 9, height: 7, bits, channels, photometric, little, deflate, rows: 3, sample });
        const picture = await decode(tiff, "a.tif");
        expect([picture.width, picture.height, picture.bits, picture.alpha]).toEqual([9, 7, bits, undefined]);
        const expected = Array.from({ length: 9 * 7 * 3 }, (_, i) => {
          const [x, y] = [Math.floor(i / 3) % 9, Math.floor(i / 27)];
          return sample(x, y, channels === 1 ? 0 : i % 3);
        });
        expect([...picture.rgb]).toEqual(expected);
      },
    );

    it("keep a TIFF's opacity, multiplied into the colours or not, turn it upright, and say that there are more pages", async () => {
      const colours = [200, 100, 50];
      const opacity = (x: number) => [255, 102, 51][x]!;
      const shape = { width: 3, height: 2, bits: 8, channels: 4, photometric: 2 } as const;
      const apart = rawTiff({
        ...shape,
        sample: (x, _y, c) => (c === 3 ? opacity(x) : colours[c]!),
        tags: { 338: [2] },
        more: true,
      });
      const within = rawTiff({
        ...shape,
        sample: (x, _y, c) => (c === 3 ? opacity(x) : (colours[c]! * opacity(x)) / 255),
        tags: { 338: [1] },
      });
      for (const [tiff, warnings] of [
        [apart, 1],
        [within, 0],
      ] as const) {
        const picture = await decode(tiff, "a.tif");
        expect([...picture.alpha!]).toEqual([255, 102, 51, 255, 102, 51]);
        for (let x = 0; x < 3; x++) expectPixel(picture, x, 1, colours, 0);
        expect(picture.warnings?.length ?? 0).toBe(warnings);
      }
      const sample = (x: number, y: number, c: number) => (c === 0 ? 10 * x + y : 0);
      const turned = await decode(rawTiff({ ...shape, channels: 3, sample, tags: { 274: [6] } }), "a.tif");
      expect([turned.width, turned.height]).toEqual([2, 3]);
      expectPixel(turned, 0, 0, [1, 0, 0], 0);
      expectPixel(turned, 1, 2, [20, 0, 0], 0);
    });

    it("read a TIFF of 16 bits packed by LZW with differences", async () => {
      const { rgb, bits, width } = await decode(await fixture("picture-lzw.tif"), "a.tif");
      expect([bits, width]).toEqual([16, 40]);
      for (let i = 0; i < rgb.length; i++) {
        const [x, y, c] = [Math.floor(i / 3) % 40, Math.floor(i / 120), i % 3];
        expect(rgb[i]).toBe((x * 1600 + y * 37 + c * 11000) & 65535);
      }
    });

    it("refuse a file that is cut, damaged or lies about its size in one message", async () => {
      const tiff = rawTiff({ width: 9, height: 7, bits: 8, channels: 3, photometric: 2, deflate: true, sample: ramp(8) });
      const huge = rawTiff({
        width: 1,
        height: 1,
        bits: 8,
        channels: 3,
        photometric: 2,
        sample: () => 0,
        claimed: [60000, 60000],
      });
      expect(await message(decode(huge, "vast.tif"))).toMatch(/60000 × 60000/);
      for (const whole of [
        tiff,
        await caseFile("pictures/x.bmp"),
        await caseFile("pictures/x.gif"),
        await caseFile("pictures/x.tif"),
      ])
        for (let length = 14; length < whole.length - 64; length += 1 + Math.floor(whole.length / 12)) {
          const said = await message(decode(whole.slice(0, length), "a.pic"));
          if (said !== "nothing was thrown") expectMessage(said, "a.pic");
        }
      const bomb = rawTiff({
        width: 4,
        height: 4,
        bits: 8,
        channels: 3,
        photometric: 2,
        deflate: true,
        rows: 4,
        sample: () => 0,
      });
      const said = await message(
        decode(
          bomb.map((v, i) => (i > 10 && i < 14 ? v ^ 85 : v)),
          "a.pic",
        ),
      );
      if (said !== "nothing was thrown") expectMessage(said, "a.pic");
    });
  });

  describe("refusing", () => {
    const refused = async (bytes: Uint8Array, name: string, ...words: (string | RegExp)[]) => {
      const said = await message(decode(bytes, name));
      expectMessage(said, name);
      for (const word of words) expect(said).toMatch(word);
    };

    it("says that a file is empty, no picture, or a file of another kind", async () => {
      await refused(new Uint8Array(), "void.png", /empty \(0 bytes\)/);
      await refused(new TextEncoder().encode("hello there, this is text"), "note.png", /not a picture/);
      await refused(new TextEncoder().encode("8BPS\0\x01"), "cat.png", /a Photoshop document.*PNG or JPEG/);
      await refused(
        Uint8Array.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", (c) => c.charCodeAt(0)),
        "phone.jpg",
        /HEIC.*convert/,
      );
    });

    it("looks at the size before it decodes", async () => {
      const claiming = (width: number, height: number) =>
        rawPng({ width: 1, height: 1, depth: 8, colour: 2, sample: () => 0, claimed: [width, height] });
      await refused(claiming(60000, 60000), "vast.png", /60000 × 60000/, String(MAX_PIXELS));
      await refused(claiming(2 ** 31 - 1, 1), "long.png", /2147483647 × 1/, /262144/);
      await refused(claiming(0, 5), "none.png", /0 × 5/);
      const jpeg = (await fixture("picture-orientation-1.jpg")).slice();
      const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
      jpeg.set([0xff, 0xff, 0xff, 0xff], frame + 5);
      await refused(jpeg, "vast.jpg", /65535 × 65535/);
      jpeg.set([0, 0], frame + 5);
      await refused(jpeg, "flat.jpg", /65535 × 0/);
      const webp = (await fixture("picture-orientation-6.webp")).slice();
      webp.set([0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 24);
      await refused(webp, "vast.webp", /16777216 × 16777216/);
      const avif = (await fixture("picture-quadrants.avif")).slice();
      const ispe = avif.findIndex((_, i) => String.fromCharCode(...avif.subarray(i, i + 4)) === "ispe");
      avif.set([0, 1, 0, 0, 0, 1, 0, 0], ispe + 8);
      await refused(avif, "vast.avif", /65536 × 65536/);
    });

    it("stops a PNG whose pixels unpack to more or less than its header says", async () => {
      const bomb = { width: 4, height: 4, depth: 8, colour: 2, sample: () => 0 };
      const { warnings } = await decode(rawPng({ ...bomb, pixels: new Uint8Array(5_000_000) }), "bomb.png");
      expect(warnings!.join()).toMatch(/more than the 52 bytes/);
      await refused(rawPng({ ...bomb, pixels: new Uint8Array(51) }), "short.png", /cut short/);
      await refused(rawPng({ ...bomb, claimed: [8000, 8000] }), "lie.png", /promises 192008000 bytes/);
    });

    it.each([
      "alpha.png",
      "16-bit-p3.png",
      "orientation-6.jpg",
      "p3.jpg",
      "cmyk.jpg",
      "orientation-6.webp",
      "alpha-lossy.webp",
      "alpha.avif",
    ])("refuses %s cut at any 64th byte", async (name) => {
      const whole = await fixture(`picture-${name}`);
      for (let length = 0; length < whole.length - 16; length += 64) await refused(whole.slice(0, length), name);
      const cut = whole.slice(0, whole.length - 1);
      if (/png|jpg/.test(name)) expect((await decode(cut, name)).warnings!.join()).toMatch(/the end of the file is missing/);
      else await refused(cut, name);
    });

    it("answers random bytes and bytes gone wrong with a picture or a message", async () => {
      for (let seed = 1; seed <= 20; seed++) await refused(Uint8Array.from(scattered(400, 255, seed)), "noise.jpg");
      for (const name of ["alpha.png", "palette.png", "orientation-6.jpg", "alpha-lossy.webp", "alpha.avif"]) {
        const whole = await fixture(`picture-${name}`);
        const places = scattered(25, whole.length - 1, 11);
        for (const [i, place] of places.entries()) {
          const bytes = whole.slice();
          bytes[place]! ^= 1 << (i % 8);
          const said = await message(decode(bytes, name));
          if (said !== "nothing was thrown") expectMessage(said, name);
        }
      }
    });
  });

  describe("encoding", () => {
    it.each([
      [8, false],
      [8, true],
      [16, false],
      [16, true],
    ] as const)("gives back a PNG of %i bits, with opacity: %s, exactly", async (bits, alpha) => {
      const picture = noisy(37, 23, bits, alpha);
      const { bytes, type } = await encode(picture, "image/png", {});
      expect(type).toBe("image/png");
      expect(await decode(bytes, "again.png")).toEqual(picture);
    });

    it("writes text of any script into a PNG and reads it back", async () => {
      const text = {
        Title: "plain",
        graph: '{"title":"SFT ResBlock×N – 山 🏔 \\"quoted\\"\\n"}',
        Comment: "",
        long: "é".repeat(70000),
      };
      const { bytes } = await encode(noisy(5, 4, 8, false), "image/png", { text });
      expect(readPngText(bytes)).toEqual(text);
      expect(await decode(bytes, "told.png")).toEqual(noisy(5, 4, 8, false));
    });

    it("writes a PNG of 12 × 80000 pixels", async () => {
      const rgb = Uint8Array.from({ length: 3 * 12 * 80000 }, (_, i) => (i * 7 + (i >> 9)) & 255);
      const { bytes } = await encode({ width: 12, height: 80000, bits: 8, rgb }, "image/png", {});
      const again = await decode(bytes, "tower.png");
      expect([again.width, again.height]).toEqual([12, 80000]);
      expect(again.rgb.every((v, i) => v === rgb[i])).toBe(true);
    });

    it.each(["image/jpeg", "image/webp"] as const)("writes %s whose quality follows the setting", async (type) => {
      const source = await decode(await fixture("picture-orientation-1.jpg"), "a.jpg");
      const fine = await encode(source, type, { quality: 95 });
      const coarse = await encode(source, type, { quality: 10 });
      expect(fine.type).toBe(type);
      expect(coarse.bytes.length).toBeLessThan(fine.bytes.length);
      expectQuadrants(await decode(fine.bytes, "again"), 8);
    });

    it("lays a picture with opacity over white for JPEG", async () => {
      const rgb = new Uint8Array(3 * 64).fill(40);
      const jpeg = async (alpha: number) => {
        const { bytes } = await encode(
          { width: 8, height: 8, bits: 8, rgb, alpha: new Uint8Array(64).fill(alpha) },
          "image/jpeg",
          {},
        );
        return decode(bytes, "flat.jpg");
      };
      expectPixel(await jpeg(0), 4, 4, [255, 255, 255], 2);
      expectPixel(await jpeg(128), 4, 4, [147, 147, 147], 2);
    });

    it("keeps the opacity of WebP, and at quality 100 the colours of what is opaque", async () => {
      const alpha = Uint8Array.from({ length: 256 }, (_, x) => x);
      const ramp: Picture = { width: 256, height: 1, bits: 8, rgb: new Uint8Array(768).fill(90), alpha };
      expect((await decode((await encode(ramp, "image/webp", { quality: 80 })).bytes, "ramp.webp")).alpha).toEqual(alpha);
      const opaque = noisy(20, 10, 8, false);
      expect(await decode((await encode(opaque, "image/webp", { quality: 100 })).bytes, "noise.webp")).toEqual(opaque);
    });

    it.each([
      ["image/jpeg", 65500],
      ["image/webp", 16383],
    ] as const)("writes %s up to its longest side and reads it back", async (type, height) => {
      const rgb = Uint8Array.from({ length: 3 * 8 * height }, (_, i) => (Math.floor(i / 24) * 200) / height);
      const picture = await decode((await encode({ width: 8, height, bits: 8, rgb }, type, {})).bytes, "strip");
      expect([picture.width, picture.height]).toEqual([8, height]);
      for (const share of [0.01, 0.5, 0.99]) {
        const y = Math.floor(height * share);
        expectPixel(picture, 4, y, Array(3).fill(200 * share), 3);
      }
    });

    it("refuses a quality that is none", async () => {
      for (const quality of [0, 101, Number.NaN])
        expect(await message(encode(noisy(2, 2, 8, false), "image/jpeg", { quality }))).toBe(
          `The quality is ${quality}; choose one from 1 to 100.`,
        );
    });

    it("rounds 16 bits to 8 where the format has 8", async () => {
      const rgb = new Uint16Array(3 * 64).fill(200 * 257 + 100);
      const { bytes } = await encode({ width: 8, height: 8, bits: 16, rgb }, "image/webp", { quality: 100 });
      expect(pixel(await decode(bytes, "deep.webp"), 3, 3)).toEqual([200, 200, 200]);
    });

    it.each([
      ["image/jpeg", "JPEG", 65501, 65500],
      ["image/webp", "WebP", 16384, 16383],
    ] as const)("refuses a side past the limit of %s and names PNG as the way out", async (type, name, height, limit) => {
      const tall: Picture = { width: 1, height, bits: 8, rgb: new Uint8Array(3 * height) };
      const said = await message(encode(tall, type, {}));
      expectMessage(said, name);
      expect(said).toContain(`1 × ${height}`);
      expect(said).toContain(String(limit));
      expect(said).toContain("save it as PNG");
    });
  });
}
