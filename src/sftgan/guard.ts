/** Whether a prior is like those that weights were trained on. Nothing is forbidden here: a prior may be meant otherwise. */
import * as tf from "@tensorflow/tfjs-core";
import { read, sizeOf } from "../image/raster";
import { statistics } from "../image/statistics";
import { mapTiles } from "../image/tiles";
import { CLASSES, type Model, type Prior } from "../types";
import { quoted } from "../weights/wording";
import type { Work } from "./trunk";

/** What the values of a prior's map are like. */
export interface PriorFacts {
  /** Smallest and largest sum over the channels. */
  readonly sums: readonly [number, number];
  readonly least: number;
  /** Mean of every place's largest channel: 1 where each place has one class for certain. */
  readonly certainty: number;
}

/** Sums this far from 1 come from rounding, such as to 8 bits or 16-bit floats. */
const ROUNDING = 0.02;
/** A segmentation is never this sure in the mean. */
const CERTAIN = 0.9999;

/** Looks at all values of a prior; a few numbers are read back. */
export async function priorFacts({ map }: Prior, work: Work): Promise<PriorFacts> {
  const tiling = { size: sizeOf(map), reach: 0, scale: 1, channels: 3, bytesPerPixel: 4 * (map.shape[3] + 8) };
  const looks = await mapTiles(tiling, work, (window) =>
    tf.tidy(() => {
      const x = read(map, window);
      return tf.concat([tf.sum(x, 3, true), tf.min(x, 3, true), tf.max(x, 3, true)], 3) as tf.Tensor4D;
    }),
  );
  try {
    const [sum, least, most] = await statistics(looks, work);
    return { sums: [sum!.min, sum!.max], least: least!.min, certainty: most!.mean };
  } finally {
    looks.dispose();
  }
}

/**
 * What about a prior lies outside what the model was trained on, a clause for each; none: nothing. Without facts it is judged
 * by what the prior says of itself, which costs nothing; so is a map, whose values may be any.
 */
export function priorWarnings(prior: Prior, model: Model, facts?: PriorFacts): string[] {
  if (model.condition === 0) return [`"${model.name}" takes no prior`];
  const warnings: string[] = [];
  const count = prior.channels.length;
  const classes = classesOf(model);
  if (count !== model.classes) warnings.push(`it has ${count} ${count === 1 ? "channel" : "channels"}, not ${model.classes}`);
  const other = classes && count === classes.length ? classes.findIndex((name, i) => name !== prior.channels[i]) : -1;
  if (other >= 0)
    warnings.push(`channel ${other + 1} is ${quoted(prior.channels[other]!)} where ${quoted(classes![other]!)} is expected`);
  if (prior.kind === "map") warnings.push("it is a map, not probabilities");
  if (!facts || prior.kind === "map") return warnings;
  const { sums, least, certainty } = facts;
  if (least < -ROUNDING) warnings.push(`it has values below 0, down to ${short(least)}`);
  if (sums[0] < 1 - ROUNDING || sums[1] > 1 + ROUNDING)
    warnings.push(`its channels sum to ${short(sums[0])} … ${short(sums[1])}, not to 1`);
  else if (count > 1 && least >= -ROUNDING && certainty > CERTAIN)
    warnings.push("it is certain of one class at every place, where soft probabilities are expected");
  return warnings;
}

/** The class of each channel, as the weights' file says; the eight classes where it says nothing and they are eight. */
function classesOf({ metadata, classes }: Model): readonly string[] | undefined {
  const said = metadata.classes?.split(",").map((name) => name.trim());
  if (said?.length === classes) return said;
  return classes === CLASSES.length ? CLASSES : undefined;
}

const short = (value: number) => String(Number(value.toPrecision(3)));
