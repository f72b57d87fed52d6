/** Weights in the order in which a draw's shader takes them, block by block. */
import type { Weights } from "../../types";
import { drawsOf, packConv, packSft } from "../pack";
import { isSft, vectorsOf } from "../passes";
import { blocksOf, tapsIn, unitsOf } from "./conv";
import { paddedSize, ROW_TEXELS } from "./glsl";
import type { ConvPass, Pass, SftPass } from "./plan";
import { unitOf } from "./programs";
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

export const packed = (weights: Weights, pass: Pass): Packed =>
  isSft(pass) ? packedSft(weights, pass) : packedConv(weights, pass);

function packedConv(weights: Weights, pass: ConvPass): Packed {
  const { program } = pass;
  const units = unitsOf(program);
  const taps = tapsIn(program);
  const block = paddedSize(taps * program.vectors * units);
  const blocks = blocksOf(program);
  const draws = drawsOf(pass, program.out);
  const order = {
    out: program.out,
    matrices: draws * blocks * block,
    at: (draw: number, tap: number, input: number, unit: number) =>
      (draw * blocks + Math.floor(tap / taps)) * block + ((tap % taps) * program.vectors + input) * units + unit,
  };
  return { draws, block, blocks, ...packConv(weights, pass, order) };
}

function packedSft(weights: Weights, pass: SftPass): Packed {
  const { out } = pass.program;
  const block = paddedSize(sftBlock(pass.program));
  const draws = Math.ceil(vectorsOf(pass.outputs) / out);
  return { draws, block, blocks: 2, ...packSft(weights, pass, out, block) };
}

/** A texture of weights, four values to a texel, row by row. */
export function weightsTexture(gl: WebGL2RenderingContext, values: Float32Array): WebGLTexture {
  const texture = gl.createTexture()!;
  const rows = Math.ceil(values.length / (4 * ROW_TEXELS));
  const texels = new Float32Array(rows * ROW_TEXELS * 4);
  texels.set(values);
  gl.activeTexture(gl.TEXTURE0 + unitOf("weights"));
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, ROW_TEXELS, rows, 0, gl.RGBA, gl.FLOAT, texels);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  return texture;
}
