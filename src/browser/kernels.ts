/**
 * Which kernels run networks on this browser's GPU. Ours are used from the first run on for what is right on it: each computes
 * something tiny before, and is compared with plain numbers. Generators run by tfjs's where nothing is known of a GPU. Once nothing
 * else is to be done, candidates try a piece of each kind of network that came: generators' on WebGL and on WebGPU, networks' that
 * segment on WebGL. The fastest are remembered for this GPU, as what is right is, and compiled for each network before it runs.
 * Where that is one for WebGPU, sessions start there from the next one on: see `webgpu.ts`.
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
  whatFails,
} from "../kernels/webgl/kernels";
import { NAMED_KERNELS, registerKernels } from "../kernels/webgl/register";
import { nextTask } from "../next-task";
import { generator } from "../sftgan/generator";
import { isGenerator } from "../sftgan/roles";
import { segmentationNet } from "../sftgan/segment";
import type { Model } from "../types";
import { type Checked, Compiled, type Kernels, openChoices } from "./choices";
import { isSoftwareRenderer } from "./gpu-name";
import { segmentTrialOf, stagesOf, trialOf } from "./trial";
import { type GpuName, isGpuName, noteWebGPU, onTrial, remembered } from "./webgpu";

type OnWebGL = BlockingName | "stock";
type General = "general" | "stock";
const isOnWebGL = (value: unknown): value is OnWebGL =>
  value === "stock" || (typeof value === "string" && Object.hasOwn(BLOCKINGS, value));
const isGeneral = (value: unknown): value is General => value === "stock" || value === "general";

/** Goes up with what is checked and tried, and how: what was remembered before is forgotten. */
const VERSION = 2;

/** What is remembered of a GPU, its driver, and the browser, which brings a compiler. */
type Noted = "generators" | "segmenters" | `right ${Checked}`;

type Turn = () => Promise<void>;

/** How kernels are tried. Where there is an adapter, those for WebGPU are as well. */
export interface Compare {
  generators(trial: Trial, adapter: GPUAdapter | undefined, turn: Turn): Promise<Try<BlockingName | GpuName>[]>;
  segmenters(trial: Trial, turn: Turn): Promise<Try<"general">[]>;
}

interface Parts {
  readonly compare: Compare;
  readonly check: typeof whatFails;
  readonly recall: typeof remembered;
  readonly isSoftware: boolean;
}

export class KernelsOnWebGL implements Kernels {
  private choice: OnWebGL | undefined;
  private general: General | undefined;
  private opened: Promise<void> | undefined;
  private recalled: Promise<void> | undefined;
  private readonly right = new Map<Checked, Promise<boolean>>();
  private readonly failures: Checked[] = [];
  /** The last model of each kind that ran before it was known what runs it best. */
  private untried: { generator?: Model; segmenter?: Model } = {};
  private deciding = false;
  private readonly isOpen: boolean;
  /** Whether nothing is to be tried for networks that segment. */
  private isSettled: boolean;
  private readonly parts: Parts;
  private readonly compiled = new Compiled((model) => {
    if (this.gl.isContextLost()) return;
    if (isGenerator(model)) this.use("stock");
    else this.useGeneral("stock");
  });

  /** `parts`: how kernels are checked and tried, what is remembered of a GPU for WebGPU, and whether there is none at all. */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    setting: OnWebGL | "auto" = "auto",
    private readonly store: UseStore = openChoices(),
    parts: Partial<Parts> = {},
  ) {
    const isSoftware = isSoftwareRenderer(rendererOf(gl));
    this.parts = { compare: COMPARE, check: whatFails, recall: remembered, isSoftware, ...parts };
    this.isOpen = setting === "auto" && !this.parts.isSoftware;
    this.isSettled = !this.isOpen;
    // Without a GPU our shaders for generators take ten seconds to compile, which pays for large pictures only: a setting forces
    // them. The general ones compile in a fraction of the time that tfjs's do.
    this.use(this.isOpen ? undefined : setting === "auto" ? "stock" : setting);
    this.useGeneral(setting === "stock" ? "stock" : undefined);
  }

  get used(): OnWebGL | undefined {
    return this.choice;
  }
  get segment(): General | undefined {
    return this.general;
  }
  get wrong(): readonly Checked[] {
    return this.failures;
  }

  open(): Promise<void> {
    this.opened ??= Promise.all(NAMED_KERNELS.map((name) => this.isRight(name))).then((right) => {
      if (!this.gl.isContextLost()) registerKernels(NAMED_KERNELS.filter((_, i) => right[i]));
    });
    return this.opened;
  }

  async ready(model: Model): Promise<void> {
    this.recalled ??= this.remember();
    await Promise.all([this.open(), this.recalled]);
    if (!isGenerator(model)) {
      if (!this.isSettled) this.untried = { ...this.untried, segmenter: model };
      if (this.general === "general")
        await this.compiled.for(model, () => compileGeneral(model, [segmentationNet(model)], nextTask));
      return;
    }
    const isOurs = planFor(BLOCKINGS["2×2×4"], model, generator(model)) !== undefined;
    if (isOurs && this.choice === undefined) this.untried = { ...this.untried, generator: model };
    const choice = isOurs ? (this.choice ?? "stock") : "stock";
    if (choice === "stock" && this.general !== "general") return;
    await this.compiled.for(model, () =>
      choice === "stock"
        ? compileGeneral(model, stagesOf(model), nextTask)
        : compile(BLOCKINGS[choice], model, stagesOf(model), nextTask),
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
    this.settle(choice);
    await this.note("segmenters", choice);
  }

  /** What is known from earlier visits; what is not known of the general kernels is found out. */
  private async remember(): Promise<void> {
    if (this.choice === undefined) {
      const known = await this.noted("generators");
      const gpu = isOnWebGL(known) ? await this.parts.recall(this.store) : undefined;
      if (isOnWebGL(known) && (!gpu || gpu.known !== undefined)) this.use(known);
    }
    if (this.general !== undefined) return;
    const known = this.isOpen ? await this.noted("segmenters") : undefined;
    if (isGeneral(known)) this.settle(known);
    else if (await this.isRight("general")) this.useGeneral("general");
    else this.settle("stock");
  }

  /** Whether kernels of ours give what they should, which is remembered for this GPU. False where the context is lost. */
  private isRight(checked: Checked): Promise<boolean> {
    const found = this.right.get(checked) ?? this.findOut(checked).catch(() => false);
    this.right.set(checked, found);
    return found;
  }
  private async findOut(checked: Checked): Promise<boolean> {
    const known = await this.noted(`right ${checked}`);
    const right = typeof known === "boolean" ? known : (await this.parts.check(checked, nextTask)) === undefined;
    if (!right) this.failures.push(checked);
    if (right !== known) await this.note(`right ${checked}`, right);
    return right;
  }

  private keyOf(what: Noted): string {
    return [VERSION, what, rendererOf(this.gl), navigator.userAgent].join(", ");
  }
  private noted(what: Noted): Promise<unknown> {
    return get(this.keyOf(what), this.store).catch(() => undefined);
  }
  /** Where that cannot be, it is found out again on the next visit. */
  private note(what: Noted, found: string | boolean): Promise<void> {
    return set(this.keyOf(what), found, this.store).catch(() => {});
  }

  private use(choice: OnWebGL | undefined): void {
    this.choice = choice;
    useBlocking(choice === "stock" ? undefined : choice, () => this.use("stock"));
  }

  private useGeneral(choice: General | undefined): void {
    this.general = choice;
    useGeneral(choice === "general", () => this.useGeneral("stock"));
  }
  /** For good. */
  private settle(choice: General): void {
    this.isSettled = true;
    delete this.untried.segmenter;
    this.useGeneral(choice);
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
