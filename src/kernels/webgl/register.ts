/** Kernels of ours that tfjs's WebGL backend runs by name, for what stock ones take many passes and shaders for. */
import { registerResample } from "./resample";
import { registerSumOfSquares } from "./sum-of-squares";

export function registerKernels(): void {
  registerResample();
  registerSumOfSquares();
}
