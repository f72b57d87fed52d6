/** Gaussian noise that a seed and a place determine: the same in tiles as in one piece, and on every backend. */
import * as tf from "@tensorflow/tfjs-core";
import type { Region } from "../types";

/** A well-mixed 32-bit number of two (the finaliser of MurmurHash3 over their combination). */
function mix(a: number, b: number): number {
  let h = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** In (0, 1). */
const uniform = (h: number) => ((h >>> 0) + 0.5) / 2 ** 32;

/**
 * A region of endless noise of mean 0 and standard deviation 1 `[1, height, width, channels]`, every sample independent.
 * `seed` is a whole number. The caller owns the result.
 */
export function gaussianNoise({ top, left, height, width }: Region, channels: number, seed: number): tf.Tensor4D {
  const samples = new Float32Array(height * width * channels);
  let i = 0;
  for (let y = top; y < top + height; y++) {
    const row = mix(seed + 1, y);
    for (let x = left; x < left + width; x++)
      for (let c = 0; c < channels; c++) {
        // Box and Muller's transform of two uniform numbers.
        const place = mix(row, x * channels + c);
        const radius = Math.sqrt(-2 * Math.log(uniform(place)));
        samples[i++] = radius * Math.cos(2 * Math.PI * uniform(mix(place, 1)));
      }
  }
  return tf.tensor4d(samples, [1, height, width, channels]);
}
