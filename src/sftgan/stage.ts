/** A stage of a network over a picture of any size, tile by tile. */
import type * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import { scaled, within } from "../image/raster";
import { readScaled } from "../image/scaled";
import { mapTiles } from "../image/tiles";
import { costOf, reachOf, shapesOf } from "../kernels/cost";
import { type Network, outputOf } from "../kernels/network";
import { run } from "../kernels/tfjs/run";
import type { Model, Raster, Region, Size } from "../types";

/** What a stage asks of the node it works for. */
export type Work = Pick<Context, "budget" | "pause" | "progress">;

/** A network and what it is given. */
export interface Stage {
  readonly model: Model;
  readonly network: Network;
  /** By the names of the network's inputs. A map of another resolution is resized as it is read. */
  readonly inputs: Readonly<Record<string, Raster | Part | undefined>>;
  /** The low-resolution picture, and the region of it to compute. Absent: all of it. */
  readonly size: Size;
  readonly region?: Region;
}

/** A map of one region of the picture only. */
export interface Part {
  readonly raster: Raster;
  readonly region: Region;
}

/** tfjs holds about so many times what a network's maps take: it unfolds what a convolution looks at, and pools textures. */
const WORKSPACE = 3;

/** Bytes of tensors that a network needs at once, for each pixel of its picture. */
export const bytesPerPixel = (model: Model, network: Network): number => WORKSPACE * costOf(model, network).bytes;

/** The stage's result for the region, as `mapTiles` gives it. */
export function mapStage(stage: Stage, work: Work): Promise<Raster> {
  const { model, network, size, region } = stage;
  const { channels, scale } = shapesOf(model, network).get(outputOf(network))!;
  const reach = Math.max(...Object.values(reachOf(model, network)));
  const tiling = { size, ...(region && { region }), reach, scale, channels, bytesPerPixel: bytesPerPixel(model, network) };
  return mapTiles(tiling, work, (window) => runWindow(stage, window));
}

/** The stage on one window of the picture, at once. */
export function runWindow({ model, network, inputs, size }: Stage, window: Region): tf.Tensor4D {
  const given = Object.entries(network.inputs).map(([name, { scale }]) => {
    const input = inputs[name];
    if (!input) return [name, undefined] as const;
    if ("region" in input) return [name, readScaled(input.raster, input.region, within(window, input.region))] as const;
    const enlarged = { height: scale * size.height, width: scale * size.width };
    return [name, readScaled(input, enlarged, scaled(window, scale))] as const;
  });
  return run(model, network, Object.fromEntries(given));
}
