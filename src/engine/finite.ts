/**
 * Whether what a node hands on are numbers. Weights or priors whose values are too large overflow, in whatever node first
 * computes with them; without a word there, a black picture would come out at the end.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Sockets } from "../graph/node";
import type { ExecutorOptions } from "../graph/running";
import { HostRaster, read, sizeOf } from "../image/raster";
import { sumOfSquares } from "../image/sum-of-squares";
import { whole } from "../region";
import { isDrawable, type Raster, type Region } from "../types";
import { requireMaps } from "./maps";
import { rasterOf } from "./view";

/** Rasters found to be all numbers: a node may hand on what it was given. */
const checked = new WeakSet<Raster>();

/** From here on a float32 has a square that is not finite. */
const TOO_LARGE = 2 ** 64;

/** Samples looked at between two checkpoints. */
const AT_ONCE = 2 ** 23;

/**
 * Throws an error where an output is no map of its socket's shape, or has a value that is not finite, or so large that its
 * square is not: the next node would overflow, and a ReLU there may make zeros of that. What an update left as it was is not
 * looked at again; what is computed as it is read says so where it is read for good. One reduction for each output, read back
 * where the executor waits for the node's work anyway.
 */
export const requireFinite: NonNullable<ExecutorOptions<unknown>["check"]> = async (def, outputs, changed, checkpoint) => {
  requireMaps(def, outputs);
  for (const [name, { type }] of Object.entries(def.outputs as Sockets)) {
    const region = changed?.[name];
    if (!isDrawable(type) || (changed && !region)) continue;
    const raster = rasterOf(type, outputs[name]);
    if (checked.has(raster)) continue;
    if (!(await isComputable(raster, region ?? whole(sizeOf(raster)), checkpoint)))
      throw new Error(
        `the ${type} came out with values that are too large to compute with, or no numbers at all: use other weights, or a prior of smaller values`,
      );
    checked.add(raster);
  }
};

async function isComputable(raster: Raster, region: Region, checkpoint: () => Promise<void>): Promise<boolean> {
  if (raster instanceof HostRaster) return !(raster.samples instanceof Float32Array) || areComputable(raster.samples, checkpoint);
  if (!(raster instanceof tf.Tensor)) return true;
  // Infinity and NaN go through every sum. A sum may overflow where no square does: then each is looked at.
  const sum = tf.tidy(() => sumOfSquares(read(raster, region)));
  try {
    if (Number.isFinite((await sum.data())[0])) return true;
  } finally {
    sum.dispose();
  }
  const values = tf.tidy(() => read(raster, region));
  try {
    return await areComputable(await values.data<"float32">(), checkpoint);
  } finally {
    values.dispose();
  }
}

async function areComputable(samples: Float32Array, checkpoint: () => Promise<void>): Promise<boolean> {
  for (let start = 0; start < samples.length; start += AT_ONCE) {
    if (start > 0) await checkpoint();
    const end = Math.min(start + AT_ONCE, samples.length);
    for (let i = start; i < end; i++) if (!(Math.abs(samples[i]!) < TOO_LARGE)) return false;
  }
  return true;
}
