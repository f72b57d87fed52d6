/**
 * Which kernels run networks on this browser's GPU. Where nothing is known of it tfjs's do, and once nothing else is to be done
 * candidates try a piece of each kind of network that came: generators' on WebGL and on WebGPU, networks' that segment on WebGL.
 * The fastest are remembered for this GPU, and compiled for each network before it runs. Where that is one for WebGPU, sessions
 * start there from the next one on: see `webgpu.ts`.
 */
import { get, set, type UseStore } from "idb-keyval";
import { fastest, Stopped, type Trial, type Try, tryAll } from "../kernels/choose";
import {
  BLOCKINGS,
  type BlockingName,
  candidatesFor,
  compile,
  compileGeneral,
  generalCandidates,
  planFor,
  useBlocking,
  useGeneral,
} from "../kernels/webgl/kernels";
import { nextTask } from "../next-task";
import { generator } from "../sftgan/generator";
import { isGenerator } from "../sftgan/roles";
import { segmentationNet } from "../sftgan/segment";
import type { Model } from "../types";
import { Compiled, type Kernels, openChoices } from "./choices";
import { isSoftwareRenderer } from "./gpu-name";
import { segmentTrialOf, stagesOf, trialOf } from "./trial";
import { type GpuName, isGpuName, noteWebGPU, onTrial, remembered } from "./webgpu";

type OnWebGL = BlockingName | "stock";
type General = "general" | "stock";
const isOnWebGL = (value: unknown): value is OnWebGL =>
  value === "stock" || (typeof value === "string" && Object.hasOwn(BLOCKINGS, value));
const isGeneral = (value: unknown): value is General => value === "stock" || value === "general";

/** Goes up with what is tried, and how: what was remembered before is forgotten. */
const VERSION = 1;

type Turn = () => Promise<void>;

/** How kernels are tried. Where there is an adapter, those for WebGPU are as well. */
export interface Compare {
  generators(trial: Trial, adapter: GPUAdapter | undefined, turn: Turn): Promise<Try<BlockingName | GpuName>[]>;
  segmenters(trial: Trial, turn: Turn): Promise<Try<"general">[]>;
}

interface Parts {
  readonly compare: Compare;
  readonly recall: typeof remembered;
  readonly isSoftware: boolean;
}

export class KernelsOnWebGL implements Kernels {
  private choice: OnWebGL | undefined;
  private general: General | undefined;
  private recalled: Promise<void> | undefined;
  /** The last model of each kind that ran before it was known what runs it best. */
  private untried: { generator?: Model; segmenter?: Model } = {};
  private deciding = false;
  private readonly parts: Parts;
  private readonly compiled = new Compiled((model) => {
    if (this.gl.isContextLost()) return;
    if (isGenerator(model)) this.use("stock");
    else this.useGeneral("stock");
  });

  /** `parts`: how kernels are tried, what is remembered of a GPU for WebGPU, and whether there is none at all. */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    setting: OnWebGL | "auto" = "auto",
    private readonly store: UseStore = openChoices(),
    parts: Partial<Parts> = {},
  ) {
    this.parts = { compare: COMPARE, recall: remembered, isSoftware: isSoftwareRenderer(rendererOf(gl)), ...parts };
    const isOpen = setting === "auto" && !this.parts.isSoftware;
    // Without a GPU our shaders for generators take ten seconds to compile, which pays for large pictures only: a setting forces
    // them. The general ones compile in a fraction of the time that tfjs's do.
    this.use(isOpen ? undefined : setting === "auto" ? "stock" : setting);
    this.useGeneral(isOpen ? undefined : setting === "stock" ? "stock" : "general");
  }

  get used(): OnWebGL | undefined {
    return this.choice;
  }

  async ready(model: Model): Promise<void> {
    const isFor = isGenerator(model) ? "generator" : "segmenter";
    if (isFor === "generator" && !planFor(BLOCKINGS["2×2×4"], model, generator(model))) return;
    this.recalled ??= this.remember();
    await this.recalled;
    const known = isFor === "generator" ? this.choice : this.general;
    if (known === undefined) this.untried = { ...this.untried, [isFor]: model };
    if (known === undefined || known === "stock") return;
    await this.compiled.for(model, () =>
      known === "general"
        ? compileGeneral(model, segmentationNet(model), nextTask)
        : compile(BLOCKINGS[known], model, stagesOf(model), nextTask),
    );
  }

  async decide(isCalm: () => boolean): Promise<void> {
    if (this.deciding) return;
    this.deciding = true;
    const turn = async () => {
      if (!isCalm() || this.gl.isContextLost()) throw new Stopped();
      await nextTask();
    };
    try {
      const { generator, segmenter } = this.untried;
      if (generator) await this.decideGenerators(generator, turn);
      if (segmenter) await this.decideSegmenters(segmenter, turn);
    } catch {
      // it is tried again after the next run
    } finally {
      this.deciding = false;
    }
  }

  private async decideGenerators(model: Model, turn: Turn): Promise<void> {
    const gpu = await this.parts.recall(this.store);
    const tries = await this.parts.compare.generators(trialOf(model), gpu?.adapter, turn);
    await turn();
    delete this.untried.generator;
    const choice = fastest(tries.filter((one): one is Try<BlockingName> => !isGpuName(one.choice)));
    const best = fastest(tries);
    this.use(choice);
    await this.note("generators", choice);
    if (gpu) await noteWebGPU(gpu.adapter, isGpuName(best) ? best : "none", this.store);
  }

  private async decideSegmenters(model: Model, turn: Turn): Promise<void> {
    const choice = fastest(await this.parts.compare.segmenters(segmentTrialOf(model), turn));
    await turn();
    delete this.untried.segmenter;
    this.useGeneral(choice);
    await this.note("segmenters", choice);
  }

  /** What is known from earlier visits. */
  private async remember(): Promise<void> {
    if (this.choice === undefined) {
      const known = await this.noted("generators");
      const gpu = isOnWebGL(known) ? await this.parts.recall(this.store) : undefined;
      if (isOnWebGL(known) && (!gpu || gpu.known !== undefined)) this.use(known);
    }
    if (this.general === undefined) {
      const known = await this.noted("segmenters");
      if (isGeneral(known)) this.useGeneral(known);
    }
  }

  private keyOf(kind: "generators" | "segmenters"): string {
    return `${VERSION} ${kind === "generators" ? "" : `${kind} `}${rendererOf(this.gl)}`;
  }
  private noted(kind: "generators" | "segmenters"): Promise<unknown> {
    return get(this.keyOf(kind), this.store).catch(() => undefined);
  }
  /** Where that cannot be, it is tried again on the next visit. */
  private note(kind: "generators" | "segmenters", choice: string): Promise<void> {
    return set(this.keyOf(kind), choice, this.store).catch(() => {});
  }

  private use(choice: OnWebGL | undefined): void {
    this.choice = choice;
    useBlocking(choice === "stock" ? undefined : choice, () => this.use("stock"));
  }

  private useGeneral(choice: General | undefined): void {
    this.general = choice;
    useGeneral(choice === "general", () => this.useGeneral("stock"));
  }
}

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
