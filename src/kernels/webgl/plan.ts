/**
 * How our WebGL 2 kernels run a network: a list of passes over maps that lie in textures as they want them. Plain data, made
 * without a context.
 *
 * A map of C channels is an array of RGBA32F (or RGBA16F) textures, four channels to a texel. In cells of 2 × 2 pixels a texel stands for a
 * cell: layer 4·v + 2·(y mod 2) + (x mod 2) has channels 4·v to 4·v + 3 of pixel (y, x). So a fragment that computes the four
 * pixels of a cell writes each to a texture of its own, looks at 16 pixels for the 36 that four 3 × 3 windows have, and takes
 * each weight four times.
 */
import type { Model } from "../../types";
import type { Network } from "../network";
import type * as passes from "../passes";
import { isPlain, isSft, passesOf, vectorsOf } from "../passes";

/** What may be done in more than one way; which is fastest depends on the device. */
export interface Blocking {
  /** Side of the square of pixels that a fragment of a 3 × 3 convolution computes. */
  readonly cell: 1 | 2;
  /** Textures that are rendered to at once. */
  readonly targets: 4 | 8;
  /** Where weights are: uniform buffers, or a texture where those are slow. */
  readonly weights: "uniforms" | "texture";
  /** Whether maps are stored as half floats, in half the memory; sums are of single ones in any case. Never tried unasked. */
  readonly half?: true;
}

/** The shader of a convolution. All of them are independent of pictures' sizes. */
export interface ConvProgram {
  readonly kind: "conv";
  readonly side: number;
  readonly stride: number;
  readonly pad: number;
  /** Of the input: cell, vectors of four channels, and whether each pixel stands for 2 × 2. */
  readonly from: 1 | 2;
  readonly vectors: number;
  readonly nearest: boolean;
  /** Side of the square of pixels that a fragment computes: the cell of the result, unless it is shuffled. */
  readonly cell: 1 | 2;
  /** PixelShuffle(2) after it: each pixel becomes a cell. */
  readonly shuffle: boolean;
  /** Vectors of the result in a draw. */
  readonly out: number;
  readonly activation: "none" | "relu" | "leaky";
  readonly residual: boolean;
  readonly weights: Blocking["weights"];
}

/** The shader of an SFT layer: a draw computes `out` vectors of one pixel of each cell. */
export interface SftProgram {
  readonly kind: "sft";
  readonly cell: 1 | 2;
  /** Of the condition. */
  readonly from: 1 | 2;
  readonly vectors: number;
  /** Vectors of hidden units of a branch. */
  readonly hidden: number;
  readonly out: number;
  readonly relu: boolean;
  readonly weights: Blocking["weights"];
}

export type ConvPass = passes.ConvPass & { readonly program: ConvProgram };
export type SftPass = passes.SftPass & { readonly program: SftProgram };
export type Pass = ConvPass | SftPass;

export interface MapPlan {
  readonly channels: number;
  readonly cell: 1 | 2;
  readonly half: boolean;
}

export interface Plan {
  readonly passes: readonly Pass[];
  readonly maps: ReadonlyMap<string, MapPlan>;
}

/** Matrices of 4 × 4 weights in a uniform block, and blocks in a shader, that every device has room for. */
const BLOCK_MATRICES = 256;
const MOST_BLOCKS = 12;
/** Layers that every device has in an array of textures. */
const MOST_LAYERS = 256;

/** Taps of a kernel whose weights are in one uniform block. */
export const tapsPerBlock = ({ vectors, out, shuffle }: ConvProgram): number =>
  Math.floor(BLOCK_MATRICES / (vectors * out * (shuffle ? 4 : 1)));

/** The plan; undefined where our kernels cannot run the network. */
export function planOf(model: Pick<Model, "weights">, network: Network, blocking: Blocking): Plan | undefined {
  const fused = passesOf(model, network);
  if (!fused) return undefined;
  const planner = new Planner(network, fused, blocking);
  const passes: Pass[] = [];
  for (const pass of fused) {
    const program = isSft(pass) ? planner.sft(pass) : planner.conv(pass);
    if (!program) return undefined;
    passes.push({ ...pass, program } as Pass);
  }
  return { passes, maps: planner.maps };
}

/** Knows how the maps made so far are stored. */
class Planner {
  readonly maps = new Map<string, MapPlan>();

  constructor(
    network: Network,
    fused: readonly passes.Pass[],
    private readonly blocking: Blocking,
  ) {
    // What is modulated or added to something is stored as its result is.
    const inCells = fused.map((pass) => (isSft(pass) ? pass.x : pass.residual));
    for (const [name, { channels }] of Object.entries(network.inputs))
      this.maps.set(name, { channels, cell: inCells.includes(name) ? blocking.cell : 1, half: this.half });
  }

  conv(pass: passes.ConvPass): ConvProgram | undefined {
    const { side, stride, pad, nearest, shuffle, activation, residual, inputs, outputs } = pass;
    const cell = isPlain(pass) && !shuffle ? this.blocking.cell : 1;
    const stored = shuffle ? 2 : cell;
    if (residual !== undefined && this.maps.get(residual)!.cell !== stored) return undefined;
    const wide = this.store(pass.name, shuffle ? outputs / 4 : outputs, stored);
    if (wide === undefined) return undefined;
    const program: ConvProgram = {
      kind: "conv",
      side,
      stride,
      pad,
      from: this.maps.get(pass.x)!.cell,
      vectors: vectorsOf(inputs),
      nearest,
      cell,
      shuffle,
      out: Math.min(this.blocking.targets / stored ** 2, wide),
      activation,
      residual: residual !== undefined,
      weights: this.blocking.weights,
    };
    return fitsBlocks(program) ? program : undefined;
  }

  sft({ name, x, condition, inputs, hidden, outputs, relu }: passes.SftPass): SftProgram | undefined {
    const { cell, targets, weights } = this.blocking;
    if (this.maps.get(x)!.cell !== cell) return undefined;
    const wide = this.store(name, outputs, cell);
    if (wide === undefined) return undefined;
    return {
      kind: "sft",
      cell,
      from: this.maps.get(condition)!.cell,
      vectors: vectorsOf(inputs),
      hidden: vectorsOf(hidden),
      out: Math.min(targets, wide),
      relu,
      weights,
    };
  }

  private get half(): boolean {
    return this.blocking.half === true;
  }

  /** Notes how a map is stored; gives its vectors, or undefined where it cannot be. */
  private store(name: string, channels: number, cell: 1 | 2): number | undefined {
    const wide = vectorsOf(channels);
    if (wide * cell ** 2 > MOST_LAYERS) return undefined;
    this.maps.set(name, { channels, cell, half: this.half });
    return wide;
  }
}

/** Whether the weights of a draw fit into uniform blocks. */
function fitsBlocks(program: ConvProgram): boolean {
  if (program.weights === "texture") return true;
  const taps = tapsPerBlock(program);
  return taps > 0 && Math.ceil(program.side ** 2 / taps) <= MOST_BLOCKS;
}
