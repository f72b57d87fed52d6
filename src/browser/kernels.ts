/**
 * Which kernels run networks on this browser's GPU. Ours are used from the first run on for what is right on it: each computes
 * something tiny before, and is compared with plain numbers. Generators run by tfjs's where nothing is known of a GPU. Once nothing
 * else is to be done, candidates try a piece of each kind of network that came: generators' on WebGL and on WebGPU, networks' that
 * segment on WebGL. The fastest are remembered for this GPU, as what is right is, and compiled for each network before it runs.
 * Where that is one for WebGPU, sessions start there from the next one on: see `webgpu.ts`.
 */
import type { UseStore } from "idb-keyval";
import { fastest, Stopped, type Trial, type Try, tryAll } from "../kernels/choose";
import {
  BLOCKINGS,
  type BlockingName,
  candidatesFor,
  compile,
  compileGeneral,
  compileSets,
  generalCandidates,
  planFor,
  useBlocking,
  useGeneral,
  warmUp,
  whatFails,
} from "../kernels/webgl/kernels";
import type { Blocking } from "../kernels/webgl/plan";
import { NAMED_KERNELS, type NamedKernel, registerKernels } from "../kernels/webgl/register";
import { nextTask } from "../next-task";
import { generator } from "../sftgan/generator";
import { isGenerator } from "../sftgan/roles";
import { segmentationNet } from "../sftgan/segment";
import type { Model } from "../types";
import { drawnSlowly } from "../webgl/fences";
import { useShapeUniforms } from "../webgl/shapes";
import { type Checked, Compiled, type Kernels, openChoices } from "./choices";
import { type General, GeneralChoice, type GeneralKernels } from "./general";
import { isSoftwareRenderer } from "./gpu-name";
import { Notes } from "./notes";
import { type Check, Rightness } from "./rightness";
import { stagesOf, trialOf } from "./trial";
import { type GpuName, isGpuName, noteWebGPU, onTrial, remembered } from "./webgpu";

type OnWebGL = BlockingName | "stock";
const isOnWebGL = (value: unknown): value is OnWebGL =>
  value === "stock" || (typeof value === "string" && Object.hasOwn(BLOCKINGS, value));

/** Goes up with what is checked and tried, and how: what was remembered before is forgotten. */
const VERSION = 2;

/** How kernels are tried. Where there is an adapter, those for WebGPU are as well. */
export interface Compare {
  generators(trial: Trial, adapter: GPUAdapter | undefined, turn: () => Promise<void>): Promise<Try<BlockingName | GpuName>[]>;
  segmenters(trial: Trial, turn: () => Promise<void>): Promise<Try<"general">[]>;
}

interface Parts {
  readonly compare: Compare;
  readonly check: Check;
  readonly recall: typeof remembered;
  readonly isSoftware: boolean;
}

export class KernelsOnWebGL implements Kernels {
  private choice: OnWebGL | undefined;
  private opened: Promise<void> | undefined;
  private recalled: Promise<void> | undefined;
  /** Those that tfjs runs by name, as they are right. */
  private named: readonly NamedKernel[] = [];
  /** The last generator that ran before it was known what runs it best. */
  private untried: Model | undefined;
  private deciding = false;
  private readonly parts: Parts;
  private readonly notes: Notes;
  private readonly rightness: Rightness;
  private readonly general: GeneralChoice;
  private readonly compiled = new Compiled(() => {
    if (!this.gl.isContextLost()) this.use("stock");
  });

  /** `parts`: how kernels are checked and tried, what is remembered of a GPU for WebGPU, and whether there is none at all. */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    setting: OnWebGL | "auto" = "auto",
    private readonly store: UseStore = openChoices(),
    parts: Partial<Parts> = {},
  ) {
    const isSoftware = isSoftwareRenderer(rendererOf(gl));
    this.parts = { compare: COMPARE, check: (checked) => whatFails(checked, nextTask), recall: remembered, isSoftware, ...parts };
    this.notes = new Notes([VERSION, rendererOf(gl), navigator.userAgent].join(", "), store);
    this.rightness = new Rightness(this.notes, this.parts.check);
    const isOpen = setting === "auto" && !this.parts.isSoftware;
    // Without a GPU our shaders for generators take ten seconds to compile, which pays for large pictures only: a setting forces
    // them. The general ones compile in a fraction of the time that tfjs's do.
    this.use(isOpen ? undefined : setting === "auto" ? "stock" : setting);
    const kernels: GeneralKernels = {
      use: useGeneral,
      compile: (model, networks, turn) => compileGeneral(model, networks, turn ?? nextTask, turn && "ahead"),
      compare: this.parts.compare.segmenters,
    };
    this.general = new GeneralChoice(kernels, () => this.rightness.of("general"), this.notes, isOpen);
    if (setting === "stock") this.general.settle("stock");
  }

  get used(): OnWebGL | undefined {
    return this.choice;
  }
  get segment(): General | undefined {
    return this.general.used;
  }
  get wrong(): readonly Checked[] {
    return this.rightness.wrong;
  }

  open(): Promise<void> {
    this.opened ??= Promise.all(NAMED_KERNELS.map((name) => this.rightness.of(name))).then((right) => {
      this.named = NAMED_KERNELS.filter((_, i) => right[i]);
      if (!this.gl.isContextLost()) registerKernels(this.named);
    });
    return this.opened;
  }

  async ready(model: Model): Promise<void> {
    await this.open();
    if (!isGenerator(model)) return this.general.readyToSegment(model);
    const blocking = await this.blockingFor(model);
    if (!blocking && this.choice === undefined && isOurs(model)) this.untried = model;
    if (!blocking) return this.general.ready(model, stagesOf(model));
    await this.compiled.for(model, () => this.compile(blocking, model, nextTask));
  }

  async ahead(model: Model, turn: () => Promise<void>): Promise<void> {
    await this.open();
    await compileSets(this.named, turn);
    if (!isGenerator(model)) return this.general.ahead(model, [segmentationNet(model)], turn);
    const blocking = await this.blockingFor(model);
    if (!blocking) return this.general.ahead(model, stagesOf(model), turn);
    await this.compiled.ahead(model, () => this.compile(blocking, model, turn, "ahead"));
  }

  private async compile(blocking: Blocking, model: Model, turn: () => Promise<void>, how?: "ahead"): Promise<void> {
    await compile(blocking, model, stagesOf(model), turn, how);
    await warmUp(blocking, model, stagesOf(model), async () => {
      await drawnSlowly(this.gl);
      await turn();
    });
  }

  async decide(isCalm: () => boolean): Promise<void> {
    if (this.deciding) return;
    this.deciding = true;
    const turn = async () => {
      if (!isCalm() || this.gl.isContextLost()) throw new Stopped();
      await nextTask();
    };
    try {
      if (this.untried) await this.decideGenerators(this.untried, turn);
      await this.general.decide(turn);
    } catch {
      // it is tried again after the next run
    } finally {
      this.deciding = false;
    }
  }

  private async decideGenerators(model: Model, turn: () => Promise<void>): Promise<void> {
    const gpu = await this.parts.recall(this.store);
    const tries = await this.parts.compare.generators(trialOf(model), gpu?.adapter, turn);
    await turn();
    this.untried = undefined;
    const choice = fastest(tries.filter((one): one is Try<BlockingName> => !isGpuName(one.choice)));
    const best = fastest(tries);
    this.use(choice);
    await this.notes.set("generators", choice);
    if (gpu) await noteWebGPU(gpu.adapter, isGpuName(best) ? best : "none", this.store);
  }

  /** What is known from earlier visits. */
  private async remember(): Promise<void> {
    if (this.choice !== undefined) return;
    const known = await this.notes.get("generators");
    const gpu = isOnWebGL(known) ? await this.parts.recall(this.store) : undefined;
    if (isOnWebGL(known) && (!gpu || gpu.known !== undefined)) this.use(known);
  }

  /** Of what is known to run a generator best; undefined where that is not ours, or nothing is known. */
  private async blockingFor(model: Model): Promise<(typeof BLOCKINGS)[BlockingName] | undefined> {
    this.recalled ??= this.remember();
    await this.recalled;
    return this.choice === undefined || this.choice === "stock" || !isOurs(model) ? undefined : BLOCKINGS[this.choice];
  }

  private use(choice: OnWebGL | undefined): void {
    this.choice = choice;
    useShapeUniforms(choice !== undefined && choice !== "stock");
    useBlocking(choice === "stock" ? undefined : choice, () => this.use("stock"));
  }
}

/** Whether kernels of ours can run a generator. */
const isOurs = (model: Model): boolean => planFor(BLOCKINGS["2×2×4"], model, generator(model)) !== undefined;

const COMPARE: Compare = {
  /** The likely best of both first, for there may not be time for all. */
  generators(trial, adapter, turn) {
    const here = candidatesFor(trial);
    return onTrial(trial, adapter, (there) => {
      const likely = [...there.slice(0, 1), ...here.slice(0, 1)];
      return tryAll(trial, [...likely, ...there.slice(1), ...here.slice(1)], turn);
    });
  },
  segmenters: (trial, turn) => tryAll(trial, generalCandidates(trial), turn),
};

/** What WebGL says of the GPU. */
export function gpuOf(gl: WebGL2RenderingContext): string {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  return String(info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : gl.getParameter(gl.RENDERER));
}

/** What WebGL says of the GPU and its driver. */
export const rendererOf = (gl: WebGL2RenderingContext): string => `${gpuOf(gl)}, ${gl.getParameter(gl.VERSION)}`;
