/** Pictures that tests of src/image share, and the numbers numpy computed from them (fixtures/image-expected.py). */
import * as tf from "@tensorflow/tfjs-core";
import { decode } from "fast-png";
import { fixture } from "../fixture";

/** The 8-bit picture that fixtures/image-expected.py starts from, as levels 0 to 255. */
export function patternLevels(height: number, width: number): Uint8Array {
  const levels = new Uint8Array(height * width * 3);
  for (let i = 0; i < levels.length; i++) {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / (3 * width))];
    levels[i] = (7 * y + 3 * x + 50 * c + ((x * y) % 17) * 4) % 256;
  }
  return levels;
}

/** The same picture with small errors. */
export function disturbedLevels(height: number, width: number): Uint8Array {
  return patternLevels(height, width).map((level, i) => {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / (3 * width))];
    return Math.min(Math.max(level + ((5 * x + 11 * y + c) % 13) - 6, 0), 255);
  });
}

/** RGB levels 0 to 255 as a picture `[1, height, width, 3]`, 0 to 1. */
export const fromLevels = (levels: ArrayLike<number>, height: number, width: number): tf.Tensor4D =>
  tf.tensor4d(
    Float32Array.from(levels, (level) => level / 255),
    [1, height, width, 3],
  );

export const pattern = (height: number, width: number): tf.Tensor4D => fromLevels(patternLevels(height, width), height, width);

/** An 8-bit RGB file of test/fixtures as a picture. */
export async function pngFixture(name: string): Promise<tf.Tensor4D> {
  const { data, height, width } = decode(await fixture(name));
  return fromLevels(data, height, width);
}

/** A float32 .npy file of test/fixtures, whose shape the test knows. */
export async function npyFixture(name: string, shape: [number, number, number, number]): Promise<tf.Tensor4D> {
  const bytes = await fixture(name);
  const count = tf.util.sizeFromShape(shape);
  return tf.tensor4d(new Float32Array(bytes.slice(bytes.length - 4 * count).buffer), shape);
}
