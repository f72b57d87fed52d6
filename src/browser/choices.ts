/** What runs networks in a session, and where it is remembered of a GPU which is fastest. */
import type { UseStore } from "idb-keyval";
import type { Model, Weights } from "../types";
import type { EngineStatus, KernelSetting } from "./protocol";
import { openStorage } from "./storage";

export type Choice = Exclude<KernelSetting, "auto">;

/** Kernels of ours by what they are for: networks other than generators, resampling, the sum of squares, and parts of maps. */
export type Checked = NonNullable<EngineStatus["wrong"]>[number];

export interface Kernels {
  /** What runs generators. Undefined as long as that is not decided, and tfjs's own kernels do. */
  readonly used: Choice | undefined;
  /** What runs Segment. Undefined as long as none has come. */
  readonly segment: "general" | "stock" | undefined;
  /** Which of ours this GPU's driver computes wrong: tfjs's own kernels do that. */
  readonly wrong: readonly Checked[];
  /** Resolves once it is known what of ours is right on this GPU, or cannot be known. Before that nothing is to be computed. */
  open(): Promise<void>;
  /** Makes ready for a model's networks: compiles for them what is known to be the fastest. */
  ready(model: Model): Promise<void>;
  /** Compiles what `ready` would, ahead of its need, one program after another; stops where `turn` rejects. */
  ahead(model: Model, turn: () => Promise<void>): Promise<void>;
  /** Finds out what is the fastest for models that came, where that is not known, as long as nothing else is to be done. */
  decide?(isCalm: () => boolean): Promise<void>;
}

/** Compiles for each model once. */
export class Compiled {
  private readonly compiling = new WeakMap<Weights, Promise<void>>();

  /** `failed` is called where that cannot be. */
  constructor(private readonly failed: (model: Model) => void) {}

  for(model: Model, compile: () => Promise<void>): Promise<void> {
    const found = this.compiling.get(model.weights) ?? compile().catch(() => this.failed(model));
    this.compiling.set(model.weights, found);
    return found;
  }

  /** The same ahead of its need: what is stopped or fails there is left to `for`. */
  async ahead(model: Model, compile: () => Promise<void>): Promise<void> {
    if (this.compiling.has(model.weights)) return;
    await compile();
    if (!this.compiling.has(model.weights)) this.compiling.set(model.weights, Promise.resolve());
  }
}

const PATIENCE = { open: 1000, act: 1000 };

export const openChoices = (): UseStore => openStorage("sftgan-kernels", "choices", () => {}, PATIENCE);
