/** Weights of networks on a WebGPU device, as vectors of four numbers: each is there once, for as long as the weights are. */
import type { Weights } from "../../types";

/** Matrices, then biases from vector `bias` on. */
export interface DeviceWeights {
  readonly device: GPUDevice;
  readonly buffer: GPUBuffer;
  readonly bias: number;
  dispose(): void;
}

/** What lies under `key`, or else what `pack` gives: matrices and what comes after them, in whole vectors. */
export function deviceWeights(
  device: GPUDevice,
  weights: Weights,
  key: string,
  pack: () => readonly [Float32Array, ...Float32Array[]],
): DeviceWeights {
  const named = `webgpu ${key}`;
  const found = weights.copies.get(named) as DeviceWeights | undefined;
  if (found?.device === device) return found;
  const parts = pack();
  const size = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE, mappedAtCreation: true });
  const values = new Float32Array(buffer.getMappedRange());
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  buffer.unmap();
  const made = { device, buffer, bias: parts[0].length / 4, dispose: () => buffer.destroy() };
  weights.copies.set(named, made);
  return made;
}
