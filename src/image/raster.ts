/**
 * Rasters: maps `[1, h, w, c]` in one tensor, in host memory, or computed region by region on demand. Whoever works in tiles
 * reads regions and need not know which.
 */
import * as tf from "@tensorflow/tfjs-core";
import { sameSize, whole } from "../region";
import type { Image, Raster, Region, Regional, Resource, Size } from "../types";

/** Height and width. */
export const sizeOf = (raster: Raster): Size => ({ height: raster.shape[1], width: raster.shape[2] });

/** A kernel that makes a map of parts, on backends that have it: see src/kernels/webgl/assemble.ts. */
export const ASSEMBLE = "Assemble";
export interface AssembleAttributes {
  readonly size: Size;
  /** Of the top left pixel of each part. */
  readonly places: readonly { readonly top: number; readonly left: number }[];
}

/** A part `[1, h, w, c]` of a map, and where its top left pixel is there. */
export interface Part {
  readonly map: tf.Tensor4D;
  readonly top: number;
  readonly left: number;
}

/** A map of parts that cover it, later ones over earlier; undefined where there is no kernel for that. */
function byKernel(parts: readonly Part[], { height, width }: Size): tf.Tensor4D | undefined {
  if (!tf.getKernel(ASSEMBLE, tf.getBackend()) || parts.some(({ map }) => map.dtype !== "float32")) return undefined;
  const inputs = Object.fromEntries(parts.map(({ map }, i) => [i, map]));
  const attributes: AssembleAttributes = { size: { height, width }, places: parts.map(({ top, left }) => ({ top, left })) };
  return tf.engine().runKernel(ASSEMBLE, inputs, attributes as unknown as tf.NamedAttrMap);
}

/** A map of this size of tiles in rows from the top, all of one row as high as each other. The caller owns the result. */
export function joined(tiles: readonly Part[], size: Size): tf.Tensor4D {
  const found = byKernel(tiles, size);
  if (found) return found;
  const along = (maps: tf.Tensor4D[], axis: number) => (maps.length === 1 ? maps[0]! : (tf.concat(maps, axis) as tf.Tensor4D));
  return tf.tidy(() => {
    const tops = [...new Set(tiles.map(({ top }) => top))];
    const rows = tops.map((top) => tiles.flatMap((tile) => (tile.top === top ? [tile.map] : [])));
    return tf.clone(
      along(
        rows.map((row) => along(row, 2)),
        1,
      ),
    );
  });
}

/** The region of a raster as a tensor `[1, height, width, c]` that the caller owns. */
export function read(raster: Raster, region: Region): tf.Tensor4D {
  if (!(raster instanceof tf.Tensor)) return raster.read(region);
  const { top, left, height, width } = region;
  if (sameSize(region, sizeOf(raster))) return tf.clone(raster); // a slice of all of it would be a copy on the GPU
  const found = byKernel([{ map: raster, top: -top, left: -left }], region);
  if (found) return found;
  return tf.slice(raster, [0, top, left, 0], [1, height, width, raster.shape[3]]);
}

/** A region that may reach beyond the raster, whose edge pixels then go on. The caller owns the result. */
export function readBeyond(raster: Raster, { top, left, height, width }: Region): tf.Tensor4D {
  const size = sizeOf(raster);
  const places = (start: number, count: number, limit: number) =>
    Array.from({ length: count }, (_, i) => Math.min(Math.max(start + i, 0), limit - 1));
  const [rows, columns] = [places(top, height, size.height), places(left, width, size.width)];
  const inside = {
    top: rows[0]!,
    left: columns[0]!,
    height: rows.at(-1)! - rows[0]! + 1,
    width: columns.at(-1)! - columns[0]! + 1,
  };
  return tf.tidy(() => {
    const part = read(raster, inside);
    if (sameSize(inside, { height, width })) return part;
    const pick = (x: tf.Tensor4D, at: number[], axis: number) =>
      tf.gather(
        x,
        tf.tensor1d(
          at.map((place) => place - at[0]!),
          "int32",
        ),
        axis,
      );
    return pick(pick(part, rows, 1), columns, 2);
  });
}

/** `map` `[1, h, w, c]` with `part` in place of one region of it. The caller owns the result. */
export function splice(map: tf.Tensor4D, part: tf.Tensor4D, { top, left, height, width }: Region): tf.Tensor4D {
  const found = byKernel(
    [
      { map, top: 0, left: 0 },
      { map: part, top, left },
    ],
    sizeOf(map),
  );
  if (found) return found;
  const [, rows, columns] = map.shape;
  const piece = (y: number, x: number, h: number, w: number) =>
    h > 0 && w > 0 ? [read(map, { top: y, left: x, height: h, width: w })] : [];
  return tf.tidy(() => {
    const right = left + width;
    const bottom = top + height;
    const middle = [...piece(top, 0, height, left), part, ...piece(top, right, height, columns - right)];
    const band = middle.length === 1 ? part : (tf.concat(middle, 2) as tf.Tensor4D);
    const bands = [...piece(0, 0, top, columns), band, ...piece(bottom, 0, rows - bottom, columns)];
    return bands.length === 1 ? (tf.clone(band) as tf.Tensor4D) : (tf.concat(bands, 1) as tf.Tensor4D);
  });
}

/** Samples in host memory, rows of pixels; `maximum` is what stands for 1. */
export class HostRaster implements Regional {
  readonly shape: readonly [1, number, number, number];
  readonly bytes: number;
  readonly sources = [];

  constructor(
    size: Size,
    channels: number,
    readonly samples: Float32Array | Uint8Array | Uint16Array,
    readonly maximum = 1,
  ) {
    this.shape = [1, size.height, size.width, channels];
    this.bytes = samples.byteLength;
  }

  read({ top, left, height, width }: Region): tf.Tensor4D {
    const [, , columns, channels] = this.shape;
    const part = new Float32Array(height * width * channels);
    for (let y = 0; y < height; y++) {
      const start = ((top + y) * columns + left) * channels;
      part.set(this.samples.subarray(start, start + width * channels), y * width * channels);
    }
    if (this.maximum !== 1) for (let i = 0; i < part.length; i++) part[i]! /= this.maximum;
    return tf.tensor4d(part, [1, height, width, channels]);
  }

  /** Every `step`-th pixel of the region, each way: for looking at large pictures. The caller owns the result. */
  every(step: number, { top, left, height, width }: Region): tf.Tensor4D {
    const [, , columns, channels] = this.shape;
    const [rows, across] = [Math.ceil(height / step), Math.ceil(width / step)];
    const part = new Float32Array(rows * across * channels);
    let i = 0;
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < across; x++) {
        const at = ((top + y * step) * columns + left + x * step) * channels;
        for (let c = 0; c < channels; c++) part[i++] = this.samples[at + c]! / this.maximum;
      }
    return tf.tensor4d(part, [1, rows, across, channels]);
  }

  dispose(): void {}
}

/** A map computed from others whenever a region of it is read. `compute` runs in a `tf.tidy`. */
export class DeferredRaster implements Regional {
  readonly bytes = 0;

  constructor(
    readonly shape: readonly [1, number, number, number],
    /** Every tensor and raster that `compute` uses. */
    readonly sources: readonly (tf.Tensor | Resource)[],
    private readonly compute: (region: Region) => tf.Tensor4D,
  ) {}

  read(region: Region): tf.Tensor4D {
    return tf.tidy(() => this.compute(region));
  }

  dispose(): void {}
}

/** The shape of a map that is to come: nothing of it can be read. */
export class ShapeOnly implements Regional {
  readonly shape: readonly [1, number, number, number];
  readonly sources = [];
  /** Bytes that the map is going to hold. */
  readonly bytes: number;

  /** `later`: multiply-adds left to whoever reads the map, of one that is computed as it is read and holds nothing. */
  constructor(
    { height, width }: Size,
    channels: number,
    readonly later?: number,
  ) {
    this.shape = [1, height, width, channels];
    this.bytes = later === undefined ? 4 * height * width * channels : 0;
  }

  read(): never {
    throw new Error("this map has yet to be computed: only its shape is known");
  }

  dispose(): void {}
}

/** What is known of an image's like of another size that is to come. */
export const ofSize = ({ alpha }: Image, size: Size): Image => ({
  rgb: new ShapeOnly(size, 3),
  ...(alpha && { alpha: new ShapeOnly(size, 1) }),
});

/** Samples as a raster: one tensor where it weighs no more than `budget` bytes, host memory otherwise. */
export function fromSamples(
  size: Size,
  channels: number,
  samples: Float32Array | Uint8Array | Uint16Array,
  maximum: number,
  budget: number,
): Raster {
  const host = new HostRaster(size, channels, samples, maximum);
  return samples.length * 4 <= budget ? host.read(whole(size)) : host;
}
