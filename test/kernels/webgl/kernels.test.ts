import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, it } from "vitest";
import { Stopped } from "../../../src/kernels/choose";
import { run as runNetwork } from "../../../src/kernels/tfjs/run";
import { deviceOf } from "../../../src/kernels/webgl/device";
import { BLOCKINGS, type BlockingName, planFor, runBlocked, useBlocking, warmUp } from "../../../src/kernels/webgl/kernels";
import { nextTask } from "../../../src/next-task";
import { generator } from "../../../src/sftgan/generator";
import { startWebGL } from "../../../src/webgl/backend";
import { disposeModel, loadModel } from "../../../src/weights/model";
import liteUrl from "../../../weights/lite.safetensors?url";
import { array } from "../../sftgan/nets";
import { expectClose, noise, tensorCount, tinyModel } from "../../support";
import { CASES, check, checkPart, difference, farthest, LIMIT, onCpu, type Run, SIZES, twice, unbounded } from "../cases";

const by =
  (name: BlockingName): Run =>
  (model, network, given) =>
    runBlocked(BLOCKINGS[name], model, network, given);

afterEach(() => useBlocking(undefined));

describe("Our kernels", () => {
  it.each(CASES)("%s as the CPU does, of any size", async (_, network) => {
    for (const size of SIZES) await check(by("2×2×8"), size, network);
  });

  it.each(["2×2×4", "2×2×8 texture", "1×1×32"] as const)("compute the generator as the CPU does by %s", async (name) => {
    const model = tinyModel("sft-net", { features: 8, condition: 4, blocks: 1 });
    await check(by(name), [7, 13], { model, network: generator(model) });
  });

  it("give the picture of the PyTorch network with the weights that ship", async () => {
    const model = await loadModel(new Uint8Array(await (await fetch(liteUrl)).arrayBuffer()), "lite");
    const given = { image: await array("shipped-picture"), prior: await array("shipped-prior") };
    const result = runBlocked(BLOCKINGS["2×2×8"], model, generator(model), given)!;
    await expectClose(result, await array("shipped-lite"));
    disposeModel(model);
  });
});

const run = (x: tf.Tensor4D) => runBlocked(BLOCKINGS["2×2×8"], twice.model, twice.network, { x })!;
const device = () => deviceOf(tf.backend() as MathBackendWebGL);

describe("Our kernels", () => {
  it("let NaN and infinity through as the CPU does, and keep them from what lies beyond the picture's edge", async () => {
    const x = await unbounded();
    expect(await difference(by("2×2×8"), twice.model, twice.network, { x })).toBeLessThan(LIMIT);
  });

  it("store maps as half floats on demand, in half the memory, with an error of some thousandths, infinities still such", async () => {
    const half: Run = (model, network, given) => runBlocked(BLOCKINGS["2×2×8 half"], model, network, given);
    const x = await unbounded();
    const far = await difference(half, twice.model, twice.network, { x });
    expect(far).toBeGreaterThan(1e-6);
    expect(far).toBeLessThan(2e-3);
    const grown = (run: Run, side: number) => {
      const before = device().maps.memory.bytes;
      run(twice.model, twice.network, { x: noise([1, side, side, 4]) })!.dispose();
      return device().maps.memory.bytes - before;
    };
    expect(grown(half, 30)).toBe(grown(by("2×2×8"), 30) / 2);
  });

  it("read a tensor wherever and however tfjs keeps it: a part of another, packed, just made, reshaped", async () => {
    const x = noise([1, 8, 6, 4]);
    const expected = (await onCpu(twice.model, twice.network, { x })).data;
    const rows = tf.concat([x, x], 1);
    const forms = [
      tf.slice(rows, [0, 8, 0, 0], [1, 8, 6, 4]),
      tf.add<tf.Tensor4D>(x, 0),
      tf.reshape(tf.relu(tf.reshape(x, [6, 8, 4])), [1, 8, 6, 4]),
      tf.reshape(tf.relu(tf.reshape(x, [16, 12])), [1, 8, 6, 4]),
    ] as tf.Tensor4D[];
    for (const form of forms) expect(farthest(await run(form).data(), expected)).toBeLessThan(LIMIT);
  });

  it("give a part of a picture the values that it has in the whole", async () => {
    await checkPart(run);
  });

  it("compile nothing for a picture of another size, and keep no more textures after 200 runs than after two", () => {
    const pictures = [noise([1, 7, 13, 4]), noise([1, 12, 5, 4])];
    const sizes = () => [device().programs.count, device().maps.memory.textures, device().maps.memory.bytes];
    const both = () => {
      for (const x of pictures) run(x).dispose();
    };
    run(pictures[0]!).dispose();
    const compiled = device().programs.count;
    both();
    expect(device().programs.count).toBe(compiled);
    const before = [...sizes(), tensorCount()];
    for (let i = 0; i < 100; i++) both();
    expect([...sizes(), tensorCount()]).toEqual(before);
  });

  it("run pass by pass as at once, whatever is drawn in between, and keep nothing where they are stopped", async () => {
    const { model, network } = twice;
    const x = noise([1, 7, 13, 4]);
    const plan = planFor(BLOCKINGS["2×2×8"], model, network)!;
    const slowly = (between: () => Promise<void>) => device().runSlowly(between, model.weights, network, plan, { x });
    const expected = run(x);
    let passes = 0;
    const found = (await slowly(async () => {
      passes++;
      const other = tf.tidy(() => tf.square(tf.add(x, passes)));
      await other.data();
      other.dispose();
      run(x).dispose();
    }))!;
    expect(passes).toBe(plan.passes.length);
    expect([...(await found.data())]).toEqual([...(await expected.data())]);
    tf.dispose([found, expected]);
    const stop = () => expect(slowly(() => Promise.reject(new Error("stopped")))).rejects.toThrow("stopped");
    await stop();
    const before = [tensorCount(), device().maps.memory.textures];
    for (let i = 0; i < 3; i++) await stop();
    expect([tensorCount(), device().maps.memory.textures]).toEqual(before);
    const stopped = async () => {
      throw new Stopped();
    };
    await expect(warmUp(BLOCKINGS["2×2×8"], model, [network], stopped)).rejects.toThrow(Stopped);
    await warmUp(BLOCKINGS["2×2×8"], model, [network], nextTask);
    expect(tensorCount()).toBe(before[0]);
  });

  it("leave networks to tfjs that they cannot run, and all of them once they are not used any more", async () => {
    const odd = tinyModel("sft-net", { features: 6, blocks: 1 });
    const count = () => device().programs.count;
    useBlocking("2×2×8");
    const before = count();
    const given = { image: noise([1, 4, 4, 3]), prior: noise([1, 16, 16, 8]) };
    expect(runNetwork(odd, generator(odd), given).shape).toEqual([1, 16, 16, 3]);
    expect(count()).toBe(before);
    const x = noise([1, 5, 5, 4]);
    const ours = runNetwork(twice.model, twice.network, { x });
    useBlocking(undefined);
    await expectClose(ours, runNetwork(twice.model, twice.network, { x }), LIMIT);
  });

  it("are made anew on another context once theirs is lost in the middle", async () => {
    const x = noise([1, 6, 6, 4]);
    const values = await x.data();
    const expected = await run(x).data();
    const first = await startWebGL();
    const there = tf.tensor4d(values, [1, 6, 6, 4]);
    const reading = run(there).data();
    first.gl.getExtension("WEBGL_lose_context")!.loseContext();
    await reading.catch(() => {});
    expect(() => run(there)).not.toThrow(/compile/);
    await first.lost;
    first.close();
    const second = await startWebGL();
    expect(farthest(await run(tf.tensor4d(values, [1, 6, 6, 4])).data(), expected)).toBe(0);
    second.close();
  });
});
