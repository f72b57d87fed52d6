import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWebGL, type WebGL } from "../../src/webgl/backend";
import { draw } from "../../src/webgl/draw";
import { random } from "../support";

/** RGBA of a bitmap, which is closed. */
function bytesOf(bitmap: ImageBitmap): number[] {
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  bitmap.close();
  return [...data];
}

/** Every byte different from its neighbours, no symmetry, opaque. */
const pattern = (height: number, width: number) => {
  const next = random(height * 1000 + width);
  return Array.from({ length: 4 * height * width }, (_, i) => (i % 4 === 3 ? 255 : Math.floor(256 * next())));
};
const tensorOf = (bytes: readonly number[], height: number, width: number) =>
  tf.tidy(() => tf.div(tf.tensor3d([...bytes], [height, width, 4]), 255) as tf.Tensor3D);

const SIZES = [
  [1, 1],
  [1, 7],
  [7, 1],
  [3, 5],
  [2, 2],
  [63, 65],
  [16, 8],
  [5, 3],
  [300, 200],
] as const;

describe.each([
  ["an OffscreenCanvas", false],
  ["a canvas of the page", true],
] as const)("drawing from %s", (_, inPage) => {
  let webgl: WebGL;
  const { OffscreenCanvas: Offscreen } = globalThis;

  beforeEach(async () => {
    if (inPage) Object.assign(globalThis, { OffscreenCanvas: undefined });
    webgl = await startWebGL();
    Object.assign(globalThis, { OffscreenCanvas: Offscreen });
    expect(webgl.gl.canvas).toBeInstanceOf(inPage ? HTMLCanvasElement : Offscreen);
  });
  afterEach(() => webgl.close());

  it("gives every byte in its place, row 0 on top, whatever was drawn before", async () => {
    for (const [height, width] of SIZES) {
      const bytes = pattern(height, width);
      const pixels = tensorOf(bytes, height, width);
      const bitmap = await draw(pixels);
      expect([bitmap.height, bitmap.width]).toEqual([height, width]);
      expect(bytesOf(bitmap), `${width} × ${height}`).toEqual(bytes);
      pixels.dispose();
    }
  });

  it("clips what is below 0 and above 1", async () => {
    const pixels = tf.tidy(() => tf.mul(tf.tensor3d([-3, 2, 0.5, 1, 1.5, -0.1, 1, 1], [1, 2, 4]), 1) as tf.Tensor3D);
    const [r, g, b, a, ...next] = bytesOf(await draw(pixels));
    expect([r, g, a, ...next]).toEqual([0, 255, 255, 255, 0, 255, 255]);
    expect([127, 128]).toContain(b);
    pixels.dispose();
  });

  it("draws from host memory what was never on the GPU", async () => {
    const bytes = pattern(2, 3);
    const pixels = tf.tensor3d(
      bytes.map((byte) => byte / 255),
      [2, 3, 4],
    );
    expect(bytesOf(await draw(pixels))).toEqual(bytes);
    pixels.dispose();
  });

  it("reads nothing back, leaves no tensor and no texture, and leaves its argument", async () => {
    const { readPixels, getBufferSubData } = WebGL2RenderingContext.prototype;
    let reads = 0;
    WebGL2RenderingContext.prototype.readPixels = () => void reads++;
    WebGL2RenderingContext.prototype.getBufferSubData = () => void reads++;
    try {
      const { textureManager } = tf.backend() as unknown as { textureManager: { getNumUsedTextures(): number } };
      const pixels = tensorOf(pattern(20, 30), 20, 30);
      (await draw(pixels)).close();
      const [tensors, textures] = [tf.memory().numTensors, textureManager.getNumUsedTextures()];
      for (let i = 0; i < 5; i++) (await draw(pixels)).close();
      expect([tf.memory().numTensors, textureManager.getNumUsedTextures()]).toEqual([tensors, textures]);
      expect(pixels.isDisposed).toBe(false);
      expect(reads).toBe(0);
      pixels.dispose();
    } finally {
      Object.assign(WebGL2RenderingContext.prototype, { readPixels, getBufferSubData });
    }
  });

  it("disturbs no computation after it", async () => {
    const compute = () =>
      tf.tidy(() => {
        const x = tf.reshape(tf.linspace(0, 1, 40 * 33 * 3), [1, 40, 33, 3]) as tf.Tensor4D;
        const kernel = tf.reshape(tf.linspace(-1, 1, 3 * 3 * 3 * 5), [3, 3, 3, 5]) as tf.Tensor4D;
        return tf
          .relu(
            tf.conv2d(
              tf.mirrorPad(
                x,
                [
                  [0, 0],
                  [1, 1],
                  [1, 1],
                  [0, 0],
                ],
                "reflect",
              ),
              kernel,
              1,
              "valid",
            ),
          )
          .dataSync();
      });
    const before = compute();
    const pixels = tensorOf(pattern(9, 4), 9, 4);
    (await draw(pixels)).close();
    expect(compute()).toEqual(before);
    const { gl } = (tf.backend() as MathBackendWebGL).gpgpu;
    expect(gl.isEnabled(gl.SCISSOR_TEST)).toBe(true);
    expect(gl.getError()).toBe(gl.NO_ERROR);
    pixels.dispose();
  });
});
