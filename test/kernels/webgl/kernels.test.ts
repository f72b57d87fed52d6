import "@tensorflow/tfjs-backend-cpu";
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, it } from "vitest";
import type { Conv, Network, Operation } from "../../../src/kernels/network";
import { runByTfjs, run as runNetwork } from "../../../src/kernels/tfjs/run";
import { deviceOf } from "../../../src/kernels/webgl/device";
import { BLOCKINGS, type BlockingName, runBlocked, useBlocking } from "../../../src/kernels/webgl/kernels";
import { generator } from "../../../src/sftgan/generator";
import type { HostTensor, Model } from "../../../src/types";
import { startWebGL } from "../../../src/webgl/backend";
import { disposeModel, loadModel } from "../../../src/weights/model";
import { weightsOf } from "../../../src/weights/weights";
import liteUrl from "../../../weights/lite.safetensors?url";
import { array } from "../../sftgan/nets";
import { expectClose, noise, random, tensorCount, tinyModel } from "../../support";

/** Height and width: single pixels and rows, odd ones, a cell and a bit. */
const SIZES = [
  [1, 1],
  [1, 6],
  [5, 1],
  [7, 13],
] as const;

/** A network of its own weights: noise, for each layer a kernel's shape. */
function small(inputs: Network["inputs"], operations: readonly Operation[], kernels: Record<string, number[]>) {
  const tensors: Record<string, HostTensor> = {};
  const made = (shape: number[], seed: number) => {
    const next = random(seed);
    return { shape, data: Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => next() - 0.5) };
  };
  for (const [i, [name, shape]] of Object.entries(kernels).entries()) {
    tensors[`${name}.weight`] = made(shape, 2 * i + 1);
    tensors[`${name}.bias`] = made([shape[0]!], 2 * i + 2);
  }
  const model: Model = { ...tinyModel(), weights: weightsOf(tensors) };
  return { model, network: { inputs, operations } };
}

/** The largest difference between our kernels' result and the CPU's, as a fraction of the largest value where that is over 1. */
async function difference(name: BlockingName, model: Model, network: Network, given: Record<string, tf.Tensor4D>) {
  const ours = runBlocked(BLOCKINGS[name], model, network, given);
  if (!ours) throw new Error(`no plan for ${network.operations.map(({ op }) => op)}`);
  const found = await ours.data();
  const { shape } = ours;
  ours.dispose();
  const expected = await onCpu(model, network, given);
  expect(shape).toEqual(expected.shape);
  return farthest(found, expected.data);
}

async function onCpu(model: Model, network: Network, given: Record<string, tf.Tensor4D>) {
  const values = await Promise.all(Object.entries(given).map(async ([name, x]) => [name, await x.data(), x.shape] as const));
  await tf.setBackend("cpu");
  const copy = { ...model, weights: { ...model.weights, copies: new Map() } };
  try {
    const there = Object.fromEntries(values.map(([name, data, shape]) => [name, tf.tensor4d(data, shape)]));
    const result = runByTfjs(copy, network, there);
    const data = await result.data();
    tf.dispose([result, ...Object.values(there)]);
    return { shape: result.shape, data };
  } finally {
    for (const { dispose } of copy.weights.copies.values()) dispose();
    await tf.setBackend("webgl");
  }
}

/** Infinite where one is a number, or an infinity, and the other is not that. */
function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [far, largest] = [0, 1];
  for (let i = 0; i < b.length; i++) {
    if (Object.is(a[i], b[i]) || a[i] === b[i]) continue;
    if (!Number.isFinite(a[i]) || !Number.isFinite(b[i])) return Number.POSITIVE_INFINITY;
    far = Math.max(far, Math.abs(a[i]! - b[i]!));
    largest = Math.max(largest, Math.abs(b[i]!));
  }
  return far / largest;
}

const conv = (name: string, x: string, more: Partial<Conv> = {}): Conv => ({ op: "conv", name, x, ...more });
const LIMIT = 1e-4;

afterEach(() => useBlocking(undefined));

/** Fails where ours differ from the CPU on noise of a size, or leave a tensor behind. */
async function check(
  name: BlockingName,
  [height, width]: readonly [number, number],
  { model, network }: ReturnType<typeof small>,
): Promise<void> {
  const given = Object.fromEntries(
    Object.entries(network.inputs).map(([input, { channels, scale }], seed) => [
      input,
      noise([1, scale * height, scale * width, channels], seed),
    ]),
  );
  const before = tensorCount();
  expect(await difference(name, model, network, given), `${height} × ${width}`).toBeLessThan(LIMIT);
  expect(tensorCount()).toBe(before);
  tf.dispose(Object.values(given));
}

const plain = (channels: number) => ({ channels, scale: 1 });
const sftKernels = (features: number, condition: number) =>
  Object.fromEntries(
    ["scale", "shift"].flatMap((which) => [
      [`a.SFT_${which}_conv0`, [condition, condition, 1, 1]],
      [`a.SFT_${which}_conv1`, [features, condition, 1, 1]],
    ]),
  );

describe("Our kernels", () => {
  it.each<[string, ReturnType<typeof small>]>([
    ["convolve a picture", small({ x: plain(3) }, [conv("a", "x", { activation: "relu" })], { a: [12, 3, 3, 3] })],
    [
      "add a residual before the activation",
      small({ x: plain(4) }, [conv("a", "x"), conv("b", "a", { residual: "x", activation: { leaky: 0.1 } })], {
        a: [12, 4, 3, 3],
        b: [4, 12, 3, 3],
      }),
    ],
    ["give three channels", small({ x: plain(8) }, [conv("a", "x")], { a: [3, 8, 3, 3] })],
    [
      "convolve with strides, and pixel by pixel",
      small({ prior: { channels: 5, scale: 4 } }, [conv("a", "prior", { stride: 4, pad: 0 }), conv("b", "a")], {
        a: [36, 5, 4, 4],
        b: [6, 36, 1, 1],
      }),
    ],
    [
      "shuffle pixels",
      small(
        { x: plain(4) },
        [conv("a", "x", { activation: "relu" }), { op: "pixelShuffle", name: "s", x: "a", factor: 2 }, conv("b", "s")],
        { a: [48, 4, 3, 3], b: [4, 12, 3, 3] },
      ),
    ],
    [
      "repeat pixels",
      small({ x: plain(4) }, [conv("a", "x"), { op: "nearest2", name: "s", x: "a" }, conv("b", "s")], {
        a: [12, 4, 3, 3],
        b: [4, 12, 3, 3],
      }),
    ],
    [
      "modulate features in one pass",
      small(
        { x: plain(12), c: plain(8) },
        [{ op: "sft", name: "a", x: "x", condition: "c", slope: 0.1, unitScale: true, activation: "relu" }],
        sftKernels(12, 8),
      ),
    ],
  ])("%s as the CPU does, of any size", async (_, network) => {
    for (const size of SIZES) await check("2×2×8", size, network);
  });

  it.each(["2×2×4", "2×2×8 texture", "1×1×32"] as const)("compute the generator as the CPU does by %s", async (name) => {
    const model = tinyModel("sft-net", { features: 8, condition: 4, blocks: 1 });
    await check(name, [7, 13], { model, network: generator(model) });
  });

  it("give the picture of the PyTorch network with the weights that ship", async () => {
    const model = await loadModel(new Uint8Array(await (await fetch(liteUrl)).arrayBuffer()), "lite");
    const given = { image: await array("shipped-picture"), prior: await array("shipped-prior") };
    const result = runBlocked(BLOCKINGS["2×2×8"], model, generator(model), given)!;
    await expectClose(result, await array("shipped-lite"));
    disposeModel(model);
  });
});

/** Two convolutions with a residual, which see two pixels far. */
const twice = small({ x: plain(4) }, [conv("a", "x", { activation: "relu" }), conv("b", "a", { residual: "x" })], {
  a: [8, 4, 3, 3],
  b: [4, 8, 3, 3],
});
const run = (x: tf.Tensor4D) => runBlocked(BLOCKINGS["2×2×8"], twice.model, twice.network, { x })!;
const device = () => deviceOf(tf.backend() as MathBackendWebGL);

describe("Our kernels", () => {
  it("let NaN and infinity through as the CPU does, and keep them from what lies beyond the picture's edge", async () => {
    const data = Float32Array.from(await noise([1, 9, 9, 4]).data());
    data[0] = Number.POSITIVE_INFINITY;
    data[4 * 40 + 1] = Number.NaN;
    data[4 * 80 + 3] = Number.NEGATIVE_INFINITY;
    const x = tf.tensor4d(data, [1, 9, 9, 4]);
    expect(await difference("2×2×8", twice.model, twice.network, { x })).toBeLessThan(LIMIT);
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
    const x = noise([1, 20, 21, 4]);
    const part = tf.slice(run(tf.slice(x, [0, 3, 5, 0], [1, 11, 12, 4])), [0, 2, 2, 0], [1, 7, 8, 4]);
    await expectClose(part, tf.slice(run(x), [0, 5, 7, 0], [1, 7, 8, 4]), 1e-6);
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
