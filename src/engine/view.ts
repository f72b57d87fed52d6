/** Draws what flows between nodes: pictures, priors in class colours, conditions and features as three channels. */
import * as tf from "@tensorflow/tfjs-core";
import { type AnyNode, FACE, type Face } from "../graph/node";
import { HostRaster, read, sizeOf } from "../image/raster";
import { resample } from "../image/resample";
import { colourPrior } from "../prior/classes";
import { channelColours, colourKey } from "../prior/legend";
import { pixelsWithin, whole } from "../region";
import {
  type Condition,
  type Features,
  type Image,
  isDrawable,
  type Legend,
  type Prior,
  type Raster,
  type Region,
  type Sample,
  type Size,
} from "../types";

/** The socket to draw: the one asked for, or the first that can be drawn. */
export function drawnOutput(def: AnyNode, wanted?: string): { readonly name: string; readonly type: string } | undefined {
  const found = Object.entries(def.outputs)
    .map(([name, socket]) => ({ name, type: (socket as { type: string }).type }))
    .filter(({ name, type }) => isDrawable(type) && (wanted === undefined || name === wanted));
  return found[0];
}

/** The map that is drawn for a value of a socket's type. */
export const rasterOf = (type: string, value: unknown): Raster =>
  type === "image" ? (value as Image).rgb : (value as Prior | Condition | Features).map;

/** How opaque a picture is, in a map of one channel; undefined for one that is opaque, and for other values. */
export const opacityOf = (type: string, value: unknown): Raster | undefined =>
  type === "image" ? (value as Image).alpha : undefined;

/** What the colours of a value stand for, as they are drawn. */
export function legendOf(type: string, value: unknown): { readonly legend?: Legend } {
  const { kind, channels } = value as Prior;
  const legend =
    type === "prior" && kind === "probabilities" ? colourKey(channels) : type === "image" ? (value as Image).legend : undefined;
  return legend ? { legend } : {};
}

/** What a node shows on itself of its result. */
export function faceOf(outputs: Readonly<Record<string | symbol, unknown>>): { readonly face?: Face } {
  const face = outputs[FACE] as Face | undefined;
  return face ? { face } : {};
}

/** What a person should know of a node's result: see `Face.warnings`. */
export const warningsOf = (outputs: Readonly<Record<string | symbol, unknown>>): readonly string[] =>
  faceOf(outputs).face?.warnings ?? [];

/** What a pixel of a value holds; undefined beside it. What it needs of the value is read before the promise is returned. */
export async function sampleOf(type: string, value: unknown, x: number, y: number): Promise<Sample | undefined> {
  const raster = rasterOf(type, value);
  const { height, width } = sizeOf(raster);
  if (!(x >= 0 && y >= 0 && x < width && y < height)) return undefined;
  const pixel = read(raster, { left: Math.floor(x), top: Math.floor(y), width: 1, height: 1 });
  try {
    const values = [...(await pixel.data())];
    const { channels, kind } = value as Prior;
    return { type, values, ...(type === "prior" && { channels, kind }) };
  } finally {
    pixel.dispose();
  }
}

/** Pixels looked at for one bitmap; of more, every n-th is taken. */
const MOST_PIXELS = 2 ** 23;
/** Deferred maps are computed as they are read: more than this is not worth a look. */
const MOST_DEFERRED = 96 * 96;

/**
 * A region of a value as pixels `[height, width, 4]` of the size asked for, owned by the caller: averaged where it shrinks,
 * nearest where it grows. Opacity is `kept` as the fourth channel, or shown over a chequerboard. Undefined where drawing it would take a
 * run of its own.
 */
export function pixelsOf(
  type: string,
  value: unknown,
  region: Region | undefined,
  target: Size,
  mostDeferred = MOST_DEFERRED,
  opacity: "kept" | "chequers" = "chequers",
): tf.Tensor3D | undefined {
  const raster = rasterOf(type, value);
  const part = pixelsWithin(region ?? whole(sizeOf(raster)), sizeOf(raster));
  const deferred = !(raster instanceof tf.Tensor) && !(raster instanceof HostRaster);
  if (deferred && part.height * part.width > mostDeferred) return undefined;
  return tf.tidy(() => {
    const rgb = colours(type, value, sample(raster, part));
    const shown = fit(rgb, target);
    const opaque = tf.ones([1, target.height, target.width, 1]) as tf.Tensor4D;
    const map = opacityOf(type, value);
    const alpha = map && fit(sample(map, part), target);
    const rgba = !alpha ? [shown, opaque] : opacity === "kept" ? [shown, alpha] : [overChequers(shown, alpha), opaque];
    return tf.reshape(tf.concat(rgba, 3), [target.height, target.width, 4]) as tf.Tensor3D;
  });
}

function sample(raster: Raster, region: Region): tf.Tensor4D {
  const step = Math.ceil(Math.sqrt((region.height * region.width) / MOST_PIXELS));
  return raster instanceof HostRaster && step > 1 ? raster.every(step, region) : read(raster, region);
}

/** A map `[1, h, w, c]` as colours `[1, h, w, 3]`. */
function colours(type: string, value: unknown, map: tf.Tensor4D): tf.Tensor4D {
  if (type === "image") return map;
  const channels = map.shape[3];
  if (type === "prior") {
    return colourPrior((value as Prior).kind === "map" ? stretched(map) : map, channelColours(channels));
  }
  const third = Math.max(1, Math.floor(channels / 3));
  const mean = (i: number) =>
    tf.mean(tf.slice(map, [0, 0, 0, Math.min(i * third, channels - third)], [-1, -1, -1, third]), 3, true);
  return tf.concat(
    [0, 1, 2].map((i) => stretched(mean(i) as tf.Tensor4D)),
    3,
  );
}

/** Of a map whose values differ by no more than this share of the largest, differences are of rounding and none are shown. */
const EVEN = 1e-5;

/**
 * Stretched so that the smallest value is black and the largest white. A map that is the same everywhere, as the condition of a
 * constant prior is, has neither: it is drawn in the grey that its value x, of any size, has among all there may be,
 * ½ + x / (2 + 2 |x|), so that 0 is the middle one.
 */
function stretched(map: tf.Tensor4D): tf.Tensor4D {
  const [low, high] = [tf.min(map), tf.max(map)];
  const range = tf.sub(high, low);
  const isEven = tf.lessEqual(range, tf.maximum(tf.mul(EVEN, tf.maximum(tf.abs(low), tf.abs(high))), 1e-9));
  const grey = tf.add(0.5, tf.div(low, tf.add(2, tf.mul(2, tf.abs(low)))));
  const spread = tf.div(tf.sub(map, low), tf.maximum(range, 1e-12));
  return tf.where(tf.broadcastTo(isEven, map.shape), tf.broadcastTo(grey, map.shape), spread) as tf.Tensor4D;
}

function fit(map: tf.Tensor4D, outputSize: Size): tf.Tensor4D {
  const [, height, width] = map.shape;
  const shrinks = outputSize.height < height || outputSize.width < width;
  return resample(map, { outputSize, kernel: shrinks ? "linear" : "nearest", border: "replicate" });
}

function overChequers(rgb: tf.Tensor4D, alpha: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = rgb.shape;
  const squares = (length: number) => tf.floor(tf.div(tf.range(0, length, 1, "float32"), 8));
  const both = tf.add(tf.reshape(squares(height), [1, height, 1, 1]), tf.reshape(squares(width), [1, 1, width, 1]));
  const chequers = tf.add(tf.mul(tf.mod(both, 2), 0.15), 0.6);
  return tf.add(tf.mul(rgb, alpha), tf.mul(chequers, tf.sub(1, alpha)));
}
