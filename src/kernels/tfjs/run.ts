/** Runs a network by tfjs, on whichever backend it has: at once, or in portions between which messages come in. */
import * as tf from "@tensorflow/tfjs-core";
import { sizeText } from "../../region";
import type { Model, Size } from "../../types";
import { costOf } from "../cost";
import { Execution, type Reader, runAll } from "../execution";
import type { Conv, Network } from "../network";
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

/** Kernels that compute networks on a backend one operation after another; undefined where they cannot run this one. */
export type FindReader = (
  model: Model,
  network: Network,
  given: Readonly<Record<string, tf.Tensor4D>>,
) => Reader<unknown> | undefined;

/** By the names of backends. */
const readers = new Map<string, FindReader>();

/** From now on a backend's networks that no accelerator runs are computed by these kernels, or, without any, by tfjs's. */
export function readBy(backend: string, find: FindReader | undefined): void {
  if (find) readers.set(backend, find);
  else readers.delete(backend);
}

/** The network's result, owned by the caller; what it is given is borrowed. Throws an error where that does not fit. */
export function run(model: Model, network: Network, given: Given): tf.Tensor4D {
  check(model, network, given);
  const maps = given as Readonly<Record<string, tf.Tensor4D>>;
  const backend = tf.getBackend();
  const result = accelerators.get(backend)?.(model, network, maps);
  if (result) return result;
  const reader = readers.get(backend)?.(model, network, maps);
  return reader ? runAll(new Execution(network, reader, maps)) : runByTfjs(model, network, given);
}

/** `run` by tfjs's own kernels, on any backend. */
export function runByTfjs(model: Model, network: Network, given: Given): tf.Tensor4D {
  return tf.tidy(() => {
    check(model, network, given);
    return runAll(new Execution(network, readerByTfjs(model), given));
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
  check(model, network, given);
  const found = readers.get(tf.getBackend())?.(model, network, given as Readonly<Record<string, tf.Tensor4D>>);
  const execution = new Execution<unknown>(network, found ?? readerByTfjs(model), given);
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

/** tfjs's kernels; maps are tensors. */
const readerByTfjs = ({ weights }: Model): Reader<tf.Tensor4D> => ({
  take: tf.clone,
  apply: (operation, map, shuffle) =>
    tf.tidy(() =>
      shuffle ? convShuffle(weights, operation as Conv, map(operation.x), shuffle.factor) : apply(weights, operation, map),
    ),
  release: (map) => map.dispose(),
  give: (map) => map,
});

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
