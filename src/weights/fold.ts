/** Folds the batch norms of our segmentation network's training checkpoint into the convolutions before them. */
import type { HostTensor } from "./host-tensor";
import { quoted, shapeText } from "./wording";

type Tensors = Readonly<Record<string, HostTensor>>;

/** PyTorch's default. */
const EPSILON = 1e-5;

/** Whether the tensors are named as in training: `stem.0.0` the first convolution, `stem.0.1` its batch norm. */
export const isTrainingCheckpoint = (tensors: Tensors): boolean =>
  "stem.0.0.weight" in tensors && "stem.0.1.running_mean" in tensors;

/**
 * The same network with each convolution `X.0` and batch norm `X.1` as one convolution `X` with a bias: y = γ (W·x − μ) /
 * √(σ² + 1e-5) + β. Tensors that belong to no such pair are passed on; kernels are OIHW. Throws one sentence that names
 * the file `name` where a batch norm does not fit its convolution.
 */
export function foldBatchNorms(tensors: Tensors, name: string): Record<string, HostTensor> {
  const folded: Record<string, HostTensor> = Object.create(null);
  for (const [key, tensor] of Object.entries(tensors)) {
    const pair = /^(.+)\.[01]\.(weight|bias|running_mean|running_var|num_batches_tracked)$/.exec(key);
    const layer = pair?.[1];
    if (layer === undefined || !(`${layer}.1.running_mean` in tensors)) folded[key] = tensor;
    else if (key === `${layer}.0.weight`) Object.assign(folded, foldLayer(tensors, layer, name));
  }
  return folded;
}

function foldLayer(tensors: Tensors, layer: string, name: string): Record<string, HostTensor> {
  const { shape, data: kernel } = tensors[`${layer}.0.weight`]!;
  const channels = shape[0] ?? 0;
  const perChannel = (part: string): Float32Array => {
    const found = tensors[`${layer}.1.${part}`];
    if (found?.shape.length !== 1 || found.shape[0] !== channels) {
      const what = found ? `is ${shapeText(found.shape)}` : "is missing";
      throw new Error(
        `${quoted(name)} looks like a training checkpoint, but ${quoted(`${layer}.1.${part}`)} ${what} where [${channels}] is expected; save the whole state_dict()`,
      );
    }
    return found.data;
  };
  const gamma = perChannel("weight");
  const beta = perChannel("bias");
  const mean = perChannel("running_mean");
  const variance = perChannel("running_var");

  const weight = new Float32Array(kernel.length);
  const bias = new Float32Array(channels);
  const perKernel = kernel.length / channels;
  for (let o = 0; o < channels; o++) {
    const scale = gamma[o]! / Math.sqrt(variance[o]! + EPSILON);
    for (let i = o * perKernel; i < (o + 1) * perKernel; i++) weight[i] = kernel[i]! * scale;
    bias[o] = beta[o]! - mean[o]! * scale;
  }
  return { [`${layer}.weight`]: { shape, data: weight }, [`${layer}.bias`]: { shape: [channels], data: bias } };
}
