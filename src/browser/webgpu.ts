/**
 * Which sessions run on WebGPU, and by which kernels: those that a setting has do so, or whose GPU was fastest that way when it
 * was tried. Where WebGPU fails once, an engine's later sessions are on WebGL.
 */
import { get, set, type UseStore } from "idb-keyval";
import { type Candidate, Stopped, type Trial, type Try, tryAll } from "../kernels/choose";
import { Device } from "../kernels/webgpu/device";
import {
  BLOCKINGS,
  compile,
  compileGeneral,
  type BlockingName as GpuName,
  generalCandidates,
  useBlocking,
  useGeneral,
  whatFails,
} from "../kernels/webgpu/kernels";
import { planOf } from "../kernels/webgpu/plan";
import { candidatesFor } from "../kernels/webgpu/trial";
import { nextTask } from "../next-task";
import { generator } from "../sftgan/generator";
import { isGenerator } from "../sftgan/roles";
import { segmentationNet } from "../sftgan/segment";
import type { Model } from "../types";
import { findAdapter, openDevice } from "../webgpu/backend";
import { Buffers } from "../webgpu/buffers";
import { type Checked, Compiled, type Kernels, openChoices } from "./choices";
import { type General, GeneralChoice, type GeneralKernels } from "./general";
import { Notes } from "./notes";
import type { EngineStatus, KernelSetting } from "./protocol";
import { type Check, Rightness } from "./rightness";
import { stagesOf } from "./trial";

export type { GpuName };
export const isGpuName = (value: unknown): value is GpuName => typeof value === "string" && Object.hasOwn(BLOCKINGS, value);

/** Goes up with what is tried, and how. */
const VERSION = 1;
/** Bytes of buffers that a trial keeps. */
const KEPT_BYTES = 64 * 2 ** 20;

/** By the GPU, and by the browser, which brings the compiler. */
const keyOf = (info: GPUAdapterInfo) =>
  ["WebGPU", VERSION, info.vendor, info.architecture, info.device, info.description, navigator.userAgent].join(", ");

/** This browser's GPU for WebGPU, and which kernels are fastest on it, "none" where WebGL is; undefined: it was not tried. */
export async function remembered(store: UseStore) {
  const adapter = await findAdapter().catch(() => undefined);
  if (!adapter) return undefined;
  const known = await get(keyOf(adapter.info), store).catch(() => undefined);
  return { adapter, known: isGpuName(known) || known === "none" ? known : undefined };
}

/** Remembers that. Without a storage it is tried again on the next visit. */
export const noteWebGPU = (adapter: GPUAdapter, known: GpuName | "none", store: UseStore): Promise<void> =>
  set(keyOf(adapter.info), known, store).catch(() => {});

/** Gives what there is to try on a device of its own; what fails there is wrong. */
export async function onTrial<C extends string>(
  trial: Trial,
  adapter: GPUAdapter | undefined,
  attempt: (candidates: Candidate<GpuName>[]) => Promise<Try<C>[]>,
): Promise<Try<C>[]> {
  const device = adapter && (await openDevice(adapter).catch(() => undefined));
  if (!device) return attempt([]);
  let failure: string | undefined;
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    failure ??= event.error.message;
  });
  try {
    const tries = await attempt(candidatesFor(trial, new Device(device, new Buffers(device, KEPT_BYTES))));
    return tries.map((one) => (failure !== undefined && isGpuName(one.choice) ? { ...one, wrong: failure } : one));
  } finally {
    device.destroy();
  }
}

/** What an engine knows of WebGPU. */
export class OnWebGPU {
  private failure: string | undefined;

  constructor(private readonly openStore: () => UseStore = openChoices) {}

  /** Why it is not used any more. */
  get failed(): string | undefined {
    return this.failure;
  }

  /** What is to run networks in a session on WebGPU; undefined where it is not to be on WebGPU. */
  async wanted(backend?: EngineStatus["backend"], setting: KernelSetting = "auto"): Promise<GpuName | "stock" | undefined> {
    if (this.failure !== undefined || (backend !== undefined && backend !== "webgpu")) return undefined;
    if (isGpuName(setting)) return setting;
    if (backend === "webgpu") return setting === "stock" ? "stock" : (Object.keys(BLOCKINGS)[0] as GpuName);
    if (setting !== "auto") return undefined;
    const known = (await remembered(this.openStore()))?.known;
    return known === "none" ? undefined : known;
  }

  /** WebGPU was lost, or `error` came of what it was asked for: then it is not tried again on this GPU. */
  async fail(error: string | undefined): Promise<void> {
    this.failure = error ?? "its device was lost";
    const gpu = error === undefined ? undefined : await findAdapter().catch(() => undefined);
    if (gpu) await noteWebGPU(gpu, "none", this.openStore());
  }
}

/** In a session on WebGPU. */
export class KernelsOnWebGPU implements Kernels {
  private readonly rightness: Rightness<"general">;
  private readonly general: GeneralChoice;
  private readonly compiled = new Compiled(() => {
    this.name = "stock";
    useBlocking(undefined);
  });

  /** `gpu`: what the session's device says of itself. `check`, `compare`: how the general kernels are checked and tried. */
  constructor(
    private name: GpuName | "stock",
    gpu: GPUAdapterInfo,
    setting: KernelSetting = "auto",
    store: UseStore = openChoices(),
    { check, compare, isSoftware = gpu.isFallbackAdapter }: Partial<OnTrial> = {},
  ) {
    useBlocking(name === "stock" ? undefined : name);
    const notes = new Notes(keyOf(gpu), store);
    this.rightness = new Rightness(notes, check ?? (() => whatFails(nextTask)));
    const kernels: GeneralKernels = {
      use: useGeneral,
      compile: compileGeneral,
      compare: compare ?? ((trial, turn) => tryAll(trial, generalCandidates(trial), turn)),
    };
    this.general = new GeneralChoice(kernels, () => this.rightness.of("general"), notes, setting === "auto" && !isSoftware);
    if (setting === "stock") this.general.settle("stock");
  }

  get used(): GpuName | "stock" {
    return this.name;
  }
  get segment(): General | undefined {
    return this.general.used;
  }
  get wrong(): readonly Checked[] {
    return this.rightness.wrong;
  }

  async open(): Promise<void> {}

  async ready(model: Model): Promise<void> {
    if (!isGenerator(model)) return this.general.readyToSegment(model);
    const blocking = this.blockingFor(model);
    if (!blocking) return this.general.ready(model, stagesOf(model));
    await this.compiled.for(model, () => compile(blocking, model, stagesOf(model)));
  }

  async ahead(model: Model, turn: () => Promise<void>): Promise<void> {
    if (!isGenerator(model)) return this.general.ahead(model, [segmentationNet(model)], turn);
    const blocking = this.blockingFor(model);
    if (!blocking) return this.general.ahead(model, stagesOf(model), turn);
    await this.compiled.ahead(model, () => compile(blocking, model, stagesOf(model), turn));
  }

  /** Undefined where tfjs's kernels run a generator. */
  private blockingFor(model: Model): (typeof BLOCKINGS)[GpuName] | undefined {
    const blocking = this.name === "stock" ? undefined : BLOCKINGS[this.name];
    return blocking && planOf(model, generator(model), blocking) && blocking;
  }

  async decide(isCalm: () => boolean): Promise<void> {
    const turn = async () => {
      if (!isCalm()) throw new Stopped();
      await nextTask();
    };
    await this.general.decide(turn).catch(() => {}); // it is tried again after the next run
  }
}

interface OnTrial {
  readonly check: Check<"general">;
  readonly compare: GeneralKernels["compare"];
  readonly isSoftware: boolean;
}
