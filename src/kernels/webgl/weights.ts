/** Weights in the order in which a draw's shader takes them, block by block. */
import type { Weights } from "../../types";
import { drawsOf, packConv, packSft } from "../pack";
import { isSft, vectorsOf } from "../passes";
import { blocksOf, tapsIn, unitsOf } from "./conv";
import { paddedSize, ROW_TEXELS } from "./glsl";
import { oddSide } from "./maps";
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

/** Values that a texel may have, and how they are stored. */
const FORMATS = { 2: ["RG32F", "RG"], 4: ["RGBA32F", "RGBA"] } as const;

/** A texture of weights, two or four values to a texel, row by row. */
export function weightsTexture(gl: WebGL2RenderingContext, values: Float32Array, each: 2 | 4 = 4): WebGLTexture {
  const texture = gl.createTexture()!;
  const rows = oddSide(Math.ceil(values.length / (each * ROW_TEXELS)));
  const texels = new Float32Array(rows * ROW_TEXELS * each);
  texels.set(values);
  const [stored, format] = FORMATS[each];
  gl.activeTexture(gl.TEXTURE0 + unitOf("weights"));
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl[stored], ROW_TEXELS, rows, 0, gl[format], gl.FLOAT, texels);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  return texture;
}
