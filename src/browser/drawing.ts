/** A part of a value as a bitmap, within what browsers and the GPU can hold. */
import { drawnOutput, faceOf, legendOf, opacityOf, pixelsOf, rasterOf } from "../engine/view";
import type { Outputs } from "../graph/cache";
import type { AnyNode } from "../graph/node";
import { sizeOf } from "../image/raster";
import type { Region, Size } from "../types";
import { draw, drawFromMemory } from "../webgl/draw";
import type { View, ViewRequest } from "./protocol";

/** Bitmaps are no larger than this, each way and in all: a texture of floats is sixteen bytes a pixel. */
const MOST_SIDE = 8192;
const MOST_PIXELS = 2 ** 24;

/** Pixels of a deferred map that are computed at once for what is in focus: a run is stopped before or after. */
export const MOST_IN_FOCUS = 384 * 384;
/** Of a picture of which more than this is in focus, all is computed at once: around a part, much is computed beside it. */
const LARGEST_PART = 0.25;

/** Whether looking at a region first is worth while. */
export const isSmallPart = (region: Size, { height, width }: Size): boolean =>
  region.height * region.width <= LARGEST_PART * height * width;

/**
 * The region asked for, or undefined where drawing it takes a run of its own: deferred maps are computed as they are read,
 * up to `mostDeferred` pixels. What it needs of `value` is read before the promise is returned.
 */
export async function drawPart(
  type: string,
  value: unknown,
  { region, width, height, opacity }: Pick<ViewRequest, "width" | "height" | "opacity"> & { readonly region?: Region },
  mostDeferred?: number,
): Promise<Pick<View, "bitmap" | "size"> | undefined> {
  const pixels = pixelsOf(type, value, region, bitmapSize(width, height), mostDeferred, opacity);
  if (!pixels) return undefined;
  const size = sizeOf(rasterOf(type, value));
  const drawn = opacity === "kept" && opacityOf(type, value) ? drawFromMemory(pixels) : draw(pixels);
  pixels.dispose();
  return { bitmap: await drawn, size };
}

/**
 * What is asked for of a node's outputs, `key` being theirs; undefined where that is nothing, or cannot be drawn. What it needs
 * of them is read before the promise is returned.
 */
export async function drawView(def: AnyNode, outputs: Outputs, key: string, request: ViewRequest): Promise<View | undefined> {
  const socket = drawnOutput(def, request.output);
  const value = socket && outputs[socket.name];
  const drawn = socket && (await drawPart(socket.type, value, request));
  return drawn && { ...drawn, key, ...legendOf(socket.type, value), ...faceOf(outputs) };
}

/** The size asked for, made whole, and smaller in proportion where it is too large. */
function bitmapSize(width: number, height: number): Size {
  const factor = Math.min(1, MOST_SIDE / width, MOST_SIDE / height, Math.sqrt(MOST_PIXELS / (width * height)));
  const side = (length: number) => Math.max(1, Math.round(length * factor) || 1);
  return { height: side(height), width: side(width) };
}
