import { describe, expect, it } from "vitest";
import { inspectPicture, pictureRefusal } from "../../src/codec/inspect";
import { checkReadable, checkWritable, MAX_PIXELS, MAX_SIDE } from "../../src/codec/limits";
import { caseFile, fixture } from "../fixture";
import { join } from "./raw-png";

describe("a picture's header", () => {
  it.each([
    ["alpha.png", "png", 256, 4, true],
    ["palette.png", "png", 96, 16, false],
    ["orientation-6.jpg", "jpeg", 32, 48, false],
    ["grey.jpg", "jpeg", 32, 8, false],
    ["orientation-6.webp", "webp", 32, 48, false],
    ["alpha-lossy.webp", "webp", 256, 4, true],
    ["alpha.webp", "webp", 256, 4, true],
    ["animated.webp", "webp", 16, 16, false],
    ["quadrants.avif", "avif", 48, 32, false],
    ["alpha.avif", "avif", 64, 4, true],
  ] as const)("of %s says kind, stored size and opacity", async (name, kind, width, height, alpha) => {
    const header = inspectPicture(await fixture(`picture-${name}`), name);
    expect([header.kind, header.width, header.height]).toEqual([kind, width, height]);
    if (alpha) expect(header.alpha).toBe(true);
  });

  it("may be followed by what cameras append to a JPEG", async () => {
    const jpeg = await fixture("picture-grey.jpg");
    expect(inspectPicture(join(jpeg, new Uint8Array(500).fill(0xff)), "a.jpg").width).toBe(32);
  });

  it("is refused past the limits, and only past them", () => {
    expect(() => checkReadable({ width: 8192, height: MAX_PIXELS / 8192 }, "a")).not.toThrow();
    expect(() => checkReadable({ width: 8192, height: MAX_PIXELS / 8192 + 1 }, "a")).toThrow(/8192 × 8193.*67108864/);
    expect(() => checkReadable({ width: MAX_SIDE, height: 1 }, "a")).not.toThrow();
    expect(() => checkReadable({ width: MAX_SIDE + 1, height: 1 }, "a")).toThrow(/262145 × 1.*262144/);
    expect(() => checkWritable({ width: 65500, height: 1 }, "image/jpeg")).not.toThrow();
    expect(() => checkWritable({ width: 16383, height: 1 }, "image/webp")).not.toThrow();
    expect(() => checkWritable({ width: 0, height: 1 }, "image/png")).toThrow(/0 × 1/);
  });
});

describe("why a file is no picture to load", () => {
  it.each([
    ["x.heic", /^x\.heic is a HEIC picture, which is not read here; .*convert to PNG/],
    ["x.svg", /^x\.svg is an SVG drawing, which is not read here/],
    ["zero.png", /^zero\.png is empty \(0 bytes\)/],
    ["html.jpg", /^html\.jpg is a web page \(HTML\) and no picture; .*download it again\.$/],
  ] as const)("is said of %s before anything is decoded", async (name, message) =>
    expect(pictureRefusal(await caseFile(`pictures/${name}`), name)).toMatch(message),
  );

  it("is nothing for a picture", async () => {
    expect(pictureRefusal(await caseFile("pictures/base.jpg"), "base.jpg")).toBeUndefined();
  });
});
