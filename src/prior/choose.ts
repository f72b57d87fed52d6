/** A prior chosen among several: one for the whole picture, others for single regions of it. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { readScaled } from "../image/scaled";
import { mapTiles } from "../image/tiles";
import { sizeText } from "../region";
import { CLASSES, type Prior, type Region, type Size } from "../types";
import { argmax, oneHot } from "./classes";
import type { Choice } from "./contact-sheet";
import { flood } from "./flood";
import type { RegionPick } from "./picks";

type Work = Pick<Context, "budget" | "checkpoint" | "progress">;

/** Places whose labels are found at once. */
const BAND_PLACES = 2 ** 18;

/** What there is to choose from, beside the eight classes. */
export interface Given {
  readonly predicted: Prior;
  readonly yours?: Prior | undefined;
}

/** The picture a prior is for, and the places of the map that its regions are found on. */
export interface Places {
  readonly picture: Size;
  readonly map: Size;
}

/** The prior that a choice is; undefined for a class, and for yours where there is none. */
export const priorOf = ({ predicted, yours }: Given, choice: Choice): Prior | undefined =>
  choice === "predicted" ? predicted : choice === "yours" ? yours : undefined;

const ONE_PLACE: Size = { height: 1, width: 1 };

/** The class of a choice in one place. The caller owns it. */
const oneClass = (choice: Choice) => oneHot(Uint8Array.of(CLASSES.indexOf(choice as (typeof CLASSES)[number])), ONE_PLACE);

/** One class everywhere, in a map of one place. The caller owns it. */
export const everywhere = (choice: Choice, picture: Size): Prior => ({
  map: oneClass(choice),
  channels: CLASSES,
  kind: "probabilities",
  picture,
});

/** The most probable class of each place of a prior, row by row; the first of equals. */
export async function labelPlaces({ map }: Prior, size: Size, checkpoint: () => Promise<void>): Promise<Uint8Array> {
  const labels = new Uint8Array(size.height * size.width);
  const rows = Math.max(1, Math.floor(BAND_PLACES / size.width));
  for (let top = 0; top < size.height; top += rows) {
    const height = Math.min(rows, size.height - top);
    const band = tf.tidy(() => argmax(readScaled(map, size, { top, left: 0, height, width: size.width })));
    try {
      labels.set(await band.data(), top * size.width);
    } finally {
      band.dispose();
    }
    await checkpoint();
  }
  return labels;
}

/** Which choice each place has: 0 for the one everywhere, else one more than an index in `choices`. */
export interface Regions {
  readonly owners: Uint8Array;
  readonly choices: readonly Choice[];
}

/**
 * Gives each pick the connected places of one label around it; where two have the same, the later has it. Throws an error for
 * a pick beside the picture.
 */
export async function regionsOf(
  labels: Uint8Array,
  { picture, map }: Places,
  picks: readonly RegionPick[],
  checkpoint: () => Promise<void>,
): Promise<Regions> {
  const owners = new Uint8Array(labels.length);
  const choices = [...new Set(picks.map(({ choice }) => choice))];
  for (const [i, pick] of picks.entries()) {
    const found = floodAt(labels, { picture, map }, pick);
    if (!found)
      throw new Error(
        `region ${i + 1} of ${picks.length} lies at (${pick.x}, ${pick.y}), beside the picture of ${sizeText(picture)}: undo it, or clear the regions on the contact sheet`,
      );
    const owner = 1 + choices.indexOf(pick.choice);
    const { box, mask } = found;
    for (let row = 0; row < box.height; row++) {
      const start = (box.top + row) * map.width + box.left;
      for (let column = 0; column < box.width; column++) if (mask[row * box.width + column]) owners[start + column] = owner;
    }
    await checkpoint();
  }
  return { owners, choices };
}

/** The connected places of one label around a pick; undefined where it lies beside the picture. */
const floodAt = (labels: Uint8Array, { picture, map }: Places, { x, y }: RegionPick) =>
  flood(labels, map, Math.floor((x * map.width) / picture.width), Math.floor((y * map.height) / picture.height));

/** Where two ways to give places to choices differ: the smallest region that holds all such places. */
export function regionsDiffer(a: Regions, b: Regions, { width }: Size): Region | undefined {
  const name = ({ owners, choices }: Regions, i: number) => (owners[i] ? choices[owners[i]! - 1] : undefined);
  let [top, left, bottom, right] = [Infinity, Infinity, -1, -1];
  for (let i = 0; i < a.owners.length; i++) {
    if (name(a, i) === name(b, i)) continue;
    const [row, column] = [Math.floor(i / width), i % width];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
  }
  return bottom < 0 ? undefined : { top, left, height: bottom + 1 - top, width: right + 1 - left };
}

/** The prior `choice` everywhere, and in regions what they have: `[1, H, W, 8]` at the places' resolution. The caller owns it. */
export async function chosenByRegion(
  given: Given,
  choice: Choice,
  { owners, choices }: Regions,
  { picture, map: size }: Places,
  work: Work,
): Promise<Prior> {
  const channels = CLASSES.length;
  const used = [choice, ...choices].flatMap((one) => priorOf(given, one) ?? []);
  const bytesPerPixel = 4 * channels * (4 + 2 * used.length);
  const map = await mapTiles({ size, reach: 0, scale: 1, channels, bytesPerPixel }, work, (window) =>
    tf.tidy(() => {
      const inWindow = cut(owners, size.width, window);
      let mixed = mapOf(given, choice, size, window);
      for (const [i, one] of choices.entries()) {
        const mask = Float32Array.from(inWindow, (owner) => Number(owner === i + 1));
        if (!mask.includes(1)) continue;
        const share = tf.tensor4d(mask, [1, window.height, window.width, 1]);
        mixed = tf.add(tf.mul(mixed, tf.sub(1, share)), tf.mul(mapOf(given, one, size, window), share));
      }
      return mixed;
    }),
  );
  const kind = used.every((prior) => prior.kind === "probabilities") ? "probabilities" : "map";
  return { map, channels: CLASSES, kind, picture };
}

function mapOf(given: Given, choice: Choice, size: Size, window: Region): tf.Tensor4D {
  const prior = priorOf(given, choice);
  if (prior) return readScaled(prior.map, size, window);
  return tf.tile(oneClass(choice), [1, window.height, window.width, 1]);
}

/** The part of a map of single values that a window has. */
function cut(values: Uint8Array, columns: number, { top, left, height, width }: Region): Uint8Array {
  const part = new Uint8Array(height * width);
  for (let row = 0; row < height; row++) {
    const start = (top + row) * columns + left;
    part.set(values.subarray(start, start + width), row * width);
  }
  return part;
}
