/**
 * A network as a list of steps, so that whoever runs it can let messages in between two layers, or stop there. A step is
 * given the maps that the step before it gave, by their names, and gives those that the next one needs.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";

/** Maps `[1, h, w, c]` by the names their network calls them. A step finds those that the step before it gave. */
export type Maps = Readonly<Record<"x" | "a" | "b" | "c" | "d", tf.Tensor4D>>;

/** Runs in a `tf.tidy`. Maps it does not give back are disposed. */
export type Step = (maps: Maps) => Partial<Maps>;

/** The step that makes one map anew and keeps the others. */
export const make =
  (name: keyof Maps, f: (maps: Maps) => tf.Tensor4D): Step =>
  (maps) => ({ ...maps, [name]: f(maps) });

/** Runs all steps on `x`, which is borrowed. The caller owns the result, the last step's `x`. */
export function runAtOnce(steps: readonly Step[], x: tf.Tensor4D): tf.Tensor4D {
  const run = new Run(x);
  try {
    for (const step of steps) run.take(step);
    return run.result();
  } finally {
    run.dispose();
  }
}

/** `runAtOnce` with a pause after every step; leaves no tensor behind where one throws. */
export async function runInSteps(
  steps: readonly Step[],
  x: tf.Tensor4D,
  { pause, progress }: Pick<Context, "pause" | "progress">,
): Promise<tf.Tensor4D> {
  const run = new Run(x);
  try {
    for (const [index, step] of steps.entries()) {
      run.take(step);
      progress((index + 1) / steps.length);
      await pause();
    }
    return run.result();
  } finally {
    run.dispose();
  }
}

/** Owns the maps between two steps. */
class Run {
  private maps: Partial<Maps>;

  constructor(x: tf.Tensor4D) {
    this.maps = { x: tf.clone(x) };
  }

  take(step: Step): void {
    const before = this.maps;
    this.maps = tf.tidy(() => step(before as Maps) as tf.TensorContainerObject) as Partial<Maps>;
    const kept = new Set(Object.values(this.maps));
    for (const map of Object.values(before)) if (!kept.has(map)) map.dispose();
  }

  /** Hands the last map over. */
  result(): tf.Tensor4D {
    const { x, ...others } = this.maps;
    this.maps = others;
    return x!;
  }

  dispose(): void {
    tf.dispose(Object.values(this.maps));
  }
}
