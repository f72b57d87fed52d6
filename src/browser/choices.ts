/** What runs networks in a session, and where it is remembered of a GPU which is fastest. */
import type { UseStore } from "idb-keyval";
import type { Model, Weights } from "../types";
import type { KernelSetting } from "./protocol";
import { openStorage } from "./storage";

export type Choice = Exclude<KernelSetting, "auto">;

export interface Kernels {
  /** What runs generators. Undefined as long as that is not decided, and tfjs's own kernels do. */
  readonly used: Choice | undefined;
  /** Makes ready for a model's networks: compiles for them what is known to be the fastest. Resolves at once for what tfjs runs. */
  ready(model: Model): Promise<void>;
  /** Finds out what is the fastest for models that came, where that is not known, as long as nothing else is to be done. */
  decide?(isCalm: () => boolean): Promise<void>;
}

/** Compiles for each model once. */
export class Compiled {
  private readonly weights = new WeakSet<Weights>();

  /** `failed` is called where that cannot be. */
  constructor(private readonly failed: (model: Model) => void) {}

  async for(model: Model, compile: () => Promise<void>): Promise<void> {
    if (this.weights.has(model.weights)) return;
    this.weights.add(model.weights);
    try {
      await compile();
    } catch {
      this.failed(model);
    }
  }
}

const PATIENCE = { open: 1000, act: 1000 };

export const openChoices = (): UseStore => openStorage("sftgan-kernels", "choices", () => {}, PATIENCE);
