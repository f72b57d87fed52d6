/** A network computed one operation after another, by whoever can: what is made in between is released once nothing needs it. */
import type * as tf from "@tensorflow/tfjs-core";
import { lastUses, type Network, type Operation, outputOf } from "./network";

/** PixelShuffle after a convolution that nothing else looks at: one pass may do for both. */
export type Shuffle = Extract<Operation, { op: "pixelShuffle" }>;

/** Computes operations on maps of a kind of its own. */
export interface Reader<M> {
  /** A map of a tensor's values; the tensor is borrowed. */
  take(x: tf.Tensor4D): M;
  /** The map that an operation makes, or that `shuffle` makes of that. */
  apply(operation: Operation, map: (name: string) => M, shuffle: Shuffle | undefined): M;
  release(map: M): void;
  /** The map as a tensor, owned by the caller; the map is released. */
  give(map: M): tf.Tensor4D;
}

/** Owns the maps between two operations. */
export class Execution<M> {
  private readonly maps = new Map<string, M>();
  private readonly last: readonly (readonly string[])[];
  private next = 0;

  constructor(
    private readonly network: Network,
    private readonly reader: Reader<M>,
    given: Readonly<Record<string, tf.Tensor4D | undefined>>,
  ) {
    this.last = lastUses(network);
    for (const name of Object.keys(network.inputs)) this.maps.set(name, reader.take(given[name]!));
  }

  /** Does the next operation, or the next two where one pass does for both; gives how many, 0 after the last. */
  step(): number {
    const { operations } = this.network;
    const operation = operations[this.next];
    if (!operation) return 0;
    const shuffle = shuffleAfter(operations, this.next, this.last[this.next + 1]);
    const made = this.reader.apply(operation, (name) => this.maps.get(name)!, shuffle);
    const taken = shuffle ? 2 : 1;
    this.maps.set((shuffle ?? operation).name, made);
    for (let i = 0; i < taken; i++) for (const name of this.last[this.next++]!) this.release(name);
    return taken;
  }

  /** Hands the last map over. */
  result(): tf.Tensor4D {
    const name = outputOf(this.network);
    const result = this.maps.get(name)!;
    this.maps.delete(name);
    return this.reader.give(result);
  }

  dispose(): void {
    for (const name of [...this.maps.keys()]) this.release(name);
  }

  private release(name: string): void {
    const map = this.maps.get(name);
    if (map !== undefined && this.maps.delete(name)) this.reader.release(map);
  }
}

/** All of it at once. */
export function runAll(execution: Execution<unknown>): tf.Tensor4D {
  try {
    while (execution.step());
    return execution.result();
  } finally {
    execution.dispose();
  }
}

/** The pixel shuffle after a convolution that nothing else looks at. */
function shuffleAfter(operations: readonly Operation[], index: number, last: readonly string[] | undefined): Shuffle | undefined {
  const [operation, after] = [operations[index]!, operations[index + 1]];
  const alone = operation.op === "conv" && operation.residual === undefined && last?.includes(operation.name);
  return alone && after?.op === "pixelShuffle" && after.x === operation.name ? after : undefined;
}
