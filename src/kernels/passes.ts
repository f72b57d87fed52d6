/**
 * What a GPU has to compute for a network, kernel by kernel: convolutions with all that can be done on the way, and whole SFT
 * layers. Our WebGL and WebGPU kernels make their plans of it; of a network that has anything else in it there are no passes,
 * and tfjs runs it.
 */
import type { Model, Size, Weights } from "../types";
import { shapesOf } from "./cost";
import { type Activation, type Conv, layerOf, mapsOf, type Network, type Operation, outputOf, type Sft } from "./network";

interface Common {
  /** The map it makes. */
  readonly name: string;
  readonly x: string;
  /** Maps that no later pass looks at. */
  readonly last: readonly string[];
}

/** A square kernel over all channels; residual and activation after it. */
export interface ConvPass extends Common {
  readonly operation: Conv;
  readonly residual: string | undefined;
  readonly side: number;
  readonly stride: number;
  readonly pad: number;
  /** Channels of its input, and of what it computes before pixels are shuffled. */
  readonly inputs: number;
  readonly outputs: number;
  /** Whether each pixel of its input stands for 2 × 2. */
  readonly nearest: boolean;
  /** PixelShuffle(2) after it. */
  readonly shuffle: boolean;
  readonly activation: "none" | "relu" | "leaky";
}

export interface SftPass extends Common {
  readonly operation: Sft;
  readonly condition: string;
  /** Channels of the condition, hidden units of a branch, channels of the features. */
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  readonly relu: boolean;
}

export type Pass = ConvPass | SftPass;
type Open = Omit<ConvPass, "last"> | Omit<SftPass, "last">;

export const isSft = <S extends Omit<SftPass, "last">, C extends Omit<ConvPass, "last">>(pass: S | C): pass is S =>
  pass.operation.op === "sft";

/** Largest kernel. */
const MOST_SIDE = 5;
/** Most vectors of hidden units, and of a condition, that an SFT layer may have. */
const MOST_HIDDEN = 8;

/** Vectors of four channels. */
export const vectorsOf = (channels: number): number => Math.ceil(channels / 4);

/** The other map that a pass looks at, pixel by pixel. */
export const besideOf = (pass: Open): string | undefined => ("condition" in pass ? pass.condition : pass.residual);

/** Undefined where there is something else in the network. */
export function passesOf({ weights }: Pick<Model, "weights">, network: Network): readonly Pass[] | undefined {
  const { inputs, operations } = network;
  const shapes = shapesOf({ weights }, network);
  const channels = (name: string) => shapes.get(name)!.channels;
  const result = outputOf(network);
  const there = new Set(Object.keys(inputs));
  /** Maps each pixel of which stands for 2 × 2, by the name of the larger one. */
  const repeated = new Map<string, string>();
  const passes: Open[] = [];
  for (let i = 0; i < operations.length; i++) {
    const operation = operations[i]!;
    if (operation.op === "nearest2") {
      if (!there.has(operation.x) || operation.name === result) return undefined;
      repeated.set(operation.name, operation.x);
      continue;
    }
    const shuffle = shuffleAfter(operations, i);
    if (shuffle) i++;
    const pass =
      operation.op === "conv"
        ? convPass(weights, operation, shuffle, repeated, channels)
        : operation.op === "sft"
          ? sftPass(weights, operation, channels)
          : undefined;
    if (!pass || ![pass.x, besideOf(pass)].every((name) => name === undefined || there.has(name))) return undefined;
    // What fills a vector up would have to be kept from becoming infinity times zero.
    if (pass.name !== result && channels(pass.name) % 4 !== 0) return undefined;
    there.add(pass.name);
    passes.push(pass);
  }
  return passes.at(-1)?.name === result ? withLastUses(passes) : undefined;
}

/** The pixel shuffle after a convolution that nothing else looks at. */
function shuffleAfter(operations: readonly Operation[], index: number) {
  const [conv, after, ...others] = operations.slice(index);
  if (conv?.op !== "conv" || after?.op !== "pixelShuffle" || after.x !== conv.name) return undefined;
  return others.some((other) => mapsOf(other).includes(conv.name)) ? undefined : after;
}

function convPass(
  weights: Weights,
  operation: Conv,
  shuffle: { readonly name: string; readonly factor: number } | undefined,
  repeated: ReadonlyMap<string, string>,
  channels: (name: string) => number,
): Omit<ConvPass, "last"> | undefined {
  const { stride = 1, dilation = 1, residual } = operation;
  const shape = weights.tensors[`${layerOf(operation)}.weight`]?.shape;
  if (!shape) return undefined;
  const x = repeated.get(operation.x) ?? operation.x;
  const nearest = x !== operation.x;
  const [outputs, inputs, side, across] = shape as [number, number, number, number];
  const { pad = (side - 1) / 2 } = operation;
  const activation = activationOf(operation.activation);
  if (inputs !== channels(x) || side !== across || side > MOST_SIDE || dilation !== 1) return undefined;
  if (pad === "same" || !Number.isInteger(pad) || !activation) return undefined;
  if (nearest && !isPlain({ side, stride, pad })) return undefined;
  if (shuffle && (shuffle.factor !== 2 || residual !== undefined || outputs % 16 !== 0)) return undefined;
  const name = shuffle?.name ?? operation.name;
  return { operation, name, x, residual, side, stride, pad, inputs, outputs, nearest, shuffle: !!shuffle, activation };
}

/** A 3 × 3 kernel that keeps the size. */
export const isPlain = ({ side, stride, pad }: Pick<ConvPass, "side" | "stride" | "pad">): boolean =>
  side === 3 && stride === 1 && pad === 1;

function sftPass(weights: Weights, operation: Sft, channels: (name: string) => number): Omit<SftPass, "last"> | undefined {
  const { name, x, condition, activation } = operation;
  const hidden = weights.tensors[`${layerOf(operation)}.SFT_scale_conv0.weight`]?.shape[0];
  if (!hidden || (activation !== undefined && activation !== "relu")) return undefined;
  const [inputs, outputs] = [channels(condition), channels(x)];
  if (hidden % 4 !== 0 || inputs % 4 !== 0 || outputs % 4 !== 0) return undefined;
  if (Math.max(vectorsOf(hidden), vectorsOf(inputs)) > MOST_HIDDEN) return undefined;
  return { operation, name, x, condition, inputs, hidden, outputs, relu: activation === "relu" };
}

/** Undefined for what our kernels do not have. */
function activationOf(activation: Activation | undefined): ConvPass["activation"] | undefined {
  if (activation === undefined) return "none";
  if (activation === "relu") return "relu";
  return typeof activation === "object" && "leaky" in activation ? "leaky" : undefined;
}

function withLastUses(passes: readonly Open[]): Pass[] {
  const seen = new Set<string>([passes.at(-1)!.name]);
  const uses = [...passes].reverse().map((pass): Pass => {
    const beside = besideOf(pass);
    const last = [...new Set([pass.x, ...(beside === undefined ? [] : [beside])])].filter((name) => !seen.has(name));
    for (const name of last) seen.add(name);
    return { ...pass, last };
  });
  return uses.reverse();
}

/** How large all maps are, given those to begin with. */
export function sizesOf(passes: readonly Pass[], given: Readonly<Record<string, Size>>): ReadonlyMap<string, Size> {
  const sizes = new Map<string, Size>(Object.entries(given));
  for (const pass of passes) {
    const { height, width } = sizes.get(pass.x)!;
    if (isSft(pass)) {
      sizes.set(pass.name, { height, width });
      continue;
    }
    const by = pass.shuffle ? 2 : 1;
    const along = (length: number) => by * convolved(pass, length);
    sizes.set(pass.name, { height: along(height), width: along(width) });
  }
  return sizes;
}

/** Of a side of a convolution's input, what its kernel makes of it, before pixels are shuffled. */
export const convolved = ({ nearest, pad, side, stride }: ConvPass, length: number): number =>
  Math.floor(((nearest ? 2 : 1) * length + 2 * pad - side) / stride) + 1;
