import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { startWebGL } from "../../src/webgl/backend";
import { drawnSlowly, finished, pacer } from "../../src/webgl/fences";
import { noise } from "../support";

afterEach(() => vi.restoreAllMocks());

describe("Whoever waits for the GPU", () => {
  it("waits for what is drawn slowly too, while messages come in, and never asks the context behind it", async () => {
    const { gl, close } = await startWebGL();
    const { clientWaitSync, getBufferSubData } = WebGL2RenderingContext.prototype;
    let compiling: WebGLSync | undefined;
    vi.spyOn(gl, "clientWaitSync").mockImplementation((sync, flags, timeout) =>
      sync === compiling ? gl.TIMEOUT_EXPIRED : clientWaitSync.call(gl, sync, flags, timeout),
    );
    const ended: string[] = [];
    vi.spyOn(gl, "getBufferSubData").mockImplementation((...given: unknown[]) => {
      ended.push("asked");
      return (getBufferSubData as (...all: unknown[]) => void).apply(gl, given);
    });
    const made = vi.spyOn(gl, "fenceSync");
    const draw = () => {
      const drawn = drawnSlowly(gl);
      return { drawn, sync: made.mock.results.at(-1)!.value as WebGLSync };
    };
    const x = tf.square(noise([1, 100, 100, 3]));
    const reading = x.data().then(() => ended.push("read")); // its fence comes before the draw
    const slow = draw();
    compiling = slow.sync;
    const checkpoint = pacer(gl);
    const pacing = checkpoint().then(() => ended.push("paced"));
    const quick = draw();
    await quick.drawn;
    const late = finished(gl).then(() => ended.push("late")); // what was drawn quickly has not ended the wait for what was not
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ended).toEqual([]);
    compiling = undefined;
    await Promise.all([slow.drawn, reading, pacing, late]);
    expect([...ended].sort()).toEqual(["asked", "late", "paced", "read"]);
    await checkpoint();
    x.dispose();
    close();
  });
});
