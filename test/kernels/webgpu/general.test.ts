import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { runInPortions } from "../../../src/kernels/tfjs/run";
import { checkGeneral } from "../../../src/kernels/webgpu/check";
import {
  BLOCKINGS,
  compileGeneral,
  deviceOf,
  runBlocked,
  runGeneral,
  useBlocking,
  useGeneral,
  whatFails,
} from "../../../src/kernels/webgpu/kernels";
import { Pipelines } from "../../../src/kernels/webgpu/pipelines";
import { nextTask } from "../../../src/next-task";
import { segmenter } from "../../../src/sftgan/segmenter";
import { findAdapter, startWebGPU, type WebGPU } from "../../../src/webgpu/backend";
import { array, net } from "../../sftgan/nets";
import { expectClose, noise, tensorCount } from "../../support";
import { check, checkGrouped, checkSegmenters, checkUnbounded, GENERAL_CASES, type Run, SIZES } from "../cases";

const run: Run = runGeneral;
const backend = () => tf.backend() as WebGPUBackend;
const device = () => deviceOf(backend().device, backend().bufferManager);

const adapter = await findAdapter(true);
describe.skipIf(!adapter)(`The general kernels on WebGPU${adapter ? "" : " (skipped: this browser has no adapter)"}`, () => {
  let webgpu: WebGPU;
  beforeAll(async () => {
    webgpu = await startWebGPU();
  });
  afterEach(() => {
    useGeneral(false);
    expect(webgpu.isLost()).toBe(false);
  });
  afterAll(async () => {
    webgpu.close();
    await tf.setBackend("webgl");
  });

  it.each(GENERAL_CASES)("%s as the CPU does, of any size", async (_, network) => {
    for (const size of [...SIZES, [8, 9] as const]) await check(run, size, network);
  });

  it("give the probabilities of the PyTorch networks", () => checkSegmenters(run));

  it("let NaN and infinity through as the CPU does, and keep them from channels that fill a vector up", () =>
    checkUnbounded(run));

  it("are right on this machine when they are checked, and found wrong by name where one line is another", async () => {
    const before = tensorCount();
    expect(await whatFails(nextTask)).toBeUndefined();
    expect(tensorCount()).toBe(before);
    const { createShaderModule } = GPUDevice.prototype;
    GPUDevice.prototype.createShaderModule = function ({ code, ...others }) {
      return createShaderModule.call(this, { ...others, code: code.replace("sum2 += matrix *", "sum2 += 1.001 * matrix *") });
    };
    try {
      const own = Object.assign(Object.create(device()), { pipelines: new Pipelines(backend().device) });
      expect(await checkGeneral(own, nextTask)).toMatch(/^conv: it differs/);
    } finally {
      GPUDevice.prototype.createShaderModule = createShaderModule;
    }
    const refusing = {
      createComputePipelineAsync: () => Promise.reject(new Error("internal")),
      createShaderModule: () => undefined,
    };
    const other = Object.assign(Object.create(device()), { pipelines: new Pipelines(refusing as unknown as GPUDevice) });
    expect(await checkGeneral(other, nextTask)).toBe("a shader does not compile: internal");
  });

  it("leave groups of several channels to tfjs's, as all of ours do", async () => {
    useGeneral(true);
    useBlocking("WebGPU 4×8");
    try {
      await checkGrouped([run, (model, network, given) => runBlocked(BLOCKINGS["WebGPU 4×8"], model, network, given)]);
    } finally {
      useGeneral(false);
      useBlocking(undefined);
    }
  });

  it("compile nothing for a picture of another size, and keep no more buffers after 200 runs than after two", async () => {
    const model = await net("segmenter.safetensors");
    const pictures = [noise([1, 33, 47, 3]), noise([1, 64, 20, 3])];
    const network = segmenter(model);
    const sizes = () => [backend().bufferManager.getNumUsedBuffers(), backend().bufferManager.numBytesAllocated, tensorCount()];
    const both = () => {
      for (const image of pictures) run(model, network, { image })!.dispose();
    };
    await compileGeneral(model, [network]);
    const compiled = device().pipelines.count;
    both();
    expect(device().pipelines.count).toBe(compiled);
    await webgpu.checkpoint();
    const before = sizes();
    const made = vi.spyOn(GPUDevice.prototype, "createBuffer");
    for (let i = 0; i < 100; i++) {
      both();
      if (i % 10 === 9) await webgpu.checkpoint();
    }
    await webgpu.checkpoint();
    expect(sizes()).toEqual(before);
    expect(made).not.toHaveBeenCalled();
    made.mockRestore();
  });

  it("run what a node computes in portions, where they are used, and stop between two", async () => {
    const model = await net("segmenter.safetensors");
    const network = segmenter(model);
    const image = await array("segmenter.in");
    const work = { checkpoint: webgpu.checkpoint, progress: () => {} };
    useGeneral(true);
    const found = await runInPortions(model, network, { image }, work);
    await expectClose(found, await array("segmenter.out"));
    found.dispose();
    await webgpu.checkpoint();
    const sizes = () => [tensorCount(), backend().bufferManager.getNumUsedBuffers()];
    const before = sizes();
    let left = 3;
    const stop = async () => {
      if (left-- === 0) throw new Error("stopped");
    };
    await expect(runInPortions(model, network, { image }, { ...work, checkpoint: stop })).rejects.toThrow("stopped");
    expect(sizes()).toEqual(before);
  });
});
