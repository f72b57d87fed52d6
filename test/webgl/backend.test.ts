import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { startWebGL } from "../../src/webgl/backend";
import { pacer } from "../../src/webgl/fences";
import { noise } from "../support";

const textures = () => (tf.backend() as unknown as { textureManager: { numBytesAllocated: number } }).textureManager;

describe("the WebGL backend", () => {
  it("makes one context, and none besides", async () => {
    const { getContext } = OffscreenCanvas.prototype;
    const made = new Set<unknown>();
    OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...args: unknown[]) {
      const context = (getContext as (...all: unknown[]) => unknown).apply(this, args);
      made.add(context);
      return context;
    } as typeof getContext;
    const webgl = await startWebGL();
    const x = tf.add(noise([1, 20, 20, 3]), 1);
    await x.data();
    x.dispose();
    tf.disposeVariables();
    OffscreenCanvas.prototype.getContext = getContext;
    expect(made.size).toBe(1);
    webgl.close();
    expect(webgl.isLost()).toBe(true);
    expect(tf.engine().backendNames()).not.toContain("webgl");
  });

  it("is shared by those who start it, until the last one closes it", async () => {
    const [one, other] = await Promise.all([startWebGL(), startWebGL()]);
    expect(one.gl).toBe(other.gl);
    one.close();
    one.close();
    expect(other.isLost()).toBe(false);
    expect(tf.getBackend()).toBe("webgl");
    other.close();
    expect(tf.engine().backendNames()).not.toContain("webgl");
  });

  it("is started anew after a loss, and never comes back by itself", async () => {
    const first = await startWebGL();
    first.gl.getExtension("WEBGL_lose_context")!.loseContext();
    expect(first.isLost()).toBe(true);
    await first.lost;
    const second = await startWebGL();
    expect(second.gl).not.toBe(first.gl);
    first.close(); // late: the second one stays
    expect(tf.getBackend()).toBe("webgl");
    const x = tf.square(tf.tensor1d([1, 2, 3]));
    expect([...(await x.data())]).toEqual([1, 4, 9]);
    x.dispose();
    second.close();
  });

  it("ends waits and reads on a lost context", async () => {
    const { gl, close } = await startWebGL();
    const checkpoint = pacer(gl);
    const x = tf.square(noise([1, 100, 100, 3]));
    await checkpoint();
    const reading = x.data();
    gl.getExtension("WEBGL_lose_context")!.loseContext();
    await checkpoint();
    await checkpoint();
    expect((await reading).length).toBe(30_000);
    x.dispose();
    close();
  });

  it("says in a message why it cannot be started, and leaves nothing behind", async () => {
    const { getContext } = OffscreenCanvas.prototype;
    OffscreenCanvas.prototype.getContext = () => null;
    await expect(startWebGL()).rejects.toThrow("this browser has no WebGL 2");
    OffscreenCanvas.prototype.getContext = getContext;
    const { createTexture } = WebGL2RenderingContext.prototype;
    expect(tf.engine().backendNames()).not.toContain("webgl");
    (await startWebGL()).close();
    expect(WebGL2RenderingContext.prototype.createTexture).toBe(createTexture);
  });

  it("keeps the GPU's memory bounded while sizes change", async () => {
    const webgl = await startWebGL();
    tf.env().set("WEBGL_DELETE_TEXTURE_THRESHOLD", 2 ** 20);
    const allocated: number[] = [];
    for (let i = 0; i < 20; i++) {
      const x = noise([1, 64 + 8 * i, 64, 4]);
      const y = tf.tidy(() => tf.relu(tf.add(tf.mul(x, 2), tf.sqrt(x))));
      await (tf.backend() as MathBackendWebGL).gpgpu.createAndWaitForFence();
      tf.dispose([x, y]);
      allocated.push(textures().numBytesAllocated);
    }
    expect(Math.max(...allocated)).toBeLessThanOrEqual(2 ** 20);
    webgl.close();
  });
});
