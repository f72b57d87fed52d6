import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { isGrey, madeGrey, toGrey } from "../../src/image/grey";
import { DeferredRaster, HostRaster, read } from "../../src/image/raster";
import { whole } from "../../src/region";
import type { Raster } from "../../src/types";
import { expectClose, noise, testContext } from "../support";

const size = { height: 5, width: 7 };
const grey = () => tf.tidy(() => tf.tile(noise([1, 5, 7, 1]), [1, 1, 1, 3]) as tf.Tensor4D);
/** `by` more in one channel of the last pixel. */
const spotted = (by: number) =>
  tf.tidy(() => tf.add(grey(), tf.tensor4d([...Array(104).fill(0), by], [1, 5, 7, 3]))) as tf.Tensor4D;

/** Whether a picture is grey, having left no tensor behind. */
async function found(rgb: Raster, more = {}): Promise<boolean> {
  const before = tf.memory().numTensors;
  const answer = await isGrey({ rgb, ...more }, testContext());
  expect(tf.memory().numTensors).toBe(before);
  return answer;
}

describe("A picture", () => {
  it("is grey where its channels are equal in every pixel, but for rounding", async () => {
    expect(await found(grey())).toBe(true);
    expect(await found(spotted(1e-6))).toBe(true);
    expect(await found(spotted(1 / 65535))).toBe(false);
    expect(await found(spotted(-1 / 255))).toBe(false);
    const floats = new HostRaster(size, 3, (await spotted(1 / 65535).data()) as Float32Array);
    expect(await found(floats)).toBe(false);
    expect(await found(new HostRaster(size, 3, (await grey().data()) as Float32Array))).toBe(true);
  });

  it("in host memory is grey only where no level differs", async () => {
    for (const [samples, maximum] of [
      [new Uint8Array(105).fill(9), 255],
      [new Uint16Array(105).fill(9), 65535],
    ] as const) {
      expect(await found(new HostRaster(size, 3, samples, maximum))).toBe(true);
      samples[52] = 10;
      expect(await found(new HostRaster(size, 3, samples, maximum))).toBe(false);
    }
  });

  it("is looked at in strips, with pauses, until a pixel has colour", async () => {
    let pauses = 0;
    const checkpoint = async () => void pauses++;
    const tall = { height: 2 ** 20 + 5, width: 2 };
    const samples = new Uint8Array(3 * tall.height * tall.width);
    expect(await isGrey({ rgb: new HostRaster(tall, 3, samples, 255) }, { checkpoint })).toBe(true);
    expect(pauses).toBe(3);
    samples[1] = 1;
    expect(await isGrey({ rgb: new HostRaster(tall, 3, samples, 255) }, { checkpoint })).toBe(false);
    expect(pauses).toBe(3);
  });

  it("that is computed as it is read is grey where it says so, and not computed to find out", async () => {
    const rgb = new DeferredRaster([1, 5, 7, 3], [], () => {
      throw new Error("it was computed");
    });
    expect(await found(rgb)).toBe(false);
    expect(await found(rgb, { grey: true })).toBe(true);
  });
});

describe("Without its colours", () => {
  it("a picture is three times its luma, wherever it lies", async () => {
    const rgb = noise([1, 5, 7, 3]);
    const luma = tf.tidy(() => tf.sum(tf.mul(rgb, [0.299, 0.587, 0.114]), 3, true));
    const expected = tf.tidy(() => tf.tile(luma, [1, 1, 1, 3]));
    await expectClose(toGrey(rgb), expected, 1e-5);
    const host = new HostRaster(size, 3, (await rgb.data()).slice() as Float32Array);
    await expectClose(read(madeGrey(host), whole(size)), expected, 1e-5);

    const given = tf.clone(rgb);
    const made = madeGrey(given) as tf.Tensor4D;
    expect(given.isDisposed).toBe(true);
    await expectClose(made, expected, 1e-5);
    const data = await made.data();
    for (let i = 0; i < data.length; i += 3) expect([data[i + 1], data[i + 2]]).toEqual([data[i], data[i]]);
  });

  it("a grey picture is itself", async () => {
    await expectClose(toGrey(grey()), grey(), 1e-6);
  });
});
