/** tfjs's copies of a network's weights: made when first used, in the layout its kernels want, and disposed with the weights. */
import * as tf from "@tensorflow/tfjs-core";
import type { HostTensor, Weights } from "../../types";
import { hostTensor } from "../../weights/weights";

let count = 0;

/** How many tensors are copies of weights now: they outlive a run. */
export const copiedTensors = (): number => count;

/** The copy called `name`, made by `make` where there is none yet. Lent: it stays with the weights. */
export function copyOf<T extends tf.Tensor>(weights: Weights, name: string, make: () => T): T {
  const key = `tfjs ${name}`;
  const found = weights.copies.get(key) as { readonly tensor: T } | undefined;
  if (found) return found.tensor;
  const tensor = tf.keep(make());
  count++;
  const dispose = () => {
    count--;
    tensor.dispose();
  };
  weights.copies.set(key, { tensor, dispose } as { dispose(): void });
  return tensor;
}

/** Numbers per channel as they are. */
const vector = (weights: Weights, name: string): tf.Tensor1D =>
  copyOf(weights, name, () => tf.tensor1d(hostTensor(weights, name).data, "float32"));

/** A layer's bias, where it has one. `plus` is added to it. */
export function bias(weights: Weights, layer: string, plus = 0): tf.Tensor1D | undefined {
  const name = `${layer}.bias`;
  if (!(name in weights.tensors)) return undefined;
  if (plus === 0) return vector(weights, name);
  return copyOf(weights, `${name} + ${plus}`, () => tf.tensor1d(hostTensor(weights, name).data.map((b) => b + plus)));
}

/**
 * A convolution's kernel `[out, in / groups, kh, kw]` as `[kh, kw, in, out]`; of several groups with zeros between them, which
 * is one pass on a GPU. The bytes stay on the host until it is used.
 */
export function kernel(weights: Weights, layer: string, channels: number): tf.Tensor4D {
  return copyOf(weights, `${layer}.weight`, () => turned(hostTensor(weights, `${layer}.weight`), channels));
}

/**
 * As `kernel`, for PixelShuffle(r) after it: `depthToSpace` has channel `(i·r + j)·C + c` where PyTorch has `c·r² + i·r + j`.
 * Reordering kernel and bias is little beside reordering the picture.
 */
export function shuffledKernel(weights: Weights, layer: string, channels: number, r: number): tf.Tensor4D {
  return copyOf(weights, `${layer}.weight shuffled ${r}`, () => {
    const { shape, data } = hostTensor(weights, `${layer}.weight`);
    const [out] = shape as [number];
    const each = data.length / out;
    const ordered = new Float32Array(data.length);
    for (let k = 0; k < out; k++) ordered.set(data.subarray(from(k, out, r) * each, (from(k, out, r) + 1) * each), k * each);
    return turned({ shape, data: ordered }, channels);
  });
}

/** The bias beside `shuffledKernel`. */
export function shuffledBias(weights: Weights, layer: string, r: number): tf.Tensor1D | undefined {
  const name = `${layer}.bias`;
  if (!(name in weights.tensors)) return undefined;
  return copyOf(weights, `${name} shuffled ${r}`, () => {
    const { data } = hostTensor(weights, name);
    return tf.tensor1d(Float32Array.from(data, (_, k) => data[from(k, data.length, r)]!));
  });
}

/** Where PyTorch has what `depthToSpace` has at channel `k` of `out`. */
function from(k: number, out: number, r: number): number {
  const depth = out / (r * r);
  return (k % depth) * r * r + Math.floor(k / depth);
}

/** `[out, in / groups, kh, kw]` to `[kh, kw, in, out]`. */
function turned({ shape, data }: HostTensor, channels: number): tf.Tensor4D {
  const [out, within, height, width] = shape as [number, number, number, number];
  const groups = channels / within;
  const places = height * width;
  const result = new Float32Array(places * channels * out);
  for (let o = 0; o < out; o++) {
    const first = Math.floor((o * groups) / out) * within;
    for (let i = 0; i < within; i++)
      for (let place = 0; place < places; place++)
        result[(place * channels + first + i) * out + o] = data[(o * within + i) * places + place]!;
  }
  return tf.tensor4d(result, [height, width, channels, out], "float32");
}

/** A depth-wise kernel `[c, 1, kh, kw]` as `[kh, kw, c, 1]`. */
export function depthwiseKernel(weights: Weights, layer: string): tf.Tensor4D {
  return copyOf(weights, `${layer}.weight`, () => {
    const { shape, data } = hostTensor(weights, `${layer}.weight`);
    const [channels, , height, width] = shape as [number, number, number, number];
    const places = height * width;
    const result = new Float32Array(data.length);
    for (let c = 0; c < channels; c++)
      for (let place = 0; place < places; place++) result[place * channels + c] = data[c * places + place]!;
    return tf.tensor4d(result, [height, width, channels, 1], "float32");
  });
}

/**
 * The kernel of a transposed convolution `[K, 1, 2s, 2s]` with stride s, padding s / 2 and K groups, as a 3×3 depth-wise one
 * `[3, 3, K, s²]` that computes the s × s output pixels of each input pixel as channels. Along one side, output s·y + i takes
 * kernel element s·(y - k) + i + s / 2 of input k, so only inputs y - 1 to y + 1 count: the kernel is padded to 3s elements.
 */
export function upKernel(weights: Weights, layer: string, stride: number): tf.Tensor4D {
  return copyOf(weights, `${layer}.weight up`, () => {
    const { shape, data } = hostTensor(weights, `${layer}.weight`);
    const [channels, , side] = shape as [number, number, number, number];
    const s = stride;
    const result = new Float32Array(9 * channels * s * s);
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++) {
          const [dy, i] = tap(y, s);
          const [dx, j] = tap(x, s);
          result[((dy * 3 + dx) * channels + c) * s * s + i * s + j] = data[(c * side + y) * side + x]!;
        }
    return tf.tensor4d(result, [3, 3, channels, s * s], "float32");
  });
}

/** Of kernel element `y`: which of the three inputs takes it, and for which output pixel of the stride. */
function tap(y: number, stride: number): readonly [input: number, output: number] {
  const place = y + stride / 2;
  return [2 - Math.floor(place / stride), place % stride];
}
