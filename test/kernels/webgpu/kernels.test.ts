import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { run as runNetwork } from "../../../src/kernels/tfjs/run";
import { BLOCKINGS, type BlockingName, compile, deviceOf, runBlocked, useBlocking } from "../../../src/kernels/webgpu/kernels";
import { generator } from "../../../src/sftgan/generator";
import { findAdapter, startWebGPU, type WebGPU } from "../../../src/webgpu/backend";
import { disposeModel, loadModel } from "../../../src/weights/model";
import liteUrl from "../../../weights/lite.safetensors?url";
import { array } from "../../sftgan/nets";
import { expectClose, noise, tensorCount, tinyModel } from "../../support";
import {
  CASES,
  check,
  checkPart,
  conv,
  difference,
  farthest,
  LIMIT,
  onCpu,
  type Run,
  SIZES,
  small,
  twice,
  unbounded,
} from "../cases";

const by =
  (name: BlockingName): Run =>
  (model, network, given) =>
    runBlocked(BLOCKINGS[name], model, network, given);
const run = (x: tf.Tensor4D) => by("WebGPU 8×8")(twice.model, twice.network, { x })!;
const backend = () => tf.backend() as WebGPUBackend;
const device = () => deviceOf(backend().device, backend().bufferManager);

const adapter = await findAdapter(true);
describe.skipIf(!adapter)(`Our kernels on WebGPU${adapter ? "" : " (skipped: this browser has no adapter)"}`, () => {
  let webgpu: WebGPU;
  beforeAll(async () => {
    webgpu = await startWebGPU();
  });
  afterEach(() => {
    useBlocking(undefined);
    expect(webgpu.isLost()).toBe(false);
  });
  afterAll(async () => {
    webgpu.close();
    await tf.setBackend("webgl");
  });

  // The smaller of the blockings where nothing hangs on that: software takes its time to compile.
  it.each(CASES)("%s as the CPU does, of any size", async (_, network) => {
    for (const size of [...SIZES, [9, 17] as const]) await check(by("WebGPU 4×8"), size, network);
  });

  it("compute channels as loaders allow them, in whole vectors of four, and more than one workgroup has", async () => {
    const kernels = { a: [132, 36, 1, 1], b: [36, 132, 1, 1] };
    const inputs = { x: { channels: 36, scale: 1 } };
    await check(by("WebGPU 4×8"), [2, 3], small(inputs, [conv("a", "x"), conv("b", "a")], kernels));
  });

  it("give the picture of the PyTorch network with the weights that ship", async () => {
    const model = await loadModel(new Uint8Array(await (await fetch(liteUrl)).arrayBuffer()), "lite");
    const given = { image: await array("shipped-picture"), prior: await array("shipped-prior") };
    await expectClose(by("WebGPU 4×8")(model, generator(model), given)!, await array("shipped-lite"));
    disposeModel(model);
  });

  it("let NaN and infinity through as the CPU does, and keep them from what lies beyond the picture's edge", async () => {
    const x = await unbounded();
    expect(await difference(by("WebGPU 8×8"), twice.model, twice.network, { x })).toBeLessThan(LIMIT);
  });

  it("store maps as half floats on demand, with an error of some thousandths, infinities still such", async () => {
    const far = await difference(by("WebGPU 8×8 half"), twice.model, twice.network, { x: await unbounded() });
    expect(far).toBeGreaterThan(1e-6);
    expect(far).toBeLessThan(2e-3);
  });

  it("read a tensor wherever tfjs keeps it: a part of another, just made, reshaped, made of integers", async () => {
    const x = noise([1, 8, 6, 4]);
    const expected = (await onCpu(twice.model, twice.network, { x })).data;
    const forms = [
      tf.slice(tf.concat([x, x], 1), [0, 8, 0, 0], [1, 8, 6, 4]),
      tf.add<tf.Tensor4D>(x, 0),
      tf.reshape(tf.relu(tf.reshape(x, [16, 12])), [1, 8, 6, 4]),
    ] as tf.Tensor4D[];
    for (const form of forms) expect(farthest(await run(form).data(), expected)).toBeLessThan(LIMIT);
    const whole = tf.cast<tf.Tensor4D>(tf.cast(tf.mul(x, 8), "int32"), "float32");
    expect(await difference(by("WebGPU 8×8"), twice.model, twice.network, { x: whole })).toBeLessThan(LIMIT);
  });

  it("give a part of a picture the values that it has in the whole", async () => {
    await checkPart(run);
  });

  it("compile nothing for a picture of another size, and keep no more buffers after 200 runs than after two", async () => {
    const pictures = [noise([1, 7, 13, 4]), noise([1, 12, 5, 4])];
    const sizes = () => [
      device().pipelines.count,
      backend().bufferManager.getNumUsedBuffers(),
      backend().bufferManager.numBytesAllocated,
    ];
    const both = () => {
      for (const x of pictures) run(x).dispose();
    };
    await compile(BLOCKINGS["WebGPU 8×8"], twice.model, [twice.network]);
    const compiled = device().pipelines.count;
    both();
    expect(device().pipelines.count).toBe(compiled);
    await webgpu.checkpoint();
    const before = [...sizes(), tensorCount()];
    for (let i = 0; i < 100; i++) both();
    await webgpu.checkpoint();
    expect([...sizes(), tensorCount()]).toEqual(before);
  });

  it("leave networks to tfjs that they cannot run, and all of them once they are not used any more", async () => {
    const odd = tinyModel("sft-net", { features: 6, blocks: 1 });
    useBlocking("WebGPU 4×8");
    const before = device().pipelines.count;
    const given = { image: noise([1, 4, 4, 3]), prior: noise([1, 16, 16, 8]) };
    expect(runNetwork(odd, generator(odd), given).shape).toEqual([1, 16, 16, 3]);
    expect(device().pipelines.count).toBe(before);
    const x = noise([1, 5, 5, 4]);
    const ours = runNetwork(twice.model, twice.network, { x });
    useBlocking(undefined);
    await expectClose(ours, runNetwork(twice.model, twice.network, { x }), LIMIT);
  });
});
