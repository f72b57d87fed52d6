/**
 * Weights in the order in which our kernels take them: matrices of four inputs by four outputs, row by row of inputs, with zeros
 * for what is not there.
 */
import type { HostTensor, Weights } from "../types";
import { layerOf } from "./network";
import { type ConvPass, type SftPass, vectorsOf } from "./passes";

/** Values of a matrix. */
const MATRIX = 16;

/** How a kernel takes the weights of a convolution. Its results are computed in units: vectors of one pixel. */
export interface ConvOrder {
  /** Vectors of the result that are computed together; with a pixel shuffle there are four units to each. */
  readonly out: number;
  /** Where the matrix of one unit lies among all `matrices`. */
  readonly matrices: number;
  at(draw: number, tap: number, input: number, unit: number): number;
}

export interface PackedConv {
  readonly matrices: Float32Array;
  /** Four values for each unit, one draw after another. */
  readonly bias: Float32Array;
}

/** How many times `out` vectors are computed. */
export const drawsOf = ({ shuffle, outputs }: Pick<ConvPass, "shuffle" | "outputs">, out: number): number =>
  Math.ceil(vectorsOf(shuffle ? outputs / 4 : outputs) / out);

export function packConv(
  { tensors }: Weights,
  pass: Pick<ConvPass, "operation" | "inputs" | "outputs" | "side" | "shuffle">,
  { out, matrices: count, at }: ConvOrder,
): PackedConv {
  const { operation, inputs, outputs, side, shuffle } = pass;
  const layer = layerOf(operation);
  const { data } = tensors[`${layer}.weight`]!;
  const given = tensors[`${layer}.bias`]?.data;
  const taps = side * side;
  const units = shuffle ? 4 * out : out;
  const draws = drawsOf(pass, out);
  const matrices = new Float32Array(count * MATRIX);
  const bias = new Float32Array(draws * units * 4);
  for (let draw = 0; draw < draws; draw++)
    for (let unit = 0; unit < units; unit++)
      for (let lane = 0; lane < 4; lane++) {
        const channel = (draw * out + (unit % out)) * 4 + lane;
        // PixelShuffle: the channels of one pixel become those of the four pixels of a cell.
        const output = shuffle ? channel * 4 + Math.floor(unit / out) : channel;
        if (output >= outputs) continue;
        bias[(draw * units + unit) * 4 + lane] = given?.[output] ?? 0;
        for (let tap = 0; tap < taps; tap++)
          for (let input = 0; input < inputs; input++) {
            const index = at(draw, tap, input >> 2, unit) * MATRIX + (input & 3) * 4 + lane;
            matrices[index] = data[(output * inputs + input) * taps + tap]!;
          }
      }
  return { matrices, bias };
}

export interface PackedSft {
  /** Of the first layers of both branches, then, from `second` on, of the second layers; draw by draw. */
  readonly matrices: Float32Array;
  /** Four values for γ, then four for β, of each vector. */
  readonly bias: Float32Array;
  /** Of the hidden units of γ, then of β. */
  readonly hiddenBias: Float32Array;
}

/**
 * An SFT layer, `out` vectors of the result to a draw. Each draw has a block of matrices for the first layers, then one as large
 * for the second ones. Hidden vector h of branch b has the number b · hidden + h.
 */
export function packSft({ tensors }: Weights, pass: Omit<SftPass, "last">, out: number, block: number): PackedSft {
  const { operation, outputs: features } = pass;
  const hidden = vectorsOf(pass.hidden);
  const layer = layerOf(operation);
  const part = (name: string): HostTensor => tensors[`${layer}.SFT_${name}`]!;
  const branches = ["scale", "shift"] as const;
  const draws = Math.ceil(vectorsOf(features) / out);
  const matrices = new Float32Array(draws * 2 * block * MATRIX);
  const bias = new Float32Array(draws * 2 * out * 4);
  const hiddenBias = new Float32Array(2 * hidden * 4);
  for (const [branch, which] of branches.entries()) {
    const [first, second] = [part(`${which}_conv0.weight`), part(`${which}_conv1.weight`)];
    const [units, inputs] = first.shape as [number, number];
    const plus = which === "scale" && operation.unitScale ? 1 : 0;
    hiddenBias.set(tensors[`${layer}.SFT_${which}_conv0.bias`]?.data ?? [], branch * hidden * 4);
    for (let draw = 0; draw < draws; draw++) {
      const start = draw * 2 * block;
      for (let unit = 0; unit < units; unit++)
        for (let input = 0; input < inputs; input++) {
          const index = start + (input >> 2) * 2 * hidden + branch * hidden + (unit >> 2);
          matrices[index * MATRIX + (input & 3) * 4 + (unit & 3)] = first.data[unit * inputs + input]!;
        }
      for (let i = 0; i < 4 * out; i++) {
        const output = draw * out * 4 + i;
        if (output >= features) break;
        const at = (draw * out + (i >> 2)) * 2 + branch;
        bias[at * 4 + (i & 3)] = (tensors[`${layer}.SFT_${which}_conv1.bias`]?.data[output] ?? 0) + plus;
        for (let unit = 0; unit < units; unit++) {
          const index = start + block + ((i >> 2) * 2 + branch) * hidden + (unit >> 2);
          matrices[index * MATRIX + (unit & 3) * 4 + (i & 3)] = second.data[output * units + unit]!;
        }
      }
    }
  }
  return { matrices, bias, hiddenBias };
}

/**
 * A kernel that goes over each channel by itself, `[c, 1, k, k]`: four channels side by side, element by element, vector by
 * vector; then, four values for each vector, the bias.
 */
export function packDepthwise(
  { tensors }: Weights,
  layer: string,
): { readonly kernel: Float32Array; readonly bias: Float32Array } {
  const { shape, data } = tensors[`${layer}.weight`]!;
  const channels = shape[0]!;
  const places = data.length / channels;
  const kernel = new Float32Array(vectorsOf(channels) * places * 4);
  for (let c = 0; c < channels; c++)
    for (let place = 0; place < places; place++) kernel[((c >> 2) * places + place) * 4 + (c & 3)] = data[c * places + place]!;
  const bias = new Float32Array(vectorsOf(channels) * 4);
  bias.set(tensors[`${layer}.bias`]?.data ?? []);
  return { kernel, bias };
}
