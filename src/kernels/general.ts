/**
 * What our general kernels compute: networks of which every layer has another shape, as those that segment. There is one shader
 * for each kind of operation, told all shapes as it runs, so that few are compiled and none anew for another network or size.
 */
import type { Model, Size, Weights } from "../types";
import { type Conv, layerOf, type Network, type Operation, padding } from "./network";

/** The kernels by name; "copy" pads, crops and normalises, "mean" goes along one side at a time. */
export const GENERAL_KERNELS = ["conv", "depthwise", "copy", "resize", "mean", "softmax", "maxPool", "upConv"] as const;
export type GeneralKernel = (typeof GENERAL_KERNELS)[number];

/** The kernel of an operation; undefined where there is none. */
export function generalKernel(weights: Weights, operation: Operation): GeneralKernel | undefined {
  switch (operation.op) {
    case "conv":
      return kernelOf(weights, operation);
    case "normalise":
    case "padTo":
    case "cropLike":
      return "copy";
    case "resizeLike":
      return "resize";
    case "upConv":
      return operation.stride % 2 === 0 ? "upConv" : undefined;
    case "mean":
    case "softmax":
    case "maxPool":
      return operation.op;
    default:
      return undefined;
  }
}

/** Over all channels, or over each by itself. */
function kernelOf({ tensors }: Weights, operation: Conv): "conv" | "depthwise" | undefined {
  const [outputs, within, side, across] = tensors[`${layerOf(operation)}.weight`]?.shape ?? [];
  if (side === undefined || side !== across || !Number.isInteger(padding(side, operation)[0])) return undefined;
  return within === 1 && outputs! > 1 ? "depthwise" : "conv";
}

/** The kernels of a network; undefined where one is lacking. */
export function generalKernels({ weights }: Pick<Model, "weights">, network: Network): readonly GeneralKernel[] | undefined {
  const kernels = new Set<GeneralKernel>();
  const channels = new Map(Object.entries(network.inputs).map(([name, input]) => [name, input.channels]));
  for (const operation of network.operations) {
    const kernel = generalKernel(weights, operation);
    const inputs = channels.get(operation.x);
    if (!kernel || inputs === undefined) return undefined;
    const [outputs, within] = kernel === "conv" || kernel === "depthwise" ? kernelShape(weights, operation) : [inputs];
    if (kernel === "conv" && within !== inputs) return undefined;
    if (kernel === "depthwise" && outputs !== inputs) return undefined;
    kernels.add(kernel);
    channels.set(operation.name, outputs!);
  }
  return [...kernels];
}

export const kernelShape = ({ tensors }: Pick<Weights, "tensors">, operation: Operation): readonly number[] =>
  tensors[`${layerOf(operation)}.weight`]!.shape;

/** The size and the channels of a map. */
export interface Shape extends Size {
  readonly channels: number;
}

/** The shape of what an operation makes. */
export function resultOf(weights: Pick<Weights, "tensors">, operation: Operation, shape: (name: string) => Shape): Shape {
  const x = shape(operation.x);
  const each = (along: (length: number) => number) => ({ ...x, height: along(x.height), width: along(x.width) });
  switch (operation.op) {
    case "conv": {
      const [channels, , side] = kernelShape(weights, operation) as [number, number, number];
      const { stride = 1, dilation = 1 } = operation;
      const around = padding(side, operation)[0] + padding(side, operation)[1];
      return { ...each((length) => Math.floor((length + around - dilation * (side - 1) - 1) / stride) + 1), channels };
    }
    case "maxPool":
      return each((length) => Math.ceil(length / 2));
    case "mean":
      return each(() => 1);
    case "upConv":
      return each((length) => length * operation.stride);
    case "padTo":
      return each((length) => operation.multiple * Math.ceil(length / operation.multiple));
    case "cropLike":
      return { ...shape(operation.like), channels: x.channels };
    case "resizeLike": {
      const { height, width } = shape(operation.like);
      return { height: (operation.times ?? 1) * height, width: (operation.times ?? 1) * width, channels: x.channels };
    }
    default:
      return x;
  }
}

/** Pixels that a 3 × 3 maximum with stride 2 looks at beyond the top or left, as TensorFlow's "same" has it. */
export const poolPadding = (length: number): number => (length % 2 === 0 ? 0 : 1);
