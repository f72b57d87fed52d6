/** Weights in the order in which a draw's shader takes them: matrices of four inputs by four outputs, block by block. */
import type { HostTensor, Weights } from "../../types";
import { layerOf } from "../network";
import { blocksOf, tapsIn, unitsOf } from "./conv";
import { paddedSize } from "./glsl";
import { type ConvPass, isSft, type Pass, type SftPass, vectorsOf } from "./plan";
import { sftBlock } from "./sft";

/** Of all draws of a pass, one after another. */
export interface Packed {
  readonly draws: number;
  /** Matrices of a draw's blocks, and how many blocks there are; each begins at a multiple of four. */
  readonly matrices: Float32Array;
  readonly block: number;
  readonly blocks: number;
  /** Four values for each vector of a draw. */
  readonly bias: Float32Array;
  /** Of the hidden units of an SFT layer, the same in all draws. */
  readonly hiddenBias?: Float32Array;
}

const MATRIX = 16;

export const packed = (weights: Weights, pass: Pass): Packed =>
  isSft(pass) ? packedSft(weights, pass) : packedConv(weights, pass);

function packedConv({ tensors }: Weights, { program, operation }: ConvPass): Packed {
  const layer = layerOf(operation);
  const { data, shape } = tensors[`${layer}.weight`]!;
  const bias = tensors[`${layer}.bias`]?.data;
  const [outputs, inputs] = shape as [number, number];
  const { side, vectors, shuffle, out } = program;
  const places = side * side;
  const units = unitsOf(program);
  const taps = tapsIn(program);
  const block = paddedSize(taps * vectors * units);
  const blocks = blocksOf(program);
  const draws = Math.ceil(vectorsOf(shuffle ? outputs / 4 : outputs) / out);
  const matrices = new Float32Array(draws * blocks * block * MATRIX);
  const biases = new Float32Array(draws * units * 4);
  for (let draw = 0; draw < draws; draw++)
    for (let unit = 0; unit < units; unit++)
      for (let lane = 0; lane < 4; lane++) {
        const channel = (draw * out + (unit % out)) * 4 + lane;
        // PixelShuffle: the channels of one pixel become those of the four pixels of a cell.
        const output = shuffle ? channel * 4 + Math.floor(unit / out) : channel;
        if (output >= outputs) continue;
        biases[(draw * units + unit) * 4 + lane] = bias?.[output] ?? 0;
        for (let tap = 0; tap < places; tap++) {
          const start = (draw * blocks + Math.floor(tap / taps)) * block;
          for (let input = 0; input < inputs; input++) {
            const index = ((tap % taps) * vectors + (input >> 2)) * units + unit;
            matrices[(start + index) * MATRIX + (input & 3) * 4 + lane] = data[(output * inputs + input) * places + tap]!;
          }
        }
      }
  return { draws, matrices, block, blocks, bias: biases };
}

function packedSft({ tensors }: Weights, { program, operation }: SftPass): Packed {
  const { hidden, out } = program;
  const layer = layerOf(operation);
  const part = (name: string): HostTensor => tensors[`${layer}.SFT_${name}`]!;
  const branches = ["scale", "shift"] as const;
  const features = part("scale_conv1.weight").shape[0]!;
  const block = paddedSize(sftBlock(program));
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
  return { draws, matrices, block, blocks: 2, bias, hiddenBias };
}
