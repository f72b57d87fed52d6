/**
 * Paints strokes on class probabilities. A stroke of mask m makes every place map·(1−m) + one-hot·m; an eraser brings the
 * predicted probabilities back in the same way; a fill is a stroke whose mask is the connected region of the most probable
 * class under its point. What lies between two fills is linear in the map, so its masks are put together on the host and
 * laid over the map at once.
 */
import * as tf from "@tensorflow/tfjs-core";
import { read, sizeOf, splice } from "../image/raster";
import { readScaled } from "../image/scaled";
import { expand, sameSize, whole, within } from "../region";
import { CLASSES, type Raster, type Region, type Size } from "../types";
import { argmax } from "./classes";
import { flood } from "./flood";
import { normalised } from "./normalise";
import { type Grid, strokeBox, strokeMask } from "./stroke-mask";
import { commonWords, parseStroke, type Stroke, strokeWords } from "./strokes";

/** Places of the map whose masks are on the host at once. */
const BAND_PLACES = 2 ** 18;
/** Regions are computed on a grid of this many places, so that textures and shaders are used again. */
const GRID = 128;

/** A prior to be painted on. */
export interface Canvas {
  readonly grid: Grid;
  /** The predicted probabilities `[1, H, W, 8]`, at any resolution. Borrowed. */
  readonly predicted: Raster;
  /** Lets messages in; throws once cancelled. */
  checkpoint(): Promise<void>;
}

export interface Painted {
  /** `[1, H, W, 8]`, owned by the caller. */
  readonly map: tf.Tensor4D;
  /** Where it differs from the last map. Undefined: nowhere. */
  readonly changed?: Region | undefined;
}

/** The predicted prior with all strokes of a stored text. Throws an error for a text that cannot be read. */
export async function paint(canvas: Canvas, text: string): Promise<tf.Tensor4D> {
  const strokes = parsed(strokeWords(text));
  const all = whole(canvas.grid.map);
  const start = predictedIn(canvas, all);
  try {
    return (await lay(canvas, strokes, start, all)).map;
  } finally {
    start.dispose();
  }
}

/**
 * `paint(canvas, text)`, made from the map of another text, `last`: only the places that the strokes in which the texts
 * differ can touch are computed. `changed` is where the predicted prior itself has changed, in its own places.
 */
export async function repaint(
  canvas: Canvas,
  text: string,
  last: { readonly map: tf.Tensor4D; readonly text: string },
  changed?: Region,
): Promise<Painted> {
  const [before, after] = [strokeWords(last.text), strokeWords(text)];
  const common = commonWords(before, after);
  if (common === before.length && !changed) return lay(canvas, parsed(after, common), last.map, whole(canvas.grid.map));

  const [old, now] = [parsed(before), parsed(after)];
  if ([...old, ...now].some(({ tool }) => tool === "fill")) {
    const map = await paint(canvas, text);
    return { map, changed: await difference(last.map, map) };
  }
  const boxes = [...old.slice(common), ...now.slice(common)].map((stroke) => strokeBox(stroke, canvas.grid));
  if (changed) boxes.push(placesOf(changed, canvas));
  const touched = around(boxes);
  if (!touched) return { map: tf.clone(last.map) };
  const region = onGrid(touched, canvas.grid.map);
  const start = predictedIn(canvas, region);
  let part: tf.Tensor4D | undefined;
  try {
    part = (await lay(canvas, now, start, region)).map;
    return { map: splice(last.map, part, region), changed: touched };
  } finally {
    tf.dispose([start, ...(part ? [part] : [])]);
  }
}

const parsed = (words: readonly string[], from = 0): Stroke[] =>
  words.slice(from).map((word, i) => parseStroke(word, from + i, words.length));

/** The predicted probabilities in a region of the grid's map. The caller owns them. */
function predictedIn({ grid, predicted }: Canvas, region: Region): tf.Tensor4D {
  return tf.tidy(() => normalised(readScaled(predicted, grid.map, region)));
}

/** A mask and what it brings: a class, or the predicted prior. */
interface Coat {
  readonly label: number | "predicted";
  readonly box: Region;
  mask(region: Region): Promise<Float32Array>;
}

/** Lays strokes over `map`, which is the part `window` of the whole. The result is new; `map` is borrowed. */
async function lay(canvas: Canvas, strokes: readonly Stroke[], map: tf.Tensor4D, window: Region): Promise<Painted> {
  const { grid, checkpoint } = canvas;
  let current = tf.clone(map);
  let touched: Region | undefined;
  let coats: Coat[] = [];
  const finish = async () => {
    const box = around(coats.map((coat) => coat.box));
    for (const band of box ? bands(overlap(onGrid(box, grid.map), window)!) : []) {
      const next = await coat(canvas, coats, current, band, window);
      current.dispose();
      current = next;
      await checkpoint();
    }
    touched = around([touched, box]);
    coats = [];
  };
  try {
    for (const stroke of strokes) {
      const { tool, label, strength } = stroke;
      if (tool === "fill") {
        await finish();
        const filled = await region(current, stroke, grid);
        if (filled) {
          for (let i = 0; i < filled.mask.length; i++) filled.mask[i]! *= strength;
          coats.push({ label, box: filled.box, mask: async (part) => cut(filled.mask, filled.box, part) });
        }
      } else {
        const box = overlap(strokeBox(stroke, grid), window);
        if (!box) continue;
        coats.push({
          label: tool === "eraser" ? "predicted" : label,
          box,
          mask: (part) => strokeMask(stroke, grid, part, checkpoint),
        });
      }
    }
    await finish();
    return { map: current, changed: touched };
  } catch (error) {
    current.dispose();
    throw error;
  }
}

/**
 * One band of the map with all coats that reach it. The shares of what is kept, brought back and painted sum to 1 in every
 * place, and so do the probabilities; a place that no coat touches stays what it was, to the last bit.
 */
async function coat(
  canvas: Canvas,
  coats: readonly Coat[],
  map: tf.Tensor4D,
  band: Region,
  window: Region,
): Promise<tf.Tensor4D> {
  const places = band.height * band.width;
  const classes = new Float32Array(places * CLASSES.length);
  const predicted = new Float32Array(places);
  const kept = new Float32Array(places).fill(1);
  let erased = false;
  for (const { label, box, mask } of coats) {
    const part = overlap(box, band);
    if (!part) continue;
    const values = await mask(part);
    erased ||= label === "predicted";
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value === 0) continue;
      const row = Math.floor(i / part.width);
      const at = (part.top - band.top + row) * band.width + part.left - band.left + (i - row * part.width);
      const rest = 1 - value;
      kept[at]! *= rest;
      predicted[at]! *= rest;
      for (let c = 0; c < CLASSES.length; c++) classes[at * CLASSES.length + c]! *= rest;
      if (label === "predicted") predicted[at]! += value;
      else classes[at * CLASSES.length + label]! += value;
    }
  }
  return tf.tidy(() => {
    const here = within(band, window);
    const share = (values: Float32Array) => tf.tensor4d(values, [1, band.height, band.width, 1]);
    const own = tf.mul(read(map, here), share(kept));
    const painted = tf.tensor4d(classes, [1, band.height, band.width, CLASSES.length]);
    const back = erased ? tf.mul(predictedIn(canvas, band), share(predicted)) : undefined;
    const mixed = tf.add(own, back ? tf.add(painted, back) : painted) as tf.Tensor4D;
    return splice(map, mixed, here);
  });
}

/** What a fill fills of the map as it is. */
async function region(map: tf.Tensor4D, { points }: Stroke, { picture, map: size }: Grid) {
  const labels = argmax(map);
  try {
    const x = Math.floor((points[0]! * size.width) / picture.width);
    const y = Math.floor((points[1]! * size.height) / picture.height);
    return flood(await labels.data(), size, x, y);
  } finally {
    labels.dispose();
  }
}

/** `part` of a mask that belongs to `box`. */
function cut(mask: Float32Array, box: Region, part: Region): Float32Array {
  const cut = new Float32Array(part.height * part.width);
  for (let row = 0; row < part.height; row++) {
    const start = (part.top - box.top + row) * box.width + part.left - box.left;
    cut.set(mask.subarray(start, start + part.width), row * part.width);
  }
  return cut;
}

/** Rows of a region, as many at a time as may be on the host at once. */
function bands({ top, left, height, width }: Region): Region[] {
  const rows = Math.max(1, GRID * Math.floor(BAND_PLACES / width / GRID));
  return Array.from({ length: Math.ceil(height / rows) }, (_, i) => ({
    top: top + i * rows,
    left,
    height: Math.min(rows, height - i * rows),
    width,
  }));
}

/** The region grown to the lines of the grid, as far as the map goes. */
function onGrid({ top, left, height, width }: Region, map: Size): Region {
  const [y, x] = [GRID * Math.floor(top / GRID), GRID * Math.floor(left / GRID)];
  return {
    top: y,
    left: x,
    height: Math.min(map.height, GRID * Math.ceil((top + height) / GRID)) - y,
    width: Math.min(map.width, GRID * Math.ceil((left + width) / GRID)) - x,
  };
}

/** The smallest region that holds all there are. */
function around(regions: readonly (Region | undefined)[]): Region | undefined {
  const all = regions.filter((region) => region !== undefined);
  if (!all.length) return undefined;
  const [top, left] = [Math.min(...all.map((one) => one.top)), Math.min(...all.map((one) => one.left))];
  const bottom = Math.max(...all.map((one) => one.top + one.height));
  return { top, left, height: bottom - top, width: Math.max(...all.map((one) => one.left + one.width)) - left };
}

function overlap(a: Region | undefined, b: Region): Region | undefined {
  if (!a) return undefined;
  const [top, left] = [Math.max(a.top, b.top), Math.max(a.left, b.left)];
  const height = Math.min(a.top + a.height, b.top + b.height) - top;
  const width = Math.min(a.left + a.width, b.left + b.width) - left;
  return height > 0 && width > 0 ? { top, left, height, width } : undefined;
}

/** The places of the grid that a region of the predicted prior has a say in: enlarging looks one place further. */
function placesOf(changed: Region, { grid: { map }, predicted }: Canvas): Region {
  const own: Size = sizeOf(predicted);
  if (sameSize(own, map)) return changed;
  const { top, left, height, width } = expand(changed, 1, own);
  const [down, across] = [map.height / own.height, map.width / own.width];
  const [y, x] = [Math.floor(top * down), Math.floor(left * across)];
  return {
    top: y,
    left: x,
    height: Math.min(map.height, Math.ceil((top + height) * down)) - y,
    width: Math.min(map.width, Math.ceil((left + width) * across)) - x,
  };
}

/** The smallest region outside of which two maps are the same. */
async function difference(a: tf.Tensor4D, b: tf.Tensor4D): Promise<Region | undefined> {
  const [rows, columns] = tf.tidy(() => {
    const places = tf.max(tf.abs(tf.sub(a, b)), [0, 3]);
    return [tf.max(places, 1), tf.max(places, 0)];
  }) as [tf.Tensor1D, tf.Tensor1D];
  try {
    const [down, across] = [await rows.data(), await columns.data()];
    const [top, left] = [down.findIndex((value) => value > 0), across.findIndex((value) => value > 0)];
    if (top < 0 || left < 0) return undefined;
    return {
      top,
      left,
      height: down.findLastIndex((value) => value > 0) + 1 - top,
      width: across.findLastIndex((value) => value > 0) + 1 - left,
    };
  } finally {
    tf.dispose([rows, columns]);
  }
}
