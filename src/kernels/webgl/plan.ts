/**
 * How our WebGL 2 kernels run a network: a list of passes over maps that lie in textures as they want them. Plain data, made
 * without a context; a network that has anything else in it has no plan, and tfjs runs it.
 *
 * A map of C channels is an array of RGBA32F textures, four channels to a texel. In cells of 2 × 2 pixels a texel stands for a
 * cell: layer 4·v + 2·(y mod 2) + (x mod 2) has channels 4·v to 4·v + 3 of pixel (y, x). So a fragment that computes the four
 * pixels of a cell writes each to a texture of its own, looks at 16 pixels for the 36 that four 3 × 3 windows have, and takes
 * each weight four times.
 */
import type { Model, Weights } from "../../types";
import { type MapShape, shapesOf } from "../cost";
import { type Activation, type Conv, layerOf, mapsOf, type Network, type Operation, outputOf, type Sft } from "../network";

/** What may be done in more than one way; which is fastest depends on the device. */
export interface Blocking {
  /** Side of the square of pixels that a fragment of a 3 × 3 convolution computes. */
  readonly cell: 1 | 2;
  /** Textures that are rendered to at once. */
  readonly targets: 4 | 8;
  /** Where weights are: uniform buffers, or a texture where those are slow. */
  readonly weights: "uniforms" | "texture";
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

export interface ConvPass {
  readonly program: ConvProgram;
  readonly operation: Conv;
  readonly x: string;
  readonly residual: string | undefined;
  /** The map it makes. */
  readonly name: string;
  /** Maps that no later pass needs. */
  readonly last: readonly string[];
}

export interface SftPass {
  readonly program: SftProgram;
  readonly operation: Sft;
  readonly x: string;
  readonly condition: string;
  readonly name: string;
  readonly last: readonly string[];
}

export type Pass = ConvPass | SftPass;
export const isSft = (pass: Pass): pass is SftPass => pass.program.kind === "sft";

export interface MapPlan {
  readonly channels: number;
  readonly cell: 1 | 2;
}

export interface Plan {
  readonly passes: readonly Pass[];
  readonly maps: ReadonlyMap<string, MapPlan>;
}

/** Matrices of 4 × 4 weights in a uniform block, and blocks in a shader, that every device has room for. */
export const BLOCK_MATRICES = 256;
const MOST_BLOCKS = 12;
/** Layers that every device has in an array of textures. */
const MOST_LAYERS = 256;
/** Largest kernel. */
const MOST_SIDE = 5;
/** Most hidden vectors of an SFT branch, held in registers. */
const MOST_HIDDEN = 8;

export const vectorsOf = (channels: number): number => Math.ceil(channels / 4);

/** Taps of a kernel whose weights are in one uniform block. */
export const tapsPerBlock = ({ vectors, out, shuffle }: ConvProgram): number =>
  Math.floor(BLOCK_MATRICES / (vectors * out * (shuffle ? 4 : 1)));

/** The plan; undefined where our kernels cannot run the network. */
export function planOf({ weights }: Pick<Model, "weights">, network: Network, blocking: Blocking): Plan | undefined {
  const { operations } = network;
  const planner = new Planner(weights, network, blocking);
  const passes: (Omit<ConvPass, "last"> | Omit<SftPass, "last">)[] = [];
  for (let i = 0; i < operations.length; i++) {
    const operation = operations[i]!;
    if (operation.op === "nearest2") {
      if (!planner.repeat(operation)) return undefined;
      continue;
    }
    const shuffle = shuffleAfter(operations, i);
    const pass =
      operation.op === "conv" ? planner.conv(operation, shuffle) : operation.op === "sft" ? planner.sft(operation) : undefined;
    if (!pass) return undefined;
    passes.push(pass);
    if (shuffle) i++;
  }
  if (passes.at(-1)?.name !== outputOf(network)) return undefined;
  return { passes: withLastUses(passes), maps: planner.maps() };
}

/** The pixel shuffle after a convolution that nothing else looks at. */
function shuffleAfter(operations: readonly Operation[], index: number) {
  const [conv, after, ...others] = operations.slice(index);
  if (conv?.op !== "conv" || after?.op !== "pixelShuffle" || after.x !== conv.name) return undefined;
  return others.some((other) => mapsOf(other).includes(conv.name)) ? undefined : after;
}

function withLastUses(passes: readonly (Omit<ConvPass, "last"> | Omit<SftPass, "last">)[]): Pass[] {
  const seen = new Set<string>([passes.at(-1)!.name]);
  const uses = [...passes].reverse().map((pass) => {
    const other = "condition" in pass ? pass.condition : pass.residual;
    const last = [...new Set([pass.x, ...(other === undefined ? [] : [other])])].filter((name) => !seen.has(name));
    for (const name of last) seen.add(name);
    return { ...pass, last } as Pass;
  });
  return uses.reverse();
}

/** Knows how the maps made so far are stored. */
class Planner {
  private readonly shapes: ReadonlyMap<string, MapShape>;
  private readonly cells = new Map<string, 1 | 2>();
  /** Maps each pixel of which stands for 2 × 2, by the name of the larger one. */
  private readonly repeated = new Map<string, string>();
  private readonly result: string;

  constructor(
    private readonly weights: Weights,
    network: Network,
    private readonly blocking: Blocking,
  ) {
    const { inputs, operations } = network;
    this.shapes = shapesOf({ weights }, network);
    this.result = outputOf(network);
    // What is modulated or added to something is stored as its result is.
    const inCells = operations.flatMap((operation) =>
      operation.op === "sft" ? [operation.x] : operation.op === "conv" ? (operation.residual ?? []) : [],
    );
    for (const name of Object.keys(inputs)) this.cells.set(name, inCells.includes(name) ? blocking.cell : 1);
  }

  maps(): Plan["maps"] {
    return new Map([...this.cells].map(([name, cell]) => [name, { channels: this.channels(name), cell }]));
  }

  /** Whether the map may be left as it is, to be looked at as if it were larger. */
  repeat({ name, x }: Operation): boolean {
    if (!this.cells.has(x) || name === this.result) return false;
    this.repeated.set(name, x);
    return true;
  }

  conv(conv: Conv, shuffle: { readonly name: string; readonly factor: number } | undefined): Omit<ConvPass, "last"> | undefined {
    const { stride = 1, dilation = 1, activation, residual } = conv;
    const shape = this.weights.tensors[`${layerOf(conv)}.weight`]?.shape;
    const x = this.repeated.get(conv.x) ?? conv.x;
    const from = this.cells.get(x);
    if (!shape || from === undefined) return undefined;
    const [out, inside, side, across] = shape as [number, number, number, number];
    const { pad = (side - 1) / 2 } = conv;
    const nearest = x !== conv.x;
    const isPlain = side === 3 && stride === 1 && pad === 1;
    const kind = kindOf(activation);
    if (inside !== this.channels(x) || side !== across || side > MOST_SIDE || dilation !== 1) return undefined;
    if (pad === "same" || !Number.isInteger(pad) || !kind || (nearest && !isPlain)) return undefined;
    if (shuffle && (shuffle.factor !== 2 || residual !== undefined || out % 16 !== 0)) return undefined;
    const cell = isPlain && !shuffle ? this.blocking.cell : 1;
    const stored = shuffle ? 2 : cell;
    if (residual !== undefined && this.cells.get(residual) !== stored) return undefined;
    const name = shuffle?.name ?? conv.name;
    const wide = this.store(name, shuffle ? out / 4 : out, stored);
    if (wide === undefined) return undefined;
    const program: ConvProgram = {
      kind: "conv",
      side,
      stride,
      pad,
      from,
      vectors: vectorsOf(inside),
      nearest,
      cell,
      shuffle: shuffle !== undefined,
      out: Math.min(this.blocking.targets / stored ** 2, wide),
      activation: kind,
      residual: residual !== undefined,
      weights: this.blocking.weights,
    };
    return fitsBlocks(program) ? { program, operation: conv, x, residual, name } : undefined;
  }

  sft(sft: Sft): Omit<SftPass, "last"> | undefined {
    const { name, x, condition, activation } = sft;
    const { cell, targets, weights } = this.blocking;
    const hidden = this.weights.tensors[`${layerOf(sft)}.SFT_scale_conv0.weight`]?.shape[0];
    const from = this.cells.get(condition);
    if (!hidden || from === undefined || this.cells.get(x) !== cell) return undefined;
    const channels = this.channels(condition);
    if (hidden % 4 !== 0 || channels % 4 !== 0 || this.channels(x) % 4 !== 0) return undefined;
    if (Math.max(vectorsOf(hidden), vectorsOf(channels)) > MOST_HIDDEN) return undefined;
    if (activation !== undefined && activation !== "relu") return undefined;
    const wide = this.store(name, this.channels(x), cell);
    if (wide === undefined) return undefined;
    const program: SftProgram = {
      kind: "sft",
      cell,
      from,
      vectors: vectorsOf(channels),
      hidden: vectorsOf(hidden),
      out: Math.min(targets, wide),
      relu: activation === "relu",
      weights,
    };
    return { program, operation: sft, x, condition, name };
  }

  private channels(name: string): number {
    return this.shapes.get(name)!.channels;
  }

  /**
   * Notes how a map is stored; gives its vectors, or undefined where it cannot be. Maps between passes have whole vectors: what
   * fills one up would have to be kept from becoming infinity times zero.
   */
  private store(name: string, channels: number, cell: 1 | 2): number | undefined {
    const wide = vectorsOf(channels);
    if (wide * cell ** 2 > MOST_LAYERS || (channels % 4 !== 0 && name !== this.result)) return undefined;
    this.cells.set(name, cell);
    return wide;
  }
}

/** Undefined for what the shaders do not have. */
function kindOf(activation: Activation | undefined): ConvProgram["activation"] | undefined {
  if (activation === undefined) return "none";
  if (activation === "relu") return "relu";
  return typeof activation === "object" && "leaky" in activation ? "leaky" : undefined;
}

/** Whether the weights of a draw fit into uniform blocks. */
function fitsBlocks(program: ConvProgram): boolean {
  if (program.weights === "texture") return true;
  const taps = tapsPerBlock(program);
  return taps > 0 && Math.ceil(program.side ** 2 / taps) <= MOST_BLOCKS;
}
