/**
 * What a JPEG file loses of a picture: colours at half the resolution, and in blocks of 8 × 8 pixels every frequency rounded to
 * a multiple of a number that quality scales (ITU-T T.81, Annex A and K; quality and upsampling as libjpeg has them). Nothing is
 * encoded: the rest of a JPEG loses nothing.
 */
import * as tf from "@tensorflow/tfjs-core";
import { expand, whole, within } from "../region";
import type { Raster, Region } from "../types";
import { roundLevels, toLevels } from "./eight-bit";
import { read, readBeyond, sizeOf } from "./raster";
import { resample } from "./resample";

const BLOCK = 8;
/** A block of colours covers this many pixels each way. */
const UNIT = 2 * BLOCK;

/** Annex K's tables, row by row: luma, then colours. */
const LUMA = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112,
  100, 103, 99,
];
const COLOURS = [
  17,
  18,
  24,
  47,
  99,
  99,
  99,
  99,
  18,
  21,
  26,
  66,
  99,
  99,
  99,
  99,
  24,
  26,
  56,
  99,
  99,
  99,
  99,
  99,
  47,
  66,
  99,
  99,
  99,
  99,
  99,
  99,
  ...Array<number>(32).fill(99),
];

/** The multiples that frequencies are rounded to at a quality of 1 to 100. */
export function quantisation(kind: "luma" | "colours", quality: number): number[] {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return (kind === "luma" ? LUMA : COLOURS).map((step) => Math.min(Math.max(Math.floor((step * percent + 50) / 100), 1), 255));
}

/** Rows of the discrete cosine transform. */
const cosines = Array.from({ length: BLOCK }, (_, u) =>
  Array.from({ length: BLOCK }, (_, x) => Math.sqrt((u ? 2 : 1) / BLOCK) * Math.cos(((2 * x + 1) * u * Math.PI) / (2 * BLOCK))),
);

/** Added to a half before rounding, so that a tie that float32 misses by its last digit is a tie all the same. */
const TIE = 2 ** -10;

/** Levels `[1, h, w, 1]` after their frequencies were rounded to multiples of `steps`; h and w are multiples of 8. */
function rounded(plane: tf.Tensor4D, steps: readonly number[]): tf.Tensor4D {
  const [, h, w] = plane.shape;
  const transform = tf.tensor2d(cosines);
  const step = tf.tensor2d([...steps], [BLOCK, BLOCK]);
  const both = (x: tf.Tensor, inverse: boolean): tf.Tensor => {
    // One direction, then the other, as products of all the blocks' rows with one matrix.
    const across = tf.matMul(tf.reshape(x, [-1, BLOCK]), transform, false, !inverse);
    const turned = tf.transpose(tf.reshape(across, [-1, BLOCK, BLOCK]), [0, 2, 1]);
    const down = tf.matMul(tf.reshape(turned, [-1, BLOCK]), transform, false, !inverse);
    return tf.transpose(tf.reshape(down, [-1, BLOCK, BLOCK]), [0, 2, 1]);
  };
  const grid = [h / BLOCK, BLOCK, w / BLOCK, BLOCK];
  const blocks = tf.reshape(tf.transpose(tf.reshape(tf.sub(plane, 128), grid), [0, 2, 1, 3]), [-1, BLOCK, BLOCK]);
  const frequencies = tf.div(both(blocks, false), step);
  const multiples = tf.mul(tf.sign(frequencies), tf.floor(tf.add(tf.abs(frequencies), 0.5 + TIE)));
  const again = tf.reshape(both(tf.mul(multiples, step), true), [h / BLOCK, w / BLOCK, BLOCK, BLOCK]);
  return roundLevels(tf.reshape(tf.add(tf.transpose(again, [0, 2, 1, 3]), 128), [1, h, w, 1]));
}

/** JFIF's luma and colours of RGB, and back: products of `[n, 3]` with these, colours around 128. */
const FROM_RGB = [0.299, -0.168735892, 0.5, 0.587, -0.331264108, -0.418687589, 0.114, 0.5, -0.081312411];
const TO_RGB = [1, 1, 1, 0, -0.344136286, 1.772, 1.402, -0.714136286, 0];
const MIDDLE = [0, 128, 128];

/**
 * A region of `raster` `[1, H, W, 3]`, rounded to 8 bits, as it comes out of a JPEG file of the whole of it: `quality` is 1 to
 * 100. The result holds k/255. The caller owns it.
 */
export function compressedRegion(raster: Raster, region: Region, quality: number): tf.Tensor4D {
  const size = sizeOf(raster);
  const area = inUnits(expand(region, 2, size)); // the colours of the next two pixels are mixed in
  const [h, w] = [area.height, area.width];
  return tf.tidy(() => {
    const pixels = tf.reshape(toLevels(readBeyond(raster, area)), [-1, 3]);
    const split = tf.add(tf.matMul(pixels, tf.tensor2d(FROM_RGB, [3, 3])), tf.tensor1d(MIDDLE));
    const [luma, ...colours] = tf.split(roundLevels(tf.reshape(split, [1, h, w, 3])), 3, 3) as tf.Tensor4D[];
    const light = rounded(luma!, quantisation("luma", quality));

    const most = { height: Math.ceil(size.height / 2) - area.top / 2, width: Math.ceil(size.width / 2) - area.left / 2 };
    const [height, width] = [Math.min(h / 2, most.height), Math.min(w / 2, most.width)];
    // libjpeg's averages of four are rounded up and down by turns where they are halves.
    const bias = tf.tensor4d(
      Array.from({ length: w / 2 }, (_, x) => (x % 2 ? 0.5 : 0.25)),
      [1, 1, w / 2, 1],
    );
    const steps = quantisation("colours", quality);
    const large = colours.map((colour) => {
      const small: tf.Tensor4D = tf.floor(tf.add(tf.avgPool(colour, 2, 2, "valid"), bias));
      const kept = read(rounded(small, steps), whole({ height, width }));
      return resample(kept, { outputSize: { height: 2 * height, width: 2 * width }, kernel: "linear", border: "replicate" });
    });
    const seen = within(region, area);
    const shown = [light, ...large].map((plane) => read(plane, seen));
    const centred = tf.sub(tf.reshape(tf.concat(shown, 3), [-1, 3]), tf.tensor1d(MIDDLE));
    const rgb = tf.matMul(centred, tf.tensor2d(TO_RGB, [3, 3]));
    return tf.div(roundLevels(tf.reshape(rgb, [1, region.height, region.width, 3])), 255);
  });
}

/** The units that a region touches, those at the picture's end in full. */
function inUnits({ top, left, height, width }: Region): Region {
  const start = (at: number) => Math.floor(at / UNIT) * UNIT;
  const length = (at: number, count: number) => Math.ceil((at + count) / UNIT) * UNIT - start(at);
  return { top: start(top), left: start(left), height: length(top, height), width: length(left, width) };
}
