import { describe, expect, it } from "vitest";
import { decode, encode } from "../../src/browser/codec";
import { readPixels } from "../../src/browser/read-pixels";
import { toRgba } from "../../src/codec/rgba";
import { codecBehaviour } from "../codec/bodies";
import { BMPS } from "../codec/raw-bmp";
import { caseFile, fixture } from "../fixture";

codecBehaviour({ decode, encode }, { avifOpacity: 20 });

describe("beside Chromium", () => {
  it.each(Object.entries(BMPS))("reads a BMP of %s as it does", async (_, [bytes]) => {
    const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "image/bmp" }));
    const theirs = await readPixels(bitmap, true);
    const mine = toRgba(await decode(bytes, "a.bmp"));
    expect(Math.max(...mine.map((v, i) => Math.abs(v - theirs[i]!)))).toBeLessThanOrEqual(1);
    bitmap.close();
  });

  it.each(["gama_18.png", "chrm_adobe.png"])("shows %s as it does", async (name) => {
    const bytes = await caseFile(`pictures/${name}`);
    const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "image/png" }));
    const theirs = await readPixels(bitmap, false);
    const mine = toRgba(await decode(bytes, name));
    expect(Math.max(...mine.map((v, i) => Math.abs(v - theirs[i]!)))).toBeLessThanOrEqual(1);
    bitmap.close();
  });
});

describe("reading a bitmap back", () => {
  it("is exact for bitmaps larger than a block", async () => {
    const [width, height] = [2100, 2060];
    const data = new Uint8ClampedArray(4 * width * height);
    for (let i = 0; i < data.length; i++) data[i] = (i % 4 === 3 ? i >> 6 : (i * 13) ^ (i >> 11)) & 255;
    const bitmap = await createImageBitmap(new ImageData(data, width, height), { premultiplyAlpha: "none" });
    const read = await readPixels(bitmap, true);
    expect(read.findIndex((v, i) => v !== data[i])).toBe(-1);
    bitmap.close();
  });

  it("works in a Worker", async () => {
    const worker = new Worker(new URL("./codec.worker.ts", import.meta.url), { type: "module" });
    const bytes = await fixture("picture-alpha.webp");
    const sums = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(bytes);
    });
    expect(sums).toEqual({ alpha: 4 * 32640, rgb: 1024 * 350, png: "image/png", jpeg: "image/jpeg" });
    worker.terminate();
  });
});
