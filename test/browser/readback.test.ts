import { beforeAll, describe, expect, it } from "vitest";
import { coreOf, countReadbacks, METRICS, noisyPng, ONE_PIXEL, PREVIEW, SAVE, sixStages, tinyAssets } from "./engine";

describe("reading the GPU back", () => {
  let asset: (name: string) => Promise<Uint8Array>;
  beforeAll(async () => {
    asset = await tinyAssets();
    const first = coreOf({ asset });
    await first.run(sixStages(), [PREVIEW]); // which reads what the kernels give, where they have not been checked yet
    await first.close();
  });

  it("happens nowhere between Load LR and Preview, views of every stage drawn, but for a number a result: whether it is finite", async () => {
    const core = coreOf({ asset });
    const seen = countReadbacks();
    try {
      expect((await core.run(sixStages(), [PREVIEW])).errors).toEqual({});
      for (const node of ["1", "2", "3", "4", "5", PREVIEW]) {
        const view = await core.view({ node, width: 24, height: 20 });
        expect(view?.bitmap.width, `node ${node}`).toBe(24);
        view!.bitmap.close();
      }
      expect(seen.maps).toBe(0);
    } finally {
      seen.stop();
      await core.close();
    }
  });

  it("happens for Metrics and for Save", async () => {
    const core = coreOf({ asset });
    await core.run(sixStages(), [PREVIEW]);
    const seen = countReadbacks();
    try {
      expect((await core.run(sixStages(), [METRICS])).values[METRICS]).toEqual({
        psnr: expect.any(Number),
        ssim: expect.any(Number),
      });
      const measured = seen.count;
      expect(measured).toBeGreaterThan(0);
      await core.encode(sixStages(), SAVE);
      expect(seen.count).toBeGreaterThan(measured);
    } finally {
      seen.stop();
      await core.close();
    }
  });

  it("fetches finished tiles, and only those, of a picture that does not fit", async () => {
    // 24 × 20 pixels: the features of the whole, four maps of 4 channels, take 31 kB, and the result 92 kB
    const core = coreOf({ asset, budget: 28_000 });
    const file = await core.addFile(await noisyPng({ height: 20, width: 24 }), "large.png");
    const fetched: number[] = [];
    const { getBufferSubData } = WebGL2RenderingContext.prototype;
    WebGL2RenderingContext.prototype.getBufferSubData = function (...args: unknown[]) {
      const { length } = args[2] as Float32Array;
      if (length > ONE_PIXEL) fetched.push(length);
      return (getBufferSubData as (...all: unknown[]) => void).apply(this, args);
    };
    try {
      const stages = sixStages({ file });
      const [load, , ...others] = stages.nodes;
      const prior = { id: 2, type: "sftgan/constant-prior", inputs: [{ name: "picture", type: "image", link: 1 }] }; // needs no room
      const before = { ...stages, nodes: [load!, prior, ...others] };
      expect((await core.run(before, ["4"])).errors).toEqual({});
      expect(fetched).toEqual([]);
      expect((await core.run(before, [PREVIEW])).errors).toEqual({});
      const samples = fetched.reduce((a, b) => a + b, 0);
      expect(fetched.length).toBeGreaterThan(1);
      expect(samples).toBe(4 * 20 * 4 * 24 * 3);
    } finally {
      WebGL2RenderingContext.prototype.getBufferSubData = getBufferSubData;
      await core.close();
    }
  });
});
