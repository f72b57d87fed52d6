/** Whether a prior is like those that weights were trained on. Nothing is forbidden here: a prior may be meant otherwise. */
import * as tf from "@tensorflow/tfjs-core";
import { read, sizeOf } from "../image/raster";
import { statistics } from "../image/statistics";
import { mapTiles } from "../image/tiles";
import { DEPTH_CHANNELS, withEmpty } from "../prior/depth";
import { quoted } from "../quoted";
import { CLASSES, type Model, type Prior } from "../types";
import type { Work } from "./stage";

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
  const classes = channelsOf(model);
  if (count !== model.classes) warnings.push(`it has ${count} ${count === 1 ? "channel" : "channels"}, not ${model.classes}`);
  if (classes && count === classes.length) warnings.push(...misnamed(prior.channels, classes));
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

/** Depth where classes are expected, classes where depth is; else the first channel that is not what is expected there. */
function misnamed(channels: readonly string[], expected: readonly string[]): string[] {
  const first = expected.findIndex((name, i) => name !== channels[i]);
  if (first < 0) return [];
  const [found, wanted] = [meaning(channels), meaning(expected)];
  if (found && wanted) return [`it is ${found}, where ${wanted} is expected`];
  return [`channel ${first + 1} is ${quoted(channels[first]!)} where ${quoted(expected[first]!)} is expected`];
}

function meaning(channels: readonly string[]): string | undefined {
  const are = (names: readonly string[]) => names.every((name, i) => name === channels[i]);
  if (are(DEPTH_CHANNELS)) return "depth (near and far)";
  return are(CLASSES) ? "a prior of classes" : undefined;
}

/**
 * What each channel of a model's prior is, as the weights' file says: those it does not name are empty, as depth's are. The
 * eight classes where it says nothing and there are eight channels.
 */
export function channelsOf({ metadata, classes }: Model): readonly string[] | undefined {
  const said = metadata.classes?.split(",").map((name) => name.trim());
  if (said && said.length <= classes) return withEmpty(said, classes);
  return classes === CLASSES.length ? CLASSES : undefined;
}

const short = (value: number) => String(Number(value.toPrecision(3)));
