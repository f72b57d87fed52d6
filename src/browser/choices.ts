/** What runs networks in a session, and where it is remembered of a GPU which is fastest. */
import type { UseStore } from "idb-keyval";
import type { Model } from "../types";
import type { KernelSetting } from "./protocol";
import { openStorage } from "./storage";

export type Choice = Exclude<KernelSetting, "auto">;

export interface Kernels {
  /** Undefined as long as that is not decided, and tfjs's own kernels do. */
  readonly used: Choice | undefined;
  /** Makes ready for a model's networks: decides, the first time, and compiles. Resolves at once for what tfjs runs. */
  ready(model: Model): Promise<void>;
}

const PATIENCE = { open: 1000, act: 1000 };

export const openChoices = (): UseStore => openStorage("sftgan-kernels", "choices", () => {}, PATIENCE);
