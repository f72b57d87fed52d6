import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import save from "../../nodes/save";
import type { Host } from "../../nodes/sockets";
import { decodePng } from "../../src/codec/png-decode";
import { encodePng } from "../../src/codec/png-encode";
import { colourBar } from "../../src/image/legend";
import { HostRaster } from "../../src/image/raster";
import type { Image, Picture } from "../../src/types";
import { runNode } from "../support";

const encoder = () => vi.fn<Host["encode"]>(async (picture, type) => ({ type, bytes: Uint8Array.of(picture.width) }));
const provenance = () => ({ sftgan: "{}" });

async function saved(image: Image, params: Parameters<typeof runNode>[2] = {}): Promise<Picture> {
  const encode = encoder();
  await runNode(save, { image }, params as object, { encode, provenance });
  return encode.mock.calls[0]![0];
}
const image = { rgb: tf.tensor4d([-0.5, 0, 0.5, 0.501, 1, 7], [1, 1, 2, 3]) };

describe("Save", () => {
  it("clips and rounds to 8 bits", async () => {
    expect(await saved(image)).toEqual({ height: 1, width: 2, bits: 8, rgb: Uint8Array.of(0, 0, 128, 128, 255, 255) });
  });

  it("writes 16 bits into a PNG where asked to, and into nothing else", async () => {
    const { bits, rgb } = await saved(image, { bits: "16" });
    expect([bits, ...rgb]).toEqual([16, 0, 0, 32768, 32833, 65535, 65535]);
    expect((await saved(image, { bits: "16", format: "JPEG" })).bits).toBe(8);
  });

  it("carries opacity", async () => {
    const { alpha } = await saved({ ...image, alpha: tf.tensor4d([0.25, 1], [1, 1, 2, 1]) });
    expect(alpha).toEqual(Uint8Array.of(64, 255));
  });

  it("leaves what the colours stand for out of the picture", async () => {
    const legend = colourBar("viridis", "x", { low: 0, high: 1 }, { min: 0, max: 2 });
    expect(await saved({ ...image, legend })).toEqual(await saved(image));
  });

  it("gives back the bytes that a picture was loaded from", async () => {
    const rgb = Uint8Array.from({ length: 256 * 3 }, (_, i) => i % 256);
    const host = new HostRaster({ height: 16, width: 16 }, 3, rgb, 255);
    expect((await saved({ rgb: host })).rgb).toEqual(rgb);
  });

  it("reads tall pictures strip by strip, and stops between them", async () => {
    const rgb = Float32Array.from({ length: 600 * 3 }, (_, i) => (i % 256) / 255);
    const host = new HostRaster({ height: 600, width: 1 }, 3, rgb);
    expect(Array.from((await saved({ rgb: host })).rgb)).toEqual(Array.from(rgb, (value) => Math.round(255 * value)));
    let pauses = 0;
    const checkpoint = async () => {
      if (++pauses === 2) throw new Error("it was cancelled");
    };
    const encode = encoder();
    const tall = { rgb: tf.zeros([1, 600, 1, 3]) as tf.Tensor4D };
    await expect(runNode(save, { image: tall }, {}, { encode, provenance, checkpoint })).rejects.toThrow("cancelled");
    expect([pauses, encode.mock.calls.length]).toEqual([2, 0]);
  });

  it("puts the graph into a PNG only", async () => {
    for (const [format, type, text] of [
      ["PNG", "image/png", { sftgan: "{}" }],
      ["JPEG", "image/jpeg", undefined],
      ["WebP", "image/webp", undefined],
    ] as const) {
      const encode = encoder();
      const { file } = await runNode(save, { image }, { format, quality: 40 }, { encode, provenance });
      expect(encode.mock.calls[0]!.slice(1)).toEqual([type, { quality: 40, text }]);
      expect(file.type).toBe(type);
    }
  });

  it("gives a PNG that decodes to the picture", async () => {
    const encode: Host["encode"] = async (picture, type, { text }) => ({ type, bytes: await encodePng(picture, text) });
    const { file } = await runNode(save, { image }, { bits: "16" }, { encode, provenance });
    expect(Array.from((await decodePng(file.bytes, "a.png"))!.rgb)).toEqual([0, 0, 32768, 32833, 65535, 65535]);
  });
});
