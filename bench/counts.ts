/** What our kernels ask of a GPU, counted from their plans: vectors fetched, draws, and bytes, for each pixel of the picture. */
import { shapesOf } from "../src/kernels/cost";
import type { Network } from "../src/kernels/network";
import { isSft, vectorsOf } from "../src/kernels/passes";
import { unitsOf } from "../src/kernels/webgl/conv";
import { type Blocking, type Pass, type Plan, planOf } from "../src/kernels/webgl/plan";
import { hiddenMatrices, outMatrices } from "../src/kernels/webgl/sft";
import { tileOf } from "../src/kernels/webgpu/conv";
import * as webgpu from "../src/kernels/webgpu/plan";
import type { Model } from "../src/types";

export interface Counts {
  /**
   * Vectors of maps that are fetched, with those of weights where they lie in a texture or a storage buffer. What a workgroup
   * shares counts once.
   */
  readonly fetches: number;
  /** Draws or dispatches in all, whatever the picture's size. */
  readonly draws: number;
  /** Bytes of maps read and written: 16 for each fetch and each pixel written, 8 where they are half floats. */
  readonly traffic: number;
  /** Bytes of maps that are there at once. */
  readonly memory: number;
}

export function countsOf(model: Model, network: Network, blocking: Blocking): Counts | undefined {
  const plan = planOf(model, network, blocking);
  if (!plan) return undefined;
  const shapes = shapesOf(model, network);
  const scaleOf = (name: string) => shapes.get(name)!.scale;
  const each = blocking.half ? 8 : 16;
  let [fetches, draws, written, most] = [0, 0, 0, 0];
  let there = [...plan.maps.keys()].filter((name) => name in network.inputs).reduce((sum, name) => sum + bytes(name), 0);
  for (const pass of plan.passes) {
    const one = countsOfPass(plan, pass);
    const fragments = (scaleOf(pass.name) / plan.maps.get(pass.name)!.cell) ** 2;
    fetches += one.fetches * one.draws * fragments;
    draws += one.draws;
    written += vectorsOf(plan.maps.get(pass.name)!.channels) * scaleOf(pass.name) ** 2;
    there += bytes(pass.name);
    most = Math.max(most, there);
    for (const name of pass.last) there -= bytes(name);
  }
  return { fetches, draws, traffic: each * (fetches + written), memory: most };

  function bytes(name: string): number {
    return each * vectorsOf(plan!.maps.get(name)!.channels) * scaleOf(name) ** 2;
  }
}

/** Draws of a pass, and texels that a fragment fetches in each. */
function countsOfPass({ maps }: Plan, pass: Pass): { readonly draws: number; readonly fetches: number } {
  const { channels, cell } = maps.get(pass.name)!;
  if (isSft(pass)) {
    const { program } = pass;
    const weights = program.weights === "texture" ? 4 * (hiddenMatrices(program) + outMatrices(program)) : 0;
    return { draws: Math.ceil(vectorsOf(channels) / program.out) * cell ** 2, fetches: program.vectors + program.out + weights };
  }
  const { program } = pass;
  const { side, stride, vectors, nearest, out, weights, residual } = program;
  const reach = (program.cell - 1) * stride + side;
  const seen = (nearest && program.cell === 2 ? 3 : reach) ** 2;
  const matrices = weights === "texture" ? 4 * side * side * unitsOf(program) : 0;
  return {
    draws: Math.ceil(vectorsOf(channels) / out),
    fetches: vectors * (seen + matrices) + (residual ? out * cell ** 2 : 0),
  };
}

/** The same of our WebGPU kernels. */
export function gpuCountsOf(model: Model, network: Network, blocking: webgpu.Blocking): Counts | undefined {
  const plan = webgpu.planOf(model, network, blocking);
  if (!plan) return undefined;
  const shapes = shapesOf(model, network);
  const isHalf = (name: string) => plan.passes.some((pass) => pass.name === name && pass.program.halves.result);
  const bytes = (name: string) => (isHalf(name) ? 8 : 16) * vectorsOf(shapes.get(name)!.channels) * shapes.get(name)!.scale ** 2;
  let [fetches, read, written, most] = [0, 0, 0, 0];
  let there = Object.keys(network.inputs).reduce((sum, name) => sum + bytes(name), 0);
  for (const pass of plan.passes) {
    const pixels = shapes.get(pass.name)!.scale ** 2 / (pass.program.kind === "conv" && pass.program.shuffle ? 4 : 1);
    const found = fetchesOf(pass);
    fetches += pixels * (found.maps + found.weights);
    read += pixels * (found.maps * (pass.program.halves.x ? 8 : 16) + found.weights * 16);
    written += bytes(pass.name);
    there += bytes(pass.name);
    most = Math.max(most, there);
    for (const name of pass.last) there -= bytes(name);
  }
  return { fetches, draws: plan.passes.length, traffic: read + written, memory: most };
}

/** Vectors of maps and of weights that a pass fetches for each pixel that it computes, in the middle of a picture. */
function fetchesOf(pass: webgpu.Pass): { readonly maps: number; readonly weights: number } {
  const { program } = pass;
  if (program.kind === "sft") {
    const matrices = 2 * program.hidden * (program.vectors + program.out);
    return { maps: program.vectors + program.out, weights: (4 * matrices) / 4 }; // an invocation takes a weight for four pixels
  }
  const units = (program.shuffle ? 4 : 1) * vectorsOf(program.channels);
  const workgroups = Math.ceil(units / program.units);
  const vectors = vectorsOf(program.inputs);
  const beside = program.residual ? units : 0;
  const tile = tileOf(program);
  const taps = program.side ** 2;
  if (program.shared) {
    const shared = (workgroups * vectors) / (tile.width * tile.height);
    return { maps: shared * (tile.width + 2) * (tile.height + 2) + beside, weights: shared * 4 * taps * program.units };
  }
  const invocations = units / program.each;
  const products = invocations * vectors * taps;
  return { maps: products + beside, weights: (products * 4 * program.each) / program.rows };
}
