/** A network in numbers of 64 bits, one after another: slow, and as right as can be. For pictures of few pixels. */
import {
  type Activation,
  type Conv,
  layerOf,
  type Network,
  type Operation,
  outputOf,
  padding,
  type Sft,
} from "../src/kernels/network";
import type { Weights } from "../src/types";

export interface Map64 {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float64Array;
}

/** Throws an error for an operation that no generator has. */
export function reference(weights: Weights, network: Network, given: Readonly<Record<string, Map64>>): Float64Array {
  const maps = new Map<string, Map64>(Object.entries(given));
  for (const operation of network.operations)
    maps.set(
      operation.name,
      apply(weights, operation, (name) => maps.get(name)!),
    );
  return maps.get(outputOf(network))!.data;
}

function apply(weights: Weights, operation: Operation, map: (name: string) => Map64): Map64 {
  const x = map(operation.x);
  switch (operation.op) {
    case "conv": {
      const y = convolve(weights, layerOf(operation), x, operation);
      if (operation.residual !== undefined) {
        const { data } = map(operation.residual);
        for (let i = 0; i < data.length; i++) y.data[i]! += data[i]!;
      }
      return activated(y, operation.activation);
    }
    case "sft":
      return modulated(weights, operation, x, map(operation.condition));
    case "activate":
      return activated({ ...x, data: x.data.slice() }, operation.activation);
    case "pixelShuffle": {
      const r = operation.factor;
      const channels = x.channels / r ** 2;
      return filled({ height: r * x.height, width: r * x.width, channels }, (row, column, c) => {
        const from = c * r * r + (row % r) * r + (column % r);
        return x.data[(Math.floor(row / r) * x.width + Math.floor(column / r)) * x.channels + from]!;
      });
    }
    case "nearest2":
      return filled(
        { height: 2 * x.height, width: 2 * x.width, channels: x.channels },
        (row, column, c) => x.data[((row >> 1) * x.width + (column >> 1)) * x.channels + c]!,
      );
    default:
      throw new Error(`no generator has the operation "${operation.op}"`);
  }
}

function filled(shape: Omit<Map64, "data">, value: (row: number, column: number, channel: number) => number): Map64 {
  const { height, width, channels } = shape;
  const data = new Float64Array(height * width * channels);
  let i = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) for (let c = 0; c < channels; c++) data[i++] = value(row, column, c);
  return { ...shape, data };
}

function convolve(weights: Weights, layer: string, x: Map64, how: Partial<Conv> = {}): Map64 {
  const { shape, data: kernel } = weights.tensors[`${layer}.weight`]!;
  const bias = weights.tensors[`${layer}.bias`]?.data;
  const [channels, inputs, side] = shape as [number, number, number];
  const { stride = 1 } = how;
  const [before, after] = padding(side, how);
  const along = (length: number) => Math.floor((length + before + after - side) / stride) + 1;
  return filled({ height: along(x.height), width: along(x.width), channels }, (row, column, c) => {
    let sum = bias?.[c] ?? 0;
    for (let i = 0; i < side; i++)
      for (let j = 0; j < side; j++) {
        const [y, z] = [row * stride + i - before, column * stride + j - before];
        if (y < 0 || z < 0 || y >= x.height || z >= x.width) continue;
        const at = (y * x.width + z) * inputs;
        for (let k = 0; k < inputs; k++) sum += x.data[at + k]! * kernel[((c * inputs + k) * side + i) * side + j]!;
      }
    return sum;
  });
}

function modulated(weights: Weights, sft: Sft, x: Map64, condition: Map64): Map64 {
  const [gamma, beta] = (["scale", "shift"] as const).map((which) => {
    const part = `${layerOf(sft)}.SFT_${which}`;
    const hidden = activated(convolve(weights, `${part}_conv0`, condition), { leaky: sft.slope });
    return convolve(weights, `${part}_conv1`, hidden).data;
  });
  const data = x.data.map((value, i) => value * (gamma![i]! + (sft.unitScale ? 1 : 0)) + beta![i]!);
  return activated({ ...x, data }, sft.activation);
}

/** In place. */
function activated(x: Map64, activation: Activation | undefined): Map64 {
  if (activation === undefined) return x;
  const slope = typeof activation === "object" ? activation.leaky : 0;
  for (let i = 0; i < x.data.length; i++) if (x.data[i]! < 0) x.data[i]! *= slope;
  return x;
}
