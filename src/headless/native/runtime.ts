/** Networks by onnxruntime: exact tiles as tfjs has them, in a process of their own, with features that stay there. */
import { leaves } from "../../graph/cache";
import { samplesOf } from "../../image/picture";
import { HostRaster, sizeOf } from "../../image/raster";
import { scaling } from "../../image/scaled";
import { bytesOfResult, place, tiles } from "../../image/tiles";
import { costOf, reachOf, shapesOf } from "../../kernels/cost";
import { compose, type Input, type Network, outputOf } from "../../kernels/network";
import type { Part, Runtime, RuntimeWork, Stage } from "../../kernels/runtime";
import { grow, sameSize, scaled, whole, within } from "../../region";
import { generator } from "../../sftgan/generator";
import { isGenerator } from "../../sftgan/roles";
import { StageRaster } from "../../sftgan/stage";
import type { Model, Raster, Region, Size } from "../../types";
import { deviceFailure, Link } from "./link";
import type { Feed, Hello } from "./protocol";
import { NativeRaster } from "./raster";
import { Sessions } from "./sessions";

export interface NativeOptions {
  readonly device: string;
  readonly threads: number;
  /** Bytes that the process may take. */
  readonly memory: number;
}

/** Of the memory, what maps that stay may take, and copies of what goes in and comes out; the rest is for what is being computed. */
const STAYING = 0.4;
const PASSING = 0.05;
/** The process itself, with the library. */
const BASE = 150 * 2 ** 20;
/** Windows have no more pixels than cost this many multiply-adds: between two of them there is progress. */
const MOST_WORK = 500e9;
/** So many may take half a second. */
const LONG_WORK = 4e9;

export class NativeRuntime implements Runtime {
  /** The running node's result feeds one other stage only: it is computed together with that one. */
  joins = false;
  private nextMap = 0;
  private readonly sessions: Sessions;
  /** Multiply-adds a millisecond, of the last call. */
  private rate = 5e7;

  /** Of models, the whole networks. */
  private readonly generators = new WeakMap<Model["weights"], Network>();

  private readonly link: Link;
  /** Resolves when the device is known to work. */
  private readonly begun: Promise<void>;

  /** Starts the process. */
  constructor(private readonly options: NativeOptions) {
    this.link = Link.take();
    this.begun = this.link.ask({ do: "begin", ...options }).then(() => {});
    this.begun.catch(() => {}); // `hello` says why it is not there
    const room = Math.max(0, (1 - STAYING - PASSING) * options.memory - BASE);
    this.sessions = new Sessions(this.link, { ...options, room });
  }

  /** What it can compute on, or why it is not there. It may be used before, and rejects what it is asked where it is not there. */
  get hello(): Promise<Hello> {
    return this.link.hello;
  }

  /** Rejects with an error where a device other than the processor does not work. */
  async requireDevice(): Promise<void> {
    const { device } = this.options;
    if (device !== "cpu") await this.begun.catch((error: Error) => Promise.reject(deviceFailure(error, device)));
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
    const { multiplyAdds } = costOf(model, network);
    return Math.floor(Math.min(this.sessions.pixels(model, network), MOST_WORK / multiplyAdds));
  }

  async map(stage: Stage, work: RuntimeWork, { stays = false }: { readonly stays?: boolean } = {}): Promise<Raster> {
    if (stays && this.joins && this.joinable(stage)) return new StageRaster(stage);
    const { model, network, inputs, size, region: area = whole(size) } = this.enlarging(together(stage));
    const { channels, scale } = shapesOf(model, network).get(outputOf(network))!;
    const out = { height: area.height * scale, width: area.width * scale };
    bytesOfResult(area, scale, channels);
    const { multiplyAdds } = costOf(model, network);
    const reach = Math.max(...Object.values(reachOf(model, network)));
    const map = stays ? this.nextMap++ : undefined;
    let samples: Float32Array | undefined;
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
        const progress = (part: number) => work.progress((index + part) / parts.length);
        const { number: session, opened } = this.sessions.for(model, network, window);
        const of = map !== undefined && { place: { ...at, map, of: out } };
        const sum = multiplyAdds * window.height * window.width;
        const call = this.link.ask({ do: "run", session, isLong: sum > LONG_WORK, feeds, crop, ...of });
        call.catch(() => {}); // where there is no session, that is said
        await opened;
        const found = await this.timed(call, sum, progress);
        if (found && parts.length === 1) samples = found;
        else if (found) {
          samples ??= new Float32Array(out.height * out.width * channels);
          place(found, at, samples, out.width, channels);
        }
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

  /** Opens a session that is going to be needed. */
  prepare(model: Model, network: Network, size: Size): void {
    this.sessions.for(model, network, size);
  }

  /** `prepare` for a stage and those before it that it is going to be computed with. */
  prepareStage(stage: Stage): void {
    if (!this.joinable(stage)) return;
    const { model, network, size } = this.enlarging(together(stage));
    this.prepare(model, network, size);
  }

  /** Whether the whole chain that a stage is part of may run at once over its picture. */
  private joinable({ model, size, region }: Stage): boolean {
    if (region && !sameSize(region, size)) return false;
    if (!isGenerator(model)) return false;
    const network = this.generators.get(model.weights) ?? generator(model);
    this.generators.set(model.weights, network);
    return size.height * size.width <= this.pixels(model, network);
  }

  /** The answer; progress is told by the clock meanwhile, as fast as the last call was. */
  private async timed<T>(answer: Promise<T>, multiplyAdds: number, progress: (part: number) => void): Promise<T> {
    const start = performance.now();
    const expected = multiplyAdds / this.rate;
    const tick = setInterval(() => progress(Math.min(0.95, (performance.now() - start) / expected)), 200);
    try {
      const found = await answer;
      this.rate = multiplyAdds / Math.max(1, performance.now() - start);
      progress(1);
      return found;
    } finally {
      clearInterval(tick);
    }
  }

  /** The stage on a prior as it is, where it is smaller than what the stage takes and the picture is done at once: enlarged there. */
  private enlarging(stage: Stage): Stage {
    let { network } = stage;
    const { model, inputs, size, region } = stage;
    const [base] = Object.entries(network.inputs).find(([, { scale }]) => scale === 1) ?? [];
    if (base === undefined || (region && !sameSize(region, size))) return stage;
    if (size.height * size.width > this.pixels(model, network)) return stage;
    for (const [name, { channels, scale }] of Object.entries(network.inputs)) {
      const raster = inputs[name];
      if (scale === 1 || !raster || "region" in raster) continue;
      const { height, width } = sizeOf(raster);
      if (height > scale * size.height || width > scale * size.width || sameSize(sizeOf(raster), enlarged(size, scale))) continue;
      const large = { op: "resizeLike", name: "large", x: name, like: base, times: scale } as const;
      const given = { [name]: { channels, scale, own: true }, [base]: network.inputs[base]! };
      network = compose(network, name, { inputs: given, operations: [large] }, `${name}/`);
    }
    return { ...stage, network };
  }

  /** One window of an input, from wherever it lies. */
  private async feed(input: Raster | Part, { scale, own, kernel }: Input, size: Size, window: Region): Promise<Feed> {
    const [raster, of, part] =
      "region" in input
        ? [input.raster, input.region, within(window, input.region)]
        : own
          ? [input, sizeOf(input), whole(sizeOf(input))]
          : [input, enlarged(size, scale), scaled(window, scale)];
    const isMade = sameSize(sizeOf(raster), of) && kernel === undefined;
    const resized = isMade ? undefined : scaling(sizeOf(raster), of, part, kernel);
    const needs = resized?.needs ?? part;
    const how = { ...(resized && { passes: resized.passes }), ...(kernel === "cubic" && { clip: true }) };
    if (raster instanceof NativeRaster) return { map: raster.map, window: needs, ...how };
    for (const leaf of leaves(raster)) if (leaf instanceof NativeRaster) await leaf.fetch();
    return { samples: await samplesOf(raster, needs), shape: [1, needs.height, needs.width, raster.shape[3]], ...how };
  }
}

const enlarged = ({ height, width }: Size, by: number): Size => ({ height: by * height, width: by * width });

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
