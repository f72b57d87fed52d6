/** The networks and arrays of test/fixtures/net-*, written by make-nets.py. */
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../../src/types";
import { loadModel } from "../../src/weights/model";
import { readNpy } from "../../src/weights/npy";
import { fixture } from "../fixture";
import { tensorCount } from "../support";

/** A cut-down network, by its file's name without `net-`. */
export const net = async (name: string): Promise<Model> => loadModel(await fixture(`net-${name}`), name);

/** An array `[h, w, c]` as a tensor `[1, h, w, c]`. */
export async function array(name: string): Promise<tf.Tensor4D> {
  const { shape, data } = readNpy(await fixture(`net-${name}.npy`), name);
  return tf.tensor4d(data, [1, ...shape] as [number, number, number, number]);
}

/** How many tensors `f` leaves behind beside its result, which is disposed. */
export function leaks(f: () => tf.Tensor): number {
  const before = tensorCount();
  f().dispose();
  return tensorCount() - before;
}

/** `x` with one added to every channel of one place. */
export function touched(x: tf.Tensor4D, row: number, column: number): tf.Tensor4D {
  const [, h, w, c] = x.shape;
  return tf.tidy(() => {
    const here = tf.pad(tf.ones([1, 1, 1, c]), [
      [0, 0],
      [row, h - 1 - row],
      [column, w - 1 - column],
      [0, 0],
    ]);
    return tf.add(x, here) as tf.Tensor4D;
  });
}

/** The smallest box that holds every place where two maps differ at all, and how many such places there are. */
export async function difference(a: tf.Tensor4D, b: tf.Tensor4D) {
  const places = tf.tidy(() => tf.any(tf.notEqual(a, b), 3));
  const differs = await places.data();
  const width = a.shape[2];
  const at = Array.from(differs, (d, i) => (d ? i : -1)).filter((i) => i >= 0);
  const rows = at.map((i) => Math.floor(i / width));
  const columns = at.map((i) => i % width);
  places.dispose();
  return {
    places: at.length,
    rows: [Math.min(...rows), Math.max(...rows)],
    columns: [Math.min(...columns), Math.max(...columns)],
  };
}
