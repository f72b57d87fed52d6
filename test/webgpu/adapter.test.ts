import { afterEach, describe, expect, it, vi } from "vitest";
import { findAdapter } from "../../src/webgpu/backend";

const MB = 2 ** 20;
const having = (limit: number, isFallbackAdapter = false) =>
  vi.stubGlobal("navigator", {
    gpu: {
      requestAdapter: async () => ({
        info: { isFallbackAdapter },
        limits: { maxBufferSize: 2048 * MB, maxStorageBufferBindingSize: limit },
      }),
    },
  });
const isTaken = async () => [(await findAdapter()) !== undefined, (await findAdapter(true)) !== undefined];

afterEach(() => vi.unstubAllGlobals());

describe("A GPU for WebGPU", () => {
  it("is taken by itself where it is one, with buffers for an engine's results; where it is asked for, any that does for most", async () => {
    having(1024 * MB);
    expect(await isTaken()).toEqual([true, true]);
    having(1024 * MB, true);
    expect(await isTaken()).toEqual([false, true]);
    having(128 * MB);
    expect(await isTaken()).toEqual([false, true]);
    having(64 * MB);
    expect(await isTaken()).toEqual([false, false]);
    vi.stubGlobal("navigator", {});
    expect(await isTaken()).toEqual([false, false]);
  });
});
