/**
 * Which kernels are fastest on this device and give what they should: each candidate computes one small piece of the network
 * that is about to run, and is compared with tfjs's own kernels.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../types";
import { differenceOf } from "./check";
import type { Network } from "./network";
import { runByTfjs } from "./tfjs/run";

type Given = Readonly<Record<string, tf.Tensor4D>>;

/** A piece of a network to try: stages, each given the results of those before it, by name, and other maps. */
export interface Trial {
  readonly model: Model;
  /** Maps to begin with, for a picture of `side` × `side` pixels. */
  given(side: number): Record<string, tf.Tensor4D>;
  readonly stages: readonly {
    readonly name: string;
    readonly network: Network;
    readonly inputs: Readonly<Record<string, string>>;
  }[];
  /** The pictures' sides: a small one first, for what is wrong or slow; then one that gives a GPU something to do. */
  readonly sides: readonly number[];
  /** One of the maps to begin with: what is no number in its middle has to come through to the result. */
  readonly poison: string;
}

/** Milliseconds: a try that takes longer says enough, and the larger picture is left out. */
const LONG = 60;
/** Milliseconds after which no further candidate is tried, where nothing else is said. */
const PATIENCE = 2000;
const REPEATS = 3;

/** A trial is stopped: nothing is known. */
export class Stopped extends Error {}

type Run = (network: Network, given: Given) => tf.Tensor4D | undefined;

/** Kernels to try. */
export interface Candidate<C extends string = string> {
  readonly choice: C;
  /**
   * The values of the last stage's result. Weights that are copied to a device are noted with those of `trial`. Messages come in
   * while it compiles.
   */
  compute(trial: Trial, given: Given, turn: () => Promise<void>): Promise<Float32Array>;
}

/** Milliseconds that each of `choices` took on the trial, and what it came to. */
export interface Try<C extends string = string> {
  readonly choice: C | "stock";
  readonly ms: number;
  /** Why it cannot be used; absent: it can. */
  readonly wrong?: string;
}

/** tfjs's own kernels, on its present backend. */
const STOCK: Candidate<"stock"> = {
  choice: "stock",
  compute: (trial, given) => computeHere(trial, given, (network, maps) => runByTfjs(trial.model, network, maps)),
};

/**
 * Tries candidates, tfjs's own kernels first, one after another; messages come in between (`turn`, which stops all where it rejects
 * with `Stopped`). Weights that they copy to a device are gone afterwards.
 */
export async function tryAll<C extends string>(
  trial: Trial,
  candidates: readonly Candidate<C>[],
  turn: () => Promise<void>,
  patience = PATIENCE,
): Promise<Try<C>[]> {
  const weights = { ...trial.model.weights, copies: new Map<string, { dispose(): void }>() };
  const own = { ...trial, model: { ...trial.model, weights } };
  const start = performance.now();
  try {
    let { sides } = trial;
    const reference = await measure(own, STOCK, sides, turn);
    if (reference.times.length < sides.length) sides = sides.slice(0, 1);
    const tries: Try<C>[] = [{ choice: "stock", ms: reference.times.at(-1)! }];
    for (const candidate of candidates) {
      if (tries.length > 1 && performance.now() - start > patience) break;
      tries.push(await attempt(candidate));
    }
    return tries;

    async function attempt(candidate: Candidate<C>): Promise<Try<C>> {
      const { choice } = candidate;
      try {
        const { times, result } = await measure(own, candidate, sides, turn);
        const wrong = differenceOf(result, reference.result) ?? (await isPoisoned(own, candidate, turn));
        return { choice, ms: times.at(-1)!, ...(wrong && { wrong }) };
      } catch (error) {
        if (error instanceof Stopped) throw error;
        return { choice, ms: Number.POSITIVE_INFINITY, wrong: (error as Error).message };
      }
    }
  } finally {
    for (const { dispose } of weights.copies.values()) dispose();
  }
}

/** The fastest that is not wrong. */
export const fastest = <C extends string>(tries: readonly Try<C>[]): C | "stock" =>
  tries.filter(({ wrong }) => wrong === undefined).reduce((a, b) => (b.ms < a.ms ? b : a)).choice;

/** The least time on each picture, and the values of the smallest picture's result. */
async function measure(trial: Trial, candidate: Candidate, sides: readonly number[], turn: () => Promise<void>) {
  const times: number[] = [];
  let result: Float32Array | undefined;
  for (const side of sides) {
    const given = trial.given(side);
    try {
      const first = await candidate.compute(trial, given, turn);
      result ??= first;
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < REPEATS; i++) {
        await turn();
        const start = performance.now();
        await candidate.compute(trial, given, turn);
        least = Math.min(least, performance.now() - start);
        if (least > LONG) break;
      }
      times.push(least);
    } finally {
      tf.dispose(Object.values(given));
    }
    if (times.at(-1)! > LONG) break;
  }
  return { times, result: result! };
}

/** A trial's stages by kernels that take and give tensors of tfjs's present backend. */
export async function computeHere({ stages }: Trial, given: Given, run: Run): Promise<Float32Array> {
  const result = tf.tidy(() => {
    const maps: Record<string, tf.Tensor4D> = { ...given };
    for (const { name, network, inputs } of stages) {
      const own = Object.fromEntries(Object.keys(network.inputs).map((input) => [input, maps[inputs[input] ?? input]!]));
      maps[name] = run(network, own)!;
    }
    return maps[stages.at(-1)!.name]!;
  });
  try {
    return await result.data<"float32">();
  } finally {
    result.dispose();
  }
}

/** Whether something that is no number does not come through: it would hide what is wrong with weights. */
async function isPoisoned(trial: Trial, candidate: Candidate, turn: () => Promise<void>): Promise<string | undefined> {
  const given = trial.given(trial.sides[0]!);
  const whole = given[trial.poison]!;
  const data = await whole.data<"float32">();
  const [, height, width, channels] = whole.shape;
  const poisoned = Float32Array.from(data);
  poisoned[(Math.floor(height / 2) * width + Math.floor(width / 2)) * channels] = Number.NaN;
  try {
    whole.dispose();
    given[trial.poison] = tf.tensor4d(poisoned, whole.shape);
    const result = await candidate.compute(trial, given, turn);
    return result.some(Number.isNaN) ? undefined : "it loses what is no number";
  } finally {
    tf.dispose(Object.values(given));
  }
}
