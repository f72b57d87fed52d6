/**
 * How our WebGPU kernels run a network: a list of dispatches over maps that lie in buffers as tfjs has them, row by row, pixel by
 * pixel, channel by channel. Plain data, made without a device.
 */
import type { Model } from "../../types";
import { type Network, outputOf } from "../network";
import type * as passes from "../passes";
import { besideOf, isPlain, isSft, passesOf, vectorsOf } from "../passes";

/** What may be done in more than one way; which is fastest depends on the device. */
export interface Blocking {
  /** Pixels, one below the other, that an invocation of a convolution computes; eight channels of each. */
  readonly rows: 4 | 8;
  /** Whether maps between two passes are stored as half floats, in half the memory. Never tried unasked. */
  readonly half?: true;
}

/** Which of the maps that a shader looks at and makes are stored as half floats. */
export interface Halves {
  readonly x: boolean;
  /** The residual, or the condition. */
  readonly beside: boolean;
  readonly result: boolean;
}

/** The shader of a convolution. All of them are independent of pictures' sizes. */
export interface ConvProgram {
  readonly kind: "conv";
  readonly side: number;
  readonly stride: number;
  readonly pad: number;
  readonly inputs: number;
  /** Channels of the result's map. */
  readonly channels: number;
  readonly nearest: boolean;
  readonly shuffle: boolean;
  readonly activation: "none" | "relu" | "leaky";
  readonly slope: number;
  readonly residual: boolean;
  /** Whether a workgroup shares what it looks at of the input, with the weights: see `convShader`. */
  readonly shared: boolean;
  readonly rows: number;
  /** Vectors of a pixel that an invocation computes: its units. */
  readonly each: 1 | 2;
  /** Units of a pixel that a workgroup computes, each by an invocation of its own or two by one. */
  readonly units: number;
  readonly halves: Halves;
}

/** The shader of an SFT layer. */
export interface SftProgram {
  readonly kind: "sft";
  /** Vectors: of the condition, of hidden units of a branch, of the features. */
  readonly vectors: number;
  readonly hidden: number;
  readonly out: number;
  readonly slope: number;
  readonly relu: boolean;
  readonly halves: Halves;
}

export type ConvPass = passes.ConvPass & { readonly program: ConvProgram };
export type SftPass = passes.SftPass & { readonly program: SftProgram };
export type Pass = ConvPass | SftPass;

export interface Plan {
  readonly passes: readonly Pass[];
}

/** Vectors of a pixel that a workgroup computes at most. */
const MOST_UNITS = 16;

/** The plan; undefined where our kernels cannot run the network. */
export function planOf(model: Pick<Model, "weights">, network: Network, blocking: Blocking): Plan | undefined {
  // What comes from tfjs and goes to it is stored as tfjs stores it.
  const isHalf = (name: string | undefined) =>
    blocking.half === true && name !== undefined && name !== outputOf(network) && !Object.hasOwn(network.inputs, name);
  const passes = passesOf(model, network)?.map((pass): Pass => {
    const halves = { x: isHalf(pass.x), beside: isHalf(besideOf(pass)), result: isHalf(pass.name) };
    return isSft(pass)
      ? { ...pass, program: sftProgram(pass, halves) }
      : { ...pass, program: convProgram(pass, halves, blocking) };
  });
  return passes && { passes };
}

function convProgram(pass: passes.ConvPass, halves: Halves, { rows }: Blocking): ConvProgram {
  const { side, stride, pad, inputs, nearest, shuffle, activation, residual, operation } = pass;
  const channels = shuffle ? pass.outputs / 4 : pass.outputs;
  const units = shuffle ? 4 * vectorsOf(channels) : vectorsOf(channels);
  const each = units === 1 ? 1 : 2;
  return {
    kind: "conv",
    side,
    stride,
    pad,
    inputs,
    channels,
    nearest,
    shuffle,
    activation,
    slope: slopeOf(operation.activation),
    residual: residual !== undefined,
    shared: isPlain(pass),
    rows,
    each,
    units: Math.min(MOST_UNITS, each * Math.ceil(units / each)),
    halves,
  };
}

const sftProgram = ({ inputs, hidden, outputs, operation, relu }: passes.SftPass, halves: Halves): SftProgram => ({
  kind: "sft",
  vectors: vectorsOf(inputs),
  hidden: vectorsOf(hidden),
  out: vectorsOf(outputs),
  slope: operation.slope,
  relu,
  halves,
});

const slopeOf = (activation: passes.ConvPass["operation"]["activation"]): number =>
  typeof activation === "object" ? activation.leaky : 0;
