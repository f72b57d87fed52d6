/**
 * Whether the general kernels give on a device what they should: each computes something tiny, and is compared with plain
 * numbers. It takes a few milliseconds once their shaders are compiled, which they are for networks of all sizes.
 */
import type { HostTensor, Weights } from "../types";
import { weightsOf } from "../weights/weights";
import type { GeneralKernel, Shape } from "./general";
import { type Conv, type Network, type Operation, outputOf } from "./network";
import { reference } from "./reference";

/** Values of a map `[1, height, width, channels]`. */
export interface HostMap extends Shape {
  readonly data: Float32Array;
}

/** Computes a network's result from what it is given as `x`. */
export type Compute = (weights: Weights, network: Network, x: HostMap) => Promise<Float32Array>;

/** The map of the network's result: `maps` holds what it is given, and all others afterwards. */
export function applyAll<M>(
  reader: { apply(operation: Operation, map: (name: string) => M): M },
  network: Network,
  maps: Map<string, M>,
): M {
  for (const operation of network.operations)
    maps.set(
      operation.name,
      reader.apply(operation, (name) => maps.get(name)!),
    );
  return maps.get(outputOf(network))!;
}

const conv = (name: string, x: string, more: Partial<Conv> = {}): Conv => ({ op: "conv", name, x, ...more });

/** Odd sides, halved ones too, as wide as some invocations go; channels in more than one tile, the last of which is not full. */
const SIZE = { height: 7, width: 11 };
const CHANNELS = 11;

/** What each kernel is asked: with shapes, strides and ends in every way that it is told of. */
const CHECKS: Readonly<Record<GeneralKernel, { readonly channels?: number; readonly operations: readonly Operation[] }>> = {
  conv: {
    operations: [
      conv("a", "x", { stride: 2, pad: "same", activation: { leaky: 0.1 } }),
      conv("b", "a", { dilation: 2, pad: 2, residual: "a", activation: "relu6" }),
    ],
  },
  depthwise: { operations: [conv("each", "x", { stride: 2, pad: "same", activation: "relu" })] },
  copy: {
    channels: 3,
    operations: [
      { op: "padTo", name: "p", x: "x", multiple: 4 },
      { op: "normalise", name: "n", x: "p", mean: [0.1, 0.2, 0.3], deviation: [0.5, 0.6, 0.7], bgr: true },
    ],
  },
  resize: { operations: [{ op: "resizeLike", name: "r", x: "x", like: "x", times: 2 }] },
  mean: { operations: [{ op: "mean", name: "m", x: "x" }, conv("everywhere", "x", { residual: "m" })] },
  softmax: { operations: [{ op: "softmax", name: "s", x: "x" }] },
  maxPool: { operations: [{ op: "maxPool", name: "m", x: "x" }] },
  upConv: { operations: [{ op: "upConv", name: "u", x: "x", stride: 4 }] },
};

/** Of what is checked, the shapes of kernels. */
const KERNELS = {
  a: [13, CHANNELS, 3, 3],
  b: [13, 13, 3, 3],
  each: [CHANNELS, 1, 5, 5],
  everywhere: [CHANNELS, CHANNELS, 1, 1],
  u: [CHANNELS, 1, 8, 8],
};

/** Where a value that is no number has to come through: it would hide what is wrong with weights. */
const POISONED: readonly GeneralKernel[] = ["conv", "depthwise"];

/** What is wrong, with the kernel's name; undefined where nothing is. Rejects where something cannot be computed. */
export async function whatIsWrong(compute: Compute, turn: () => Promise<void>): Promise<string | undefined> {
  const weights = noisyWeights();
  try {
    for (const [kernel, { channels = CHANNELS, operations }] of Object.entries(CHECKS)) {
      const network = { inputs: { x: { channels, scale: 1 } }, operations };
      const x = { ...SIZE, channels, data: noise(SIZE.height * SIZE.width * channels, 1) };
      for (const given of [x, ...(POISONED.includes(kernel as GeneralKernel) ? [poisoned(x)] : [])]) {
        const expected = reference(weights, network, { x: { ...given, data: Float64Array.from(given.data) } });
        const difference = differenceOf(await compute(weights, network, given), expected.data);
        if (difference) return `${kernel}: ${difference}`;
      }
      await turn();
    }
    return undefined;
  } finally {
    weights.dispose();
  }
}

/** How far from what it should be a result may be, as a part of its largest value. */
const TOLERANCE = 1e-4;

/** What is wrong with values that are to be as others are. What is no number has to be none in both. */
export function differenceOf(found: ArrayLike<number>, expected: ArrayLike<number>): string | undefined {
  if (found.length !== expected.length) return "it gives another size";
  let [far, largest] = [0, 1e-3];
  for (let i = 0; i < expected.length; i++) {
    if (Number.isNaN(found[i]) && Number.isNaN(expected[i])) continue;
    const distance = Math.abs(found[i]! - expected[i]!);
    if (!(distance <= far)) far = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
    largest = Math.max(largest, Math.abs(expected[i]!) || 0);
  }
  return far <= TOLERANCE * largest ? undefined : `it differs by ${(far / largest).toExponential(1)} of the largest value`;
}

function poisoned(x: HostMap): HostMap {
  const data = x.data.slice();
  data[x.data.length >> 1] = Number.NaN;
  return { ...x, data };
}

function noisyWeights(): Weights {
  const tensors: Record<string, HostTensor> = {};
  for (const [i, [layer, shape]] of Object.entries(KERNELS).entries()) {
    const data = noise(
      shape.reduce((product, n) => product * n, 1),
      2 * i + 2,
    );
    tensors[`${layer}.weight`] = { shape, data };
    if (layer !== "u") tensors[`${layer}.bias`] = { shape: [shape[0]!], data: noise(shape[0]!, 2 * i + 3) };
  }
  return weightsOf(tensors);
}

/** Values between -0.5 and 0.5, always the same. */
export function noise(length: number, seed: number): Float32Array {
  let last = seed;
  return Float32Array.from({ length }, () => {
    last = (Math.imul(last, 1664525) + 1013904223) >>> 0;
    return last / 2 ** 32 - 0.5;
  });
}
