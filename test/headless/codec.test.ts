import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { inspectPicture } from "../../src/codec/inspect";
import { turn } from "../../src/codec/orientation";
import { toRgba } from "../../src/codec/rgba";
import { decode } from "../../src/headless/codec";
import { encode } from "../../src/headless/encode";
import { codecBehaviour } from "../codec/bodies";
import { rawPng } from "../codec/raw-png";

codecBehaviour({ decode, encode }, { avifOpacity: 4 });

describe("beside libpng", () => {
  it("reads the PNGs we write as the same samples", async () => {
    const rgb = Uint8Array.from({ length: 3 * 31 * 17 }, (_, i) => (i * i) & 255);
    const { bytes } = await encode({ width: 31, height: 17, bits: 8, rgb }, "image/png", { text: { graph: "×" } });
    expect(new Uint8Array(await sharp(bytes).raw().toBuffer())).toEqual(rgb);
  });

  it.each([0, 2, 4, 6])("agrees on interlaced colour type %i", async (colour) => {
    const sample = (x: number, y: number, c: number) => (x * 31 + y * 57 + c * 101) & 255;
    const png = rawPng({ width: 13, height: 11, depth: 8, colour, interlaced: true, sample });
    const picture = await decode(png, "lace.png");
    const theirs = await sharp(png).toColourspace("srgb").ensureAlpha().raw().toBuffer();
    expect(toRgba(picture)).toEqual(new Uint8ClampedArray(theirs));
  });
});

it.each(["jpeg", "png", "webp", "tiff", "avif"] as const)("the door says how a %s is turned when it is read", async (format) => {
  const source = sharp({ create: { width: 32, height: 16, channels: 3, background: "red" } });
  for (const orientation of [1, 3, 6, 8]) {
    const bytes = new Uint8Array(await source.clone().withMetadata({ orientation }).toFormat(format).toBuffer());
    const { width, height } = await decode(bytes, "a");
    const found = inspectPicture(bytes, "a");
    expect(turn(found, found.orientation), `${orientation}`).toMatchObject({ width, height });
  }
});
