/** Runs a network by tfjs, on whichever backend it has: at once, or in portions between which messages come in. */
import * as tf from "@tensorflow/tfjs-core";
import { sizeText } from "../../region";
import type { Model, Size } from "../../types";
import { costOf } from "../cost";
import { type Conv, lastUses, type Network, type Operation, outputOf } from "../network";
import { apply, convShuffle } from "./layers";

type Given = Readonly<Record<string, tf.Tensor4D | undefined>>;

/**
 * Runs networks on a backend in place of tfjs's kernels: the result, owned by the caller, of what is borrowed and fits together;
 * undefined where it cannot run this one.
 */
export type Accelerator = (
  model: Model,
  network: Network,
  given: Readonly<Record<string, tf.Tensor4D>>,
) => tf.Tensor4D | undefined;

/** By the names of backends. */
const accelerators = new Map<string, Accelerator>();

/** From now on `run` has a backend's networks run by an accelerator, or, without one, by tfjs. */
export function accelerate(backend: string, accelerator: Accelerator | undefined): void {
  if (accelerator) accelerators.set(backend, accelerator);
  else accelerators.delete(backend);
}

/** The network's result, owned by the caller; what it is given is borrowed. Throws an error where that does not fit. */
export function run(model: Model, network: Network, given: Given): tf.Tensor4D {
  const accelerator = accelerators.get(tf.getBackend());
  if (accelerator) {
    check(model, network, given);
    const result = accelerator(model, network, given as Readonly<Record<string, tf.Tensor4D>>);
    if (result) return result;
  }
  return runByTfjs(model, network, given);
}

/** `run` by tfjs's own kernels, on any backend. */
export function runByTfjs(model: Model, network: Network, given: Given): tf.Tensor4D {
  return tf.tidy(() => {
    const execution = new Execution(model, network, given);
    while (execution.step());
    return execution.result();
  });
}

/** A network is run in about so many portions. */
const PORTIONS = 40;

/** `run` with checkpoints between portions: stops where one throws; no tensor is left behind then. */
export async function runInPortions(
  model: Model,
  network: Network,
  given: Given,
  { checkpoint, progress }: { checkpoint(): Promise<void>; progress(fraction: number): void },
): Promise<tf.Tensor4D> {
  const execution = new Execution(model, network, given);
  try {
    const costs = costOf(model, network).operations.map(({ multiplyAdds }) => multiplyAdds);
    const total = costs.reduce((sum, cost) => sum + cost, 0);
    let [done, said] = [0, 0];
    for (let next = 0; next < costs.length; ) {
      const taken = execution.step();
      for (let i = 0; i < taken; i++) done += costs[next++]!;
      if (next < costs.length && done - said < total / PORTIONS) continue;
      said = done;
      progress(next === costs.length ? 1 : done / total);
      await checkpoint();
    }
    return execution.result();
  } finally {
    execution.dispose();
  }
}

/** Owns the maps between two operations. */
class Execution {
  private readonly maps = new Map<string, tf.Tensor4D>();
  private readonly last: readonly (readonly string[])[];
  private next = 0;

  constructor(
    private readonly model: Model,
    private readonly network: Network,
    given: Given,
  ) {
    check(model, network, given);
    this.last = lastUses(network);
    for (const name of Object.keys(network.inputs)) this.maps.set(name, tf.clone(given[name]!));
  }

  /** Does the next operation, or the next two where one pass does for both; gives how many, 0 after the last. */
  step(): number {
    const { operations } = this.network;
    const operation = operations[this.next];
    if (!operation) return 0;
    const shuffle = shuffleAfter(operations, this.next, this.last[this.next + 1]);
    const map = (name: string) => this.maps.get(name)!;
    const { weights } = this.model;
    const made = tf.tidy(() =>
      shuffle ? convShuffle(weights, operation as Conv, map(operation.x), shuffle.factor) : apply(weights, operation, map),
    );
    const taken = shuffle ? 2 : 1;
    this.maps.set((shuffle ?? operation).name, made);
    for (let i = 0; i < taken; i++)
      for (const name of this.last[this.next++]!) {
        this.maps.get(name)?.dispose();
        this.maps.delete(name);
      }
    return taken;
  }

  /** Hands the last map over. */
  result(): tf.Tensor4D {
    const name = outputOf(this.network);
    const result = this.maps.get(name)!;
    this.maps.delete(name);
    return result;
  }

  dispose(): void {
    tf.dispose([...this.maps.values()]);
    this.maps.clear();
  }
}

/** The pixel shuffle after a convolution that nothing else looks at. */
function shuffleAfter(operations: readonly Operation[], index: number, last: readonly string[] | undefined) {
  const [operation, after] = [operations[index]!, operations[index + 1]];
  const alone = operation.op === "conv" && operation.residual === undefined && last?.includes(operation.name);
  return alone && after?.op === "pixelShuffle" && after.x === operation.name ? after : undefined;
}

/** Throws an error unless the network is given what it takes, in sizes that fit together. */
function check({ name }: Model, { inputs }: Network, given: Given): void {
  for (const extra of Object.keys(given))
    if (given[extra] && !(extra in inputs)) throw new Error(`"${name}" takes no ${extra} here: leave the ${extra} unconnected.`);
  let base: { readonly input: string; readonly size: Size } | undefined;
  for (const [input, { channels, scale }] of Object.entries(inputs)) {
    const x = given[input];
    if (!x) throw new Error(`"${name}" takes a ${input}; connect one, or switch modulation off.`);
    const [, height, width, found] = x.shape;
    if (found !== channels)
      throw new Error(`The ${input} has ${found} channels and "${name}" takes ${channels}; make it with the same weights.`);
    if (height % scale !== 0 || width % scale !== 0)
      throw new Error(
        `The ${input} is ${sizeText({ height, width })} where multiples of ${scale} are needed; resize it to ${scale} times the picture.`,
      );
    const size = { height: height / scale, width: width / scale };
    base ??= { input, size };
    if (base.size.height !== size.height || base.size.width !== size.width)
      throw new Error(
        `The ${input} is for ${sizeText(size)} and the ${base.input} for ${sizeText(base.size)}; make both from one picture.`,
      );
  }
}
