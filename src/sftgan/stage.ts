/** A stage of a network over a picture of any size, tile by tile. */
import * as tf from "@tensorflow/tfjs-core";
import { unlessAborted } from "../abort";
import type { Context } from "../graph/node";
import { DeferredRaster, read } from "../image/raster";
import { readScaled } from "../image/scaled";
import { mapTiles } from "../image/tiles";
import { costOf, reachOf, shapesOf } from "../kernels/cost";
import { type Input, type Network, outputOf } from "../kernels/network";
import type { Runtime, Stage } from "../kernels/runtime";
import { run } from "../kernels/tfjs/run";
import { grow, scaled, scaledSize, within } from "../region";
import type { Model, Raster, Region, Size } from "../types";

/**
 * What a stage asks of the node it works for. Where its host has a runtime, networks run there; where it has kernels to choose
 * from, it is told of a model before one of its networks runs.
 */
export type Work = Pick<Context, "budget" | "checkpoint" | "progress"> & {
  readonly signal?: AbortSignal;
  readonly runtime?: Runtime | undefined;
  readonly kernels?: { ready(model: Model): Promise<void> } | undefined;
};

/** tfjs holds about so many times what a network's maps take: it unfolds what a convolution looks at, and pools textures. */
const WORKSPACE = 3;

/** Bytes of tensors that a network needs at once, for each pixel of its picture. */
export const bytesPerPixel = (model: Model, network: Network): number => WORKSPACE * costOf(model, network).bytes;

/**
 * Resolves once networks of a model may run. Rejects as soon as the node is stopped; what is compiled for it then goes on beside
 * whatever comes next, which may need it.
 */
export async function readyFor(model: Model, { kernels, signal }: Work): Promise<void> {
  const ready = kernels?.ready(model);
  await (ready && signal ? unlessAborted(ready, signal) : ready);
  signal?.throwIfAborted();
}

/**
 * The stage's result for the region, as `mapTiles` gives it. With `stays` it may remain in the runtime's memory, where only
 * later stages read it.
 */
export async function mapStage(stage: Stage, work: Work, options?: { readonly stays?: boolean }): Promise<Raster> {
  if (work.runtime) return work.runtime.map(stage, work, options);
  const { model, network, size, region } = stage;
  await readyFor(model, work);
  const { channels, scale } = shapesOf(model, network).get(outputOf(network))!;
  const reach = Math.max(...Object.values(reachOf(model, network)));
  const tiling = { size, ...(region && { region }), reach, scale, channels, bytesPerPixel: bytesPerPixel(model, network) };
  return mapTiles(tiling, work, (window) => runWindow(stage, window));
}

/** The stage on one window of the picture, at once. */
export function runWindow({ model, network, inputs, size }: Stage, window: Region): tf.Tensor4D {
  const given = Object.entries(network.inputs).map(([name, how]) => {
    const { scale } = how;
    const input = inputs[name];
    if (!input) return [name, undefined] as const;
    if ("region" in input) return [name, readInput(input.raster, how, input.region, within(window, input.region))] as const;
    return [name, readInput(input, how, scaledSize(size, scale), scaled(window, scale))] as const;
  });
  return run(model, network, Object.fromEntries(given));
}

/** A region of a map that a network is given, resized to `size` as the network wants it. The caller owns the result. */
export const readInput = (raster: Raster, { kernel }: Pick<Input, "kernel">, size: Size, region: Region): tf.Tensor4D =>
  tf.tidy(() => {
    const x = readScaled(raster, size, region, kernel);
    return kernel === "cubic" ? tf.clipByValue(x, 0, 1) : x;
  });

/** A stage's result that is computed as it is read; a runtime computes it together with what it is read for. */
export class StageRaster extends DeferredRaster {
  private found: Raster | undefined;

  constructor(readonly stage: Stage) {
    const { model, network, inputs, size } = stage;
    const { channels, scale } = shapesOf(model, network).get(outputOf(network))!;
    const rasters = Object.values(inputs).flatMap((input) => (input ? ["region" in input ? input.raster : input] : []));
    super([1, scale * size.height, scale * size.width, channels], [...rasters, model.weights], (region) => {
      const reach = Math.max(...Object.values(reachOf(model, network)));
      const window = grow(covering(region, scale), reach, size);
      return read(runWindow(stage, window), within(region, scaled(window, scale)));
    });
  }

  /** Has it computed as a whole, once, for whoever reads it without a runtime. */
  async settle(compute: (stage: Stage) => Promise<Raster>): Promise<void> {
    this.found ??= await compute(this.stage);
  }

  override read(region: Region) {
    return this.found ? read(this.found, region) : super.read(region);
  }

  override dispose(): void {
    this.found?.dispose();
    this.found = undefined;
  }
}

/** The pixels of a picture that a region of one `factor` times as large lies on. */
export function covering({ top, left, height, width }: Region, factor: number): Region {
  const [y, x] = [Math.floor(top / factor), Math.floor(left / factor)];
  return {
    top: y,
    left: x,
    height: Math.ceil((top + height) / factor) - y,
    width: Math.ceil((left + width) / factor) - x,
  };
}
