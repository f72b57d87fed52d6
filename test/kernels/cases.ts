/** Small networks that our kernels are to compute as the CPU does, on whichever backend a test is. */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import type { Conv, Network, Operation } from "../../src/kernels/network";
import { runByTfjs, run as runNetwork } from "../../src/kernels/tfjs/run";
import { outdoorSceneSeg } from "../../src/sftgan/outdoor-scene-seg";
import { segmenter } from "../../src/sftgan/segmenter";
import type { HostTensor, Model } from "../../src/types";
import { weightsOf } from "../../src/weights/weights";
import { array, net } from "../sftgan/nets";
import { expectClose, noise, random, tensorCount, tinyModel } from "../support";

/** Height and width: single pixels and rows, odd ones, a cell and a bit. */
export const SIZES = [
  [1, 1],
  [1, 6],
  [5, 1],
  [7, 13],
] as const;

type Given = Record<string, tf.Tensor4D>;
/** Kernels of ours; undefined where they cannot run the network. */
export type Run = (model: Model, network: Network, given: Given) => tf.Tensor4D | undefined;

/** A network of its own weights: noise, for each layer a kernel's shape. */
export function small(inputs: Network["inputs"], operations: readonly Operation[], kernels: Record<string, number[]>) {
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
export async function difference(run: Run, model: Model, network: Network, given: Given) {
  const ours = run(model, network, given);
  if (!ours) throw new Error(`no plan for ${network.operations.map(({ op }) => op)}`);
  const found = await ours.data();
  const { shape } = ours;
  ours.dispose();
  const expected = await onCpu(model, network, given);
  expect(shape).toEqual(expected.shape);
  return farthest(found, expected.data);
}

export async function onCpu(model: Model, network: Network, given: Given) {
  const backend = tf.getBackend();
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
    await tf.setBackend(backend);
  }
}

/** Infinite where one is a number, or an infinity, and the other is not that. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [far, largest] = [0, 1];
  for (let i = 0; i < b.length; i++) {
    if (Object.is(a[i], b[i]) || a[i] === b[i]) continue;
    if (!Number.isFinite(a[i]) || !Number.isFinite(b[i])) return Number.POSITIVE_INFINITY;
    far = Math.max(far, Math.abs(a[i]! - b[i]!));
    largest = Math.max(largest, Math.abs(b[i]!));
  }
  return far / largest;
}

export const conv = (name: string, x: string, more: Partial<Conv> = {}): Conv => ({ op: "conv", name, x, ...more });
export const LIMIT = 1e-4;

/** Fails where ours differ from the CPU on noise of a size, or leave a tensor behind. */
export async function check(
  run: Run,
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
  expect(await difference(run, model, network, given), `${height} × ${width}`).toBeLessThan(LIMIT);
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

/** What each kernel does, by what it does. */
export const CASES: readonly [string, ReturnType<typeof small>][] = [
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
];

const grown = (name: string, factor: number): Network["inputs"] => ({ [name]: { channels: 8, scale: factor } });

/** What each of the general kernels does. */
export const GENERAL_CASES: readonly [string, ReturnType<typeof small>][] = [
  [
    "normalise, pad, and crop pictures",
    small(
      { x: plain(3) },
      [
        { op: "padTo", name: "p", x: "x", multiple: 4 },
        { op: "normalise", name: "n", x: "p", mean: [0.1, 0.2, 0.3], deviation: [0.5, 0.6, 0.7], bgr: true },
        conv("a", "n", { stride: 2, pad: "same", activation: "relu6" }),
        { op: "resizeLike", name: "r", x: "a", like: "p" },
        { op: "cropLike", name: "c", x: "r", like: "x" },
      ],
      { a: [6, 3, 3, 3] },
    ),
  ],
  [
    "go over each channel by itself, with strides, and narrow what it made wide",
    small(
      grown("x", 2),
      [
        conv("a", "x", { activation: "relu6" }),
        conv("b", "a", { stride: 2, pad: "same", activation: "relu6" }),
        conv("c", "b", { activation: "relu" }),
        conv("d", "c"),
        conv("e", "d", { residual: "d" }),
      ],
      { a: [20, 8, 1, 1], b: [20, 1, 5, 5], c: [20, 1, 3, 3], d: [6, 20, 1, 1], e: [6, 6, 1, 1] },
    ),
  ],
  [
    "add the mean of all everywhere, and give probabilities",
    small(
      { x: plain(5) },
      [
        { op: "mean", name: "m", x: "x" },
        conv("w", "m"),
        conv("a", "x", { residual: "w", activation: "relu" }),
        { op: "softmax", name: "s", x: "a" },
      ],
      { w: [7, 5, 1, 1], a: [7, 5, 3, 3] },
    ),
  ],
  [
    "look for the largest, with holes, and enlarge each channel by a kernel of its own",
    small(
      { x: plain(3) },
      [
        { op: "maxPool", name: "m", x: "x" },
        conv("a", "m", { dilation: 2, pad: 2, activation: "relu" }),
        { op: "upConv", name: "u", x: "a", stride: 4 },
      ],
      { a: [5, 3, 3, 3], u: [5, 1, 8, 8] },
    ),
  ],
];

/** Two convolutions with a residual, which see two pixels far. */
export const twice = small({ x: plain(4) }, [conv("a", "x", { activation: "relu" }), conv("b", "a", { residual: "x" })], {
  a: [8, 4, 3, 3],
  b: [4, 8, 3, 3],
});

/** Noise for `twice` with an infinity at the first and the last pixel, and no number in the middle. */
export async function unbounded(): Promise<tf.Tensor4D> {
  const data = Float32Array.from(await noise([1, 9, 9, 4]).data());
  data[0] = Number.POSITIVE_INFINITY;
  data[4 * 40 + 1] = Number.NaN;
  data[4 * 80 + 3] = Number.NEGATIVE_INFINITY;
  return tf.tensor4d(data, [1, 9, 9, 4]);
}

/** Compares what `run`, which is of `twice`, makes of a part of a picture with that part of what it makes of the whole. */
export async function checkPart(run: (x: tf.Tensor4D) => tf.Tensor4D): Promise<void> {
  const x = noise([1, 20, 21, 4]);
  const part = tf.slice(run(tf.slice(x, [0, 3, 5, 0], [1, 11, 12, 4])), [0, 2, 2, 0], [1, 7, 8, 4]);
  await expectClose(part, tf.slice(run(x), [0, 5, 7, 0], [1, 7, 8, 4]), 1e-6);
}

/** Sets general kernels against the CPU on what is no number, and infinite, also where channels fill a vector up. */
export async function checkUnbounded(run: Run): Promise<void> {
  const inputs = { x: plain(5) };
  const data = Float32Array.from(await noise([1, 9, 9, 5]).data());
  data[0] = Number.POSITIVE_INFINITY;
  data[5 * 40 + 1] = Number.NaN;
  data[5 * 80 + 3] = Number.NEGATIVE_INFINITY;
  const x = tf.tensor4d(data, [1, 9, 9, 5]);
  const chain = [conv("a", "x", { activation: "relu6" }), conv("b", "x"), conv("c", "b", { residual: "a" })];
  for (const { model, network } of [
    small(inputs, chain, { a: [6, 5, 1, 1], b: [6, 5, 3, 3], c: [6, 6, 1, 1] }),
    small(inputs, [{ op: "mean", name: "m", x: "x" }], {}),
    small(inputs, [{ op: "softmax", name: "s", x: "x" }], {}),
  ])
    expect(await difference(run, model, network, { x }), network.operations.map(({ op }) => op).join()).toBeLessThan(LIMIT);
}

/** Sets general kernels against the PyTorch networks that segment. */
export async function checkSegmenters(run: Run): Promise<void> {
  for (const [name, ending, network] of [
    ["segmenter", "safetensors", segmenter],
    ["outdoor-scene-seg", "pth", outdoorSceneSeg],
  ] as const) {
    const model = await net(`${name}.${ending}`);
    await expectClose(run(model, network(model), { image: await array(`${name}.in`) })!, await array(`${name}.out`));
  }
}

/** Groups of several channels, which none of our kernels has; a layer before and after it would do. */
export const GROUPED = small({ x: plain(8) }, [conv("a", "x"), conv("b", "a"), conv("c", "b")], {
  a: [8, 8, 3, 3],
  b: [8, 4, 3, 3],
  c: [4, 8, 1, 1],
});

/** Fails unless kernels leave groups of several channels to tfjs's, which are asked by `run` of src/kernels/tfjs. */
export async function checkGrouped(ours: readonly Run[]): Promise<void> {
  const { model, network } = GROUPED;
  const x = noise([1, 5, 6, 8]);
  for (const run of ours) expect(run(model, network, { x })).toBeUndefined();
  expect(await difference(runNetwork, model, network, { x })).toBeLessThan(LIMIT);
  model.weights.dispose();
}
