/**
 * Which kernels run networks on this browser's GPU. Where nothing is known of it, candidates try a piece of the first network
 * that runs, on WebGL and on WebGPU; the fastest is remembered for this GPU, and compiled for each network before it runs. Where
 * that is one for WebGPU, sessions start there from the next one on: see `webgpu.ts`.
 */
import { get, set, type UseStore } from "idb-keyval";
import { fastest, type Trial, type Try, tryAll } from "../kernels/choose";
import { BLOCKINGS, type BlockingName, candidatesFor, compile, planFor, useBlocking } from "../kernels/webgl/kernels";
import { nextTask } from "../next-task";
import { generator } from "../sftgan/generator";
import { isGenerator } from "../sftgan/roles";
import type { Model, Weights } from "../types";
import { type Kernels, openChoices } from "./choices";
import { isSoftwareRenderer } from "./gpu-name";
import { stagesOf, trialOf } from "./trial";
import { type GpuName, isGpuName, noteWebGPU, onTrial, remembered } from "./webgpu";

type OnWebGL = BlockingName | "stock";
const isOnWebGL = (value: unknown): value is OnWebGL =>
  value === "stock" || (typeof value === "string" && Object.hasOwn(BLOCKINGS, value));

/** Goes up with what is tried, and how: what was remembered before is forgotten. */
const VERSION = 1;
/** Where there is an adapter, kernels for WebGPU are tried as well. */
export type Compare = (trial: Trial, adapter: GPUAdapter | undefined) => Promise<Try<BlockingName | GpuName>[]>;

/** A GPU for WebGPU, and what is remembered of it. */
export type Remembered = Awaited<ReturnType<typeof remembered>>;

export class KernelsOnWebGL implements Kernels {
  private decided: Promise<void> | undefined;
  private choice: OnWebGL | undefined;
  private readonly compiled = new WeakSet<Weights>();

  constructor(
    private readonly gl: WebGL2RenderingContext,
    setting: OnWebGL | "auto" = "auto",
    private readonly store: UseStore = openChoices(),
    private readonly compare: Compare = isSoftware(gl) ? onlyStock : compareAll,
    private readonly recall: (store: UseStore) => Promise<Remembered> = isSoftware(gl) ? async () => undefined : remembered,
  ) {
    this.use(setting === "auto" ? undefined : setting);
  }

  get used(): OnWebGL | undefined {
    return this.choice;
  }

  async ready(model: Model): Promise<void> {
    if (!isGenerator(model) || this.choice === "stock" || !planFor(BLOCKINGS["2×2×4"], model, generator(model))) return;
    if (this.choice === undefined) {
      this.decided ??= this.decide(model);
      await this.decided;
    }
    const name = this.used;
    if (name === undefined || name === "stock" || this.compiled.has(model.weights)) return;
    this.compiled.add(model.weights);
    try {
      await compile(BLOCKINGS[name], model, stagesOf(model), nextTask);
    } catch {
      if (!this.gl.isContextLost()) this.use("stock");
    }
  }

  private async decide(model: Model): Promise<void> {
    const key = `${VERSION} ${rendererOf(this.gl)}`;
    const known = await get(key, this.store).catch(() => undefined);
    const gpu = await this.recall(this.store);
    if (isOnWebGL(known) && (!gpu || gpu.known !== undefined)) {
      this.use(known);
      return;
    }
    const tries = await this.compare(trialOf(model), gpu?.adapter).catch(() => undefined);
    if (!tries || this.gl.isContextLost()) {
      this.decided = undefined; // the next run tries again
      return;
    }
    const choice = fastest(tries.filter((one): one is Try<BlockingName> => !isGpuName(one.choice)));
    const best = fastest(tries);
    this.use(choice);
    await set(key, choice, this.store).catch(() => {}); // it is tried again on the next visit
    if (gpu) await noteWebGPU(gpu.adapter, isGpuName(best) ? best : "none", this.store);
  }

  private use(choice: OnWebGL | undefined): void {
    this.choice = choice;
    useBlocking(choice === "stock" ? undefined : choice, () => this.use("stock"));
  }
}

/** Renderers without a GPU compile our shaders for ten seconds, which pays for large pictures only: a setting forces them. */
const isSoftware = (gl: WebGL2RenderingContext) => isSoftwareRenderer(rendererOf(gl));
const onlyStock: Compare = async () => [{ choice: "stock", ms: 0 }];

/** The likely best of both first, for there may not be time for all. */
const compareAll: Compare = (trial, adapter) => {
  const here = candidatesFor(trial);
  return onTrial(trial, adapter, (there) => {
    const likely = [...there.slice(0, 1), ...here.slice(0, 1)];
    return tryAll(trial, [...likely, ...there.slice(1), ...here.slice(1)], nextTask);
  });
};

/** What WebGL says of the GPU. */
export function gpuOf(gl: WebGL2RenderingContext): string {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  return String(info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : gl.getParameter(gl.RENDERER));
}

/** What WebGL says of the GPU and its driver. */
export const rendererOf = (gl: WebGL2RenderingContext): string => `${gpuOf(gl)}, ${gl.getParameter(gl.VERSION)}`;
