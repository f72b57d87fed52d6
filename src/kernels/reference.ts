/**
 * A network in numbers of 64 bits, one after another: slow, and as right as can be. For maps of few pixels: it is what kernels
 * are compared with.
 */
import type { Weights } from "../types";
import { poolPadding, resultOf, type Shape } from "./general";
import {
  type Activation,
  type Conv,
  layerOf,
  type Network,
  type Operation,
  outputOf,
  padding,
  type Sft,
  type SftBranches,
} from "./network";

/** Values row by row, pixel by pixel, channel by channel. */
export interface Map64 extends Shape {
  readonly data: Float64Array;
}

type Tensors = Pick<Weights, "tensors">;
type Maps = (name: string) => Map64;

/** The network's result. */
export function reference(weights: Tensors, network: Network, given: Readonly<Record<string, Map64>>): Map64 {
  const maps = new Map<string, Map64>(Object.entries(given));
  for (const operation of network.operations)
    maps.set(
      operation.name,
      apply(weights, operation, (name) => maps.get(name)!),
    );
  return maps.get(outputOf(network))!;
}

function apply(weights: Tensors, operation: Operation, map: Maps): Map64 {
  const x = map(operation.x);
  const { height, width, channels } = x;
  const shape = () => resultOf(weights, operation, map);
  switch (operation.op) {
    case "conv":
      return convolved(weights, operation, x, operation.residual === undefined ? undefined : map(operation.residual));
    case "sft":
      return modulated(weights, operation, x, map(operation.condition));
    case "sftMap":
      return branch(weights, layerOf(operation), operation.which, operation, x);
    case "activate":
      return activated({ ...x, data: x.data.slice() }, operation.activation);
    case "add":
      return activated(sum(x, map(operation.other)), operation.activation);
    case "concat": {
      const all = [x, ...operation.others.map(map)];
      const pixels = Array.from({ length: height * width }, (_, i) =>
        all.flatMap((one) => [...one.data.subarray(i * one.channels, (i + 1) * one.channels)]),
      );
      return { height, width, channels: pixels[0]!.length, data: Float64Array.from(pixels.flat()) };
    }
    case "pixelShuffle": {
      const r = operation.factor;
      return filled({ height: r * height, width: r * width, channels: channels / r ** 2 }, (row, column, c) =>
        at(x, Math.floor(row / r), Math.floor(column / r), c * r * r + (row % r) * r + (column % r)),
      );
    }
    case "nearest2":
      return filled({ height: 2 * height, width: 2 * width, channels }, (row, column, c) => at(x, row >> 1, column >> 1, c));
    case "normalise": {
      const { mean, deviation, bgr } = operation;
      return filled(x, (row, column, c) => {
        const from = bgr ? 2 - c : c;
        return (at(x, row, column, from) - mean[from]!) / deviation[from]!;
      });
    }
    case "padTo":
    case "cropLike":
      return filled(shape(), (row, column, c) => at(x, Math.min(row, height - 1), Math.min(column, width - 1), c));
    case "resizeLike":
      return resized(x, shape());
    case "mean":
      return filled(shape(), (_row, _column, c) => {
        let total = 0;
        for (let i = c; i < x.data.length; i += channels) total += x.data[i]!;
        return total / (height * width);
      });
    case "softmax":
      return filled(x, (row, column, c) => {
        const values = Array.from({ length: channels }, (_, i) => at(x, row, column, i));
        const most = Math.max(...values);
        return Math.exp(values[c]! - most) / values.reduce((total, value) => total + Math.exp(value - most), 0);
      });
    case "maxPool":
      return filled(shape(), (row, column, c) => {
        let most = Number.NEGATIVE_INFINITY;
        const [top, left] = [2 * row - poolPadding(height), 2 * column - poolPadding(width)];
        for (let i = 0; i < 9; i++) {
          const value = at(x, top + Math.floor(i / 3), left + (i % 3), c);
          if (value !== undefined && value > most) most = value;
        }
        return most;
      });
    case "upConv":
      return enlarged(weights, layerOf(operation), operation.stride, x, shape());
  }
}

/** Undefined beyond the edges. */
function at({ height, width, channels, data }: Map64, row: number, column: number, channel: number): number {
  const inside = row >= 0 && column >= 0 && row < height && column < width;
  return (inside ? data[(row * width + column) * channels + channel] : undefined) as number;
}

function filled({ height, width, channels }: Shape, value: (row: number, column: number, channel: number) => number): Map64 {
  const data = new Float64Array(height * width * channels);
  let i = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) for (let c = 0; c < channels; c++) data[i++] = value(row, column, c);
  return { height, width, channels, data };
}

/** The kernel's shape says how many groups of channels there are. */
function convolved({ tensors }: Tensors, operation: Conv, x: Map64, residual?: Map64): Map64 {
  const layer = layerOf(operation);
  const { shape, data: kernel } = tensors[`${layer}.weight`]!;
  const bias = tensors[`${layer}.bias`]?.data;
  const [outputs, within, side] = shape as [number, number, number];
  const groups = x.channels / within;
  const { stride = 1, dilation = 1 } = operation;
  const [before] = padding(side, operation);
  const y = filled(
    resultOf({ tensors }, operation, () => x),
    (row, column, c) => {
      const first = Math.floor((c * groups) / outputs) * within;
      let total = bias?.[c] ?? 0;
      for (let i = 0; i < side; i++)
        for (let j = 0; j < side; j++)
          for (let k = 0; k < within; k++) {
            const value = at(x, row * stride + dilation * i - before, column * stride + dilation * j - before, first + k);
            if (value !== undefined) total += value * kernel[((c * within + k) * side + i) * side + j]!;
          }
      return total;
    },
  );
  return activated(residual ? sum(y, residual) : y, operation.activation);
}

/** Of two maps, one of which may be of 1 × 1 pixels. */
function sum(a: Map64, b: Map64): Map64 {
  const everywhere = (map: Map64, row: number, column: number, c: number) =>
    at(map, Math.min(row, map.height - 1), Math.min(column, map.width - 1), c);
  const larger = a.data.length < b.data.length ? b : a;
  return filled(larger, (row, column, c) => everywhere(a, row, column, c) + everywhere(b, row, column, c));
}

function modulated(weights: Tensors, sft: Sft, x: Map64, condition: Map64): Map64 {
  const gamma = branch(weights, layerOf(sft), "scale", sft, condition);
  const beta = branch(weights, layerOf(sft), "shift", sft, condition);
  return activated({ ...x, data: x.data.map((value, i) => value * gamma.data[i]! + beta.data[i]!) }, sft.activation);
}

function branch(weights: Tensors, layer: string, which: "scale" | "shift", sft: SftBranches, condition: Map64): Map64 {
  const conv = (number: 0 | 1): Conv => ({ op: "conv", name: `${layer}.SFT_${which}_conv${number}`, x: "" });
  const hidden = convolved(weights, { ...conv(0), activation: { leaky: sft.slope } }, condition);
  const y = convolved(weights, conv(1), hidden);
  return which === "scale" && sft.unitScale ? { ...y, data: y.data.map((value) => value + 1) } : y;
}

function resized(x: Map64, shape: Shape): Map64 {
  const along = (place: number, from: number, to: number) => {
    const centre = ((place + 0.5) * from) / to - 0.5;
    const low = Math.max(Math.floor(centre), 0);
    return { low, high: Math.min(Math.ceil(centre), from - 1), part: centre - low };
  };
  return filled(shape, (row, column, c) => {
    const [down, across] = [along(row, x.height, shape.height), along(column, x.width, shape.width)];
    const line = (y: number) => at(x, y, across.low, c) + (at(x, y, across.high, c) - at(x, y, across.low, c)) * across.part;
    return line(down.low) + (line(down.high) - line(down.low)) * down.part;
  });
}

/** ConvTranspose2d of each channel by itself: see `upConv` of network.ts. */
function enlarged({ tensors }: Tensors, layer: string, stride: number, x: Map64, shape: Shape): Map64 {
  const { data: kernel } = tensors[`${layer}.weight`]!;
  const side = 2 * stride;
  return filled(shape, (row, column, c) => {
    const [down, across] = [row + stride / 2, column + stride / 2];
    let total = 0;
    for (const i of [0, 1])
      for (const j of [0, 1]) {
        const [y, z] = [Math.floor(down / stride) - i, Math.floor(across / stride) - j];
        const value = at(x, y, z, c);
        if (value !== undefined) total += value * kernel[(c * side + down - y * stride) * side + across - z * stride]!;
      }
    return total;
  });
}

/** In place. */
function activated(x: Map64, activation: Activation | undefined): Map64 {
  if (activation === undefined) return x;
  const slope = typeof activation === "object" ? activation.leaky : 0;
  const most = activation === "relu6" ? 6 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < x.data.length; i++) {
    if (x.data[i]! < 0) x.data[i]! *= slope;
    if (x.data[i]! > most) x.data[i] = most;
  }
  return x;
}
