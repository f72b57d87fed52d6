/** Folds batch norms into the convolutions before them, so that the networks that run have none. */

import { quoted } from "../quoted";
import type { HostTensor } from "../types";
import { shapeText } from "./wording";

type Tensors = Readonly<Record<string, HostTensor>>;

/** PyTorch's default. */
const EPSILON = 1e-5;

/**
 * Each batch norm `X.n` and the convolution `X.(n-1)` before it as one convolution with a bias, called X.(n-1):
 * y = γ (W·x + b − μ) / √(σ² + 1e-5) + β. Other tensors are passed on; kernels are OIHW. Throws an error that names the
 * file `name` where a batch norm does not fit its convolution.
 */
export function foldBatchNorms(tensors: Tensors, name: string): Record<string, HostTensor> {
  const norms = Object.keys(tensors).flatMap((key) => /^(.+)\.running_mean$/.exec(key)?.[1] ?? []);
  const convOf = (norm: string) => norm.replace(/(?<!\d)\d+$/, (n) => String(Number(n) - 1));
  const normed = new Set(norms);
  const folds = new Map(norms.map((norm) => [convOf(norm), norm]));
  const folded: Record<string, HostTensor> = Object.create(null);
  for (const [key, tensor] of Object.entries(tensors)) {
    const at = key.lastIndexOf(".");
    const [layer, part] = [key.slice(0, at), key.slice(at + 1)];
    const norm = folds.get(layer);
    if (norm !== undefined) {
      if (part === "weight") Object.assign(folded, foldLayer(tensors, layer, norm, name));
    } else if (!normed.has(layer)) folded[key] = tensor;
  }
  return folded;
}

function foldLayer(tensors: Tensors, conv: string, norm: string, name: string): Record<string, HostTensor> {
  const { shape, data: kernel } = tensors[`${conv}.weight`]!;
  const channels = shape[0] ?? 0;
  const perChannel = (part: string): Float32Array => {
    const found = tensors[`${norm}.${part}`];
    if (found?.shape.length !== 1 || found.shape[0] !== channels) {
      const what = found ? `is ${shapeText(found.shape)}` : "is missing";
      throw new Error(
        `${quoted(name)} has a batch norm of which ${quoted(`${norm}.${part}`)} ${what} where [${channels}] is expected; save the whole state_dict()`,
      );
    }
    return found.data;
  };
  const gamma = perChannel("weight");
  const beta = perChannel("bias");
  const mean = perChannel("running_mean");
  const variance = perChannel("running_var");
  const before = tensors[`${conv}.bias`]?.data;

  const weight = new Float32Array(kernel.length);
  const bias = new Float32Array(channels);
  const perKernel = kernel.length / channels;
  for (let o = 0; o < channels; o++) {
    const scale = gamma[o]! / Math.sqrt(variance[o]! + EPSILON);
    for (let i = o * perKernel; i < (o + 1) * perKernel; i++) weight[i] = kernel[i]! * scale;
    bias[o] = beta[o]! + ((before?.[o] ?? 0) - mean[o]!) * scale;
  }
  return { [`${conv}.weight`]: { shape, data: weight }, [`${conv}.bias`]: { shape: [channels], data: bias } };
}
