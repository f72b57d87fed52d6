import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { boxMean } from "../../src/image/guided-filter";
import { HostRaster, read, sizeOf, splice } from "../../src/image/raster";
import { mapTiles } from "../../src/image/tiles";
import { updateMap } from "../../src/image/update";
import { expectClose, noise, testContext } from "../support";

const blurred = (map: tf.Tensor4D) => ({
  tiling: { size: sizeOf(map), reach: 2, scale: 1, channels: 2, bytesPerPixel: 32 },
  compute: (window: Parameters<typeof read>[1]) => tf.tidy(() => boxMean(read(map, window), 2)),
});
const computed = (map: tf.Tensor4D) => {
  const { tiling, compute } = blurred(map);
  return mapTiles(tiling, testContext(), compute);
};
const was = noise([1, 20, 24, 2], 2);
const change = { top: 17, left: 8, height: 3, width: 2 };
const now = splice(was, noise([1, 3, 2, 2], 7), change);

describe("updateMap", () => {
  it("computes what the change reaches and equals computing all", async () => {
    const last = await computed(was);
    const anew = (await computed(now)) as tf.Tensor4D;
    for (const budget of [2 ** 29, 20_000]) {
      const before = tf.memory().numTensors;
      const update = (await updateMap(blurred(now), last, change, testContext({ budget })))!;
      expect(tf.memory().numTensors).toBe(before + 1);
      expect(update.region).toEqual({ top: 15, left: 6, height: 5, width: 6 });
      await expectClose(update.map, anew, 1e-6);
    }
  });

  it("is not worth while for a large change, a last result of another size, or one in host memory", async () => {
    const last = (await computed(was)) as tf.Tensor4D;
    const large = { top: 0, left: 0, height: 20, width: 12 };
    expect(await updateMap(blurred(now), last, large, testContext())).toBeUndefined();
    expect(await updateMap(blurred(now), noise([1, 20, 23, 2]), change, testContext())).toBeUndefined();
    const host = new HostRaster({ height: 20, width: 24 }, 2, await last.data<"float32">());
    expect(await updateMap(blurred(now), host, change, testContext())).toBeUndefined();
  });
});
