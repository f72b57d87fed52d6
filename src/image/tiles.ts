/**
 * Exact tiles. A function that sees `reach` pixels around each pixel gives the same result in tiles as in one piece when
 * every tile is computed from a window that is `reach` wider on each side. Windows all have one size, so that textures and
 * shaders are used again.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { grow, sameSize, scaled, whole, within } from "../region";
import type { Raster, Region, Size } from "../types";
import { HostRaster, joined, read } from "./raster";

/** A picture larger than this, in bytes of float samples, is refused: it would not fit in host memory either. */
const HOST_LIMIT = 3 * 2 ** 30;

export interface Tiling {
  /** The picture's size in pixels. */
  readonly size: Size;
  /** The part of it to compute, cut into tiles. Absent: all of it. */
  readonly region?: Region;
  /** How many pixels around it each pixel of the result depends on. */
  readonly reach: number;
  /** How many times the result is larger, each way, and its channels. */
  readonly scale: number;
  readonly channels: number;
  /** Bytes of tensors the function needs for each pixel of its window. */
  readonly bytesPerPixel: number;
}

/** Cuts the picture into equal tiles, each of whose windows holds at most `pixels` pixels if that is possible. */
export function tiles({ height, width }: Size, reach: number, pixels: number): Region[] {
  const side = Math.max(8, Math.floor(Math.sqrt(pixels)) - 2 * reach);
  // A picture that is narrow one way can be cut coarser the other way; a side that is not cut has no margin.
  const most = (room: number, length: number) => Math.max(side, room >= length ? length : room - 2 * reach);
  const tileHeight = even(height, most(Math.floor(pixels / Math.min(width, side + 2 * reach)), height));
  const tileWidth = even(width, most(Math.floor(pixels / Math.min(height, tileHeight + 2 * reach)), width));
  const regions: Region[] = [];
  for (let top = 0; top < height; top += tileHeight)
    for (let left = 0; left < width; left += tileWidth)
      regions.push({ top, left, height: Math.min(tileHeight, height - top), width: Math.min(tileWidth, width - left) });
  return regions;
}

/** The length of parts, none longer than `most`, that share `length` evenly. */
const even = (length: number, most: number) => Math.ceil(length / Math.ceil(length / most));

/** Tiles grow no larger than this, in pixels of their window: a cancelled run stops within one tile. */
const TILE_PIXELS = 192 * 192;

/** Bytes of the result for an area of a picture. Throws an error where they do not fit in host memory. */
export function bytesOfResult(area: Size, scale: number, channels: number): number {
  const bytes = area.height * area.width * scale * scale * channels * 4;
  if (bytes <= HOST_LIMIT) return bytes;
  const side = Math.floor(Math.sqrt(HOST_LIMIT / (4 * channels)) / scale);
  throw new Error(
    `the result would have ${area.width * scale} × ${area.height * scale} pixels and take ${gigabytes(bytes)}; ` +
      `at most ${gigabytes(HOST_LIMIT)} fit: give a picture of up to ${side} × ${side} pixels`,
  );
}

/**
 * Computes a raster tile by tile; `compute` is given a window of the picture and returns that window's result,
 * `[1, height·scale, width·scale, channels]`. The result is one tensor where it takes no more than half the budget; finished
 * tiles go to host memory otherwise. Stops between tiles when cancelled; leaves no tensor behind then.
 */
export async function mapTiles(
  { size, region: area = whole(size), reach, scale, channels, bytesPerPixel }: Tiling,
  { budget, checkpoint, progress }: Pick<Context, "budget" | "checkpoint" | "progress">,
  compute: (window: Region) => tf.Tensor4D,
): Promise<Raster> {
  const bytes = bytesOfResult(area, scale, channels);
  const regions = tiles(area, reach, Math.min(TILE_PIXELS, budget / 2 / bytesPerPixel)).map((tile) => ({
    ...tile,
    top: tile.top + area.top,
    left: tile.left + area.left,
  }));
  const host = bytes > budget / 2 ? new Float32Array(bytes / 4) : undefined;
  const done: tf.Tensor4D[] = [];
  try {
    for (const [index, region] of regions.entries()) {
      const tile = tf.tidy(() => {
        const window = grow(region, reach, size);
        const result = compute(window);
        return sameSize(region, window) ? result : read(result, scaled(within(region, window), scale));
      });
      done.push(tile);
      if (host) {
        place(await tile.data<"float32">(), scaled(within(region, area), scale), host, area.width * scale, channels);
        done.pop()!.dispose();
      }
      progress((index + 1) / regions.length);
      await checkpoint();
    }
    const all = { height: area.height * scale, width: area.width * scale };
    if (host) return new HostRaster(all, channels, host);
    if (done.length === 1) return done[0]!;
    const picture = joined(
      done.map((map, i) => ({ map, ...scaled(within(regions[i]!, area), scale) })),
      all,
    );
    tf.dispose(done);
    return picture;
  } catch (error) {
    tf.dispose(done);
    throw error;
  }
}

/** Copies a tile's samples to their place among a picture's, which has so many columns. */
export function place(
  tile: Float32Array,
  { top, left, height, width }: Region,
  picture: Float32Array,
  columns: number,
  channels: number,
): void {
  for (let y = 0; y < height; y++)
    picture.set(tile.subarray(y * width * channels, (y + 1) * width * channels), ((top + y) * columns + left) * channels);
}

const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`;
