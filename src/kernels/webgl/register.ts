/**
 * Kernels of ours that tfjs's WebGL backend runs by name, for what stock ones take many passes and shaders for. Where one is not
 * there, stock ones do.
 */
import * as tf from "@tensorflow/tfjs-core";
import { assembleKernel } from "./assemble";
import { resampleKernel } from "./resample";
import { sumOfSquaresKernel } from "./sum-of-squares";

/** By the names of what checks them: see check.ts. */
const KERNELS = { resample: resampleKernel, squares: sumOfSquaresKernel, assemble: assembleKernel } as const;
export type NamedKernel = keyof typeof KERNELS;
export const NAMED_KERNELS = Object.keys(KERNELS) as NamedKernel[];

/** From now on these are used, and the others are not. */
export function registerKernels(used: readonly NamedKernel[] = NAMED_KERNELS): void {
  for (const name of NAMED_KERNELS) {
    const { kernelName, backendName } = KERNELS[name];
    const isThere = tf.getKernel(kernelName, backendName) !== undefined;
    if (used.includes(name) === isThere) continue;
    if (isThere) tf.unregisterKernel(kernelName, backendName);
    else tf.registerKernel(KERNELS[name]);
  }
}
