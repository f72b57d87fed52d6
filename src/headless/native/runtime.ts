/** Networks by onnxruntime: exact tiles as tfjs has them, in a process of their own, with features that stay there. */
import type * as tf from "@tensorflow/tfjs-core";
import { leaves } from "../../graph/cache";
import { grow, HostRaster, sameSize, scaled, sizeOf, whole, within } from "../../image/raster";
import { readScaled } from "../../image/scaled";
import { bytesOfResult, place, tiles } from "../../image/tiles";
import { costOf, reachOf, shapesOf } from "../../kernels/cost";
import { compose, type Input, type Network, outputOf } from "../../kernels/network";
import { writeOnnx } from "../../kernels/onnx/write";
import type { Part, Runtime, RuntimeWork, Stage } from "../../kernels/runtime";
import { StageRaster } from "../../sftgan/stage";
import type { Model, Raster, Region, Size } from "../../types";
import { Link } from "./link";
import type { Feed } from "./protocol";
import { NativeRaster } from "./raster";

export interface NativeOptions {
  readonly device: string;
  readonly threads: number;
  /** Bytes that the process may take. */
  readonly memory: number;
}

/** Of the memory, what maps that stay may take; the rest is for what is being computed. */
const STAYING = 0.4;
/** onnxruntime holds about so many times what a network's maps take: copies in another order, and what its arena keeps. */
const WORKSPACE = 2.5;
/** The process itself, with the library. */
const BASE = 150 * 2 ** 20;
/** Windows have no more pixels than cost this many multiply-adds: between two of them there is progress. */
const MOST_WORK = 400e9;

export class NativeRuntime implements Runtime {
  private nextMap = 0;
  private nextSession = 0;

  private constructor(
    private readonly link: Link,
    private readonly options: NativeOptions,
  ) {}

  /** Starts the process. Where it cannot be had the result says why. */
  static async start(options: NativeOptions): Promise<NativeRuntime | { readonly missing: string }> {
    const link = await Link.start();
    return link instanceof Link ? new NativeRuntime(link, options) : link;
  }

  /** What it can compute on. */
  get devices(): readonly string[] {
    return this.link.devices;
  }

  /** Whether the process has ended, and what it held with it. */
  get gone(): boolean {
    return this.link.gone;
  }

  close(reason = new Error("the native runtime is closed")): void {
    this.link.kill(reason);
  }

  holds(bytes: number): boolean {
    return bytes <= STAYING * this.options.memory;
  }

  pixels(model: Model, network: Network): number {
    const { bytes, multiplyAdds } = costOf(model, network);
    const room = Math.max(0, (1 - STAYING) * this.options.memory - BASE);
    return Math.floor(Math.min(room / (WORKSPACE * bytes), MOST_WORK / multiplyAdds));
  }

  async map(stage: Stage, work: RuntimeWork, { stays = false }: { readonly stays?: boolean } = {}): Promise<Raster> {
    const { model, network, inputs, size, region: area = whole(size) } = together(stage);
    const { channels, scale } = shapesOf(model, network).get(outputOf(network))!;
    const out = { height: area.height * scale, width: area.width * scale };
    bytesOfResult(area, scale, channels);
    const session = await this.session(model, network);
    const reach = Math.max(...Object.values(reachOf(model, network)));
    const map = stays ? this.nextMap++ : undefined;
    const samples = stays ? undefined : new Float32Array(out.height * out.width * channels);
    const parts = Number.isFinite(reach) ? tiles(area, reach, this.pixels(model, network)) : [whole(area)];
    try {
      for (const [index, tile] of parts.entries()) {
        const region = { ...tile, top: tile.top + area.top, left: tile.left + area.left };
        const window = Number.isFinite(reach) ? grow(region, reach, size) : region;
        const feeds: Record<string, Feed> = {};
        for (const [name, input] of Object.entries(network.inputs))
          feeds[name] = await this.feed(inputs[name]!, input, size, window);
        const crop = scaled(within(region, window), scale);
        const at = scaled(tile, scale);
        if (map === undefined)
          place((await this.link.ask({ do: "run", session, feeds, crop }))!, at, samples!, out.width, channels);
        else await this.link.ask({ do: "run", session, feeds, crop, place: { ...at, map, of: out } });
        work.progress((index + 1) / parts.length);
        await work.checkpoint();
      }
    } catch (error) {
      if (map !== undefined) this.free(map);
      throw error;
    }
    if (map === undefined) return new HostRaster(out, channels, samples!);
    return new NativeRaster([1, out.height, out.width, channels], map, this);
  }

  async read(map: number): Promise<Float32Array> {
    return (await this.link.ask({ do: "read", map }))!;
  }

  free(map: number): void {
    this.link.ask({ do: "free", map }).catch(() => {}); // it is gone with the process
  }

  /** One window of an input, from wherever it lies. */
  private async feed(input: Raster | Part, { scale }: Input, size: Size, window: Region): Promise<Feed> {
    const [raster, of, part] =
      "region" in input
        ? [input.raster, input.region, within(window, input.region)]
        : [input, { height: scale * size.height, width: scale * size.width }, scaled(window, scale)];
    if (raster instanceof NativeRaster && sameSize(sizeOf(raster), of)) return { map: raster.map, window: part };
    for (const leaf of leaves(raster)) if (leaf instanceof NativeRaster) await leaf.fetch();
    const x: tf.Tensor4D = readScaled(raster, of, part);
    try {
      return { samples: await x.data<"float32">(), shape: x.shape };
    } finally {
      x.dispose();
    }
  }

  /** The session of a network, opened once for each model and released with it. */
  private async session(model: Model, network: Network): Promise<number> {
    const key = `native ${JSON.stringify(network)}`;
    const { copies } = model.weights;
    const found = copies.get(key) as { readonly runtime: NativeRuntime; readonly session: number } | undefined;
    if (found?.runtime === this) return found.session;
    const session = this.nextSession++;
    const { device, threads } = this.options;
    const file = writeOnnx(model, network, { layout: "nhwc" });
    await this.link.ask({ do: "open", session, model: file, device, threads }).catch((error: Error) => {
      if (device === "cpu" || this.gone) throw error;
      throw new Error(`--device ${device} does not work on this machine: leave it out (${error.message})`);
    });
    const dispose = () => void this.link.ask({ do: "close", session }).catch(() => {});
    copies.set(key, { runtime: this, session, dispose } as { dispose(): void });
    return session;
  }
}

/** The stage with those before it that are still to be computed, of the same weights, as one network. */
export function together(stage: Stage): Stage {
  let { network, inputs } = stage;
  for (let count = 0; ; count++) {
    const found = Object.entries(inputs).find(([name, input]) => name in network.inputs && isOpen(input, stage));
    if (!found) return { ...stage, network, inputs };
    const [name, input] = found as [string, StageRaster];
    const { network: inner, inputs: given } = input.stage;
    const { [name]: _, ...others } = inputs;
    /** What both are given has one name. */
    const names = Object.fromEntries(
      Object.keys(inner.inputs).map((own) => {
        const same = Object.entries(others).find(([other, raster]) => raster === given[own] && other in network.inputs);
        return [own, same?.[0] ?? `${own} ${count}`];
      }),
    );
    network = compose(network, name, inner, `${count}/`, names);
    inputs = { ...others, ...Object.fromEntries(Object.entries(names).map(([own, to]) => [to, given[own]])) };
  }
}

const isOpen = (input: Raster | Part | undefined, { model, size }: Stage): boolean =>
  input instanceof StageRaster && input.stage.model.weights === model.weights && sameSize(input.stage.size, size);
