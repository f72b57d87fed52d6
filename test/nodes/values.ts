/** Values that node tests share. */
import type * as tf from "@tensorflow/tfjs-core";
import { CLASSES, type Picture, type Prior, type Raster, type Size } from "../../src/types";

/** A prior of a map: classes where it has eight channels. */
export const priorOf = (map: Raster, more: Partial<Prior> = {}): Prior => ({
  map,
  channels: map.shape[3] === CLASSES.length ? CLASSES : Array.from({ length: map.shape[3] }, (_, i) => `channel ${i}`),
  kind: "probabilities",
  ...more,
});

/** A map that is one tensor. */
export const tensorOf = (raster: Raster): tf.Tensor4D => raster as tf.Tensor4D;

/** A decoded picture of 8 bits, every pixel from its place in reading order. */
export function drawn({ height, width }: Size, pixel: (i: number) => readonly number[]): Picture {
  const rgb = new Uint8Array(3 * height * width);
  for (let i = 0; i < height * width; i++) rgb.set(pixel(i), 3 * i);
  return { height, width, bits: 8, rgb };
}
