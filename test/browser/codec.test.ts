import { describe, expect, it } from "vitest";
import { decode, encode } from "../../src/browser/codec";
import { readPixels } from "../../src/browser/read-pixels";
import { codecBehaviour } from "../codec/bodies";
import { fixture } from "../fixture";

codecBehaviour({ decode, encode }, { avifOpacity: 20 });

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
