/**
 * Whether networks that segment, and others for which there is no better, run by the general kernels on a session's backend: from
 * the first on where those are right, and from then on by them or by tfjs's, whichever were faster when both were tried.
 */
import { fastest, type Trial, type Try } from "../kernels/choose";
import type { Network } from "../kernels/network";
import { segmentationNet } from "../sftgan/segment";
import type { Model } from "../types";
import { Compiled } from "./choices";
import type { Notes } from "./notes";
import { segmentTrialOf } from "./trial";

export type General = "general" | "stock";
const isGeneral = (value: unknown): value is General => value === "stock" || value === "general";

/** The general kernels on a backend. */
export interface GeneralKernels {
  /** From now on they are used, or not; `failed` is called where they are not any more. */
  use(used: boolean, failed: () => void): void;
  /** With `turn`, ahead of its need, one program after another. */
  compile(model: Model, networks: readonly Network[], turn?: () => Promise<void>): Promise<void>;
  compare(trial: Trial, turn: () => Promise<void>): Promise<Try<"general">[]>;
}

export class GeneralChoice {
  private choice: General | undefined;
  private recalled: Promise<void> | undefined;
  /** The last model that ran before it was tried what is faster. */
  private untried: Model | undefined;
  private isSettled = false;
  private readonly compiled = new Compiled(() => this.settle("stock"));

  /** `isRight`: whether the kernels are. `isTried`: whether it is to be found out what is faster. */
  constructor(
    private readonly kernels: GeneralKernels,
    private readonly isRight: () => Promise<boolean>,
    private readonly notes: Notes,
    private readonly isTried: boolean,
  ) {
    kernels.use(false, () => {});
  }

  /** Undefined as long as that is not known. */
  get used(): General | undefined {
    return this.choice;
  }

  /** Makes ready for networks of a model. */
  async ready(model: Model, networks: readonly Network[]): Promise<void> {
    this.recalled ??= this.remember();
    await this.recalled;
    if (this.choice === "general") await this.compiled.for(model, () => this.kernels.compile(model, networks));
  }

  /** The same for the network of a model that segments, which is tried later on. */
  async readyToSegment(model: Model): Promise<void> {
    await this.ready(model, [segmentationNet(model)]);
    if (this.isTried && !this.isSettled) this.untried = model;
  }

  /** Compiles what `ready` would: see `Kernels`. */
  async ahead(model: Model, networks: readonly Network[], turn: () => Promise<void>): Promise<void> {
    this.recalled ??= this.remember();
    await this.recalled;
    if (this.choice === "general") await this.compiled.ahead(model, () => this.kernels.compile(model, networks, turn));
  }

  /** Finds out what is faster, where a model came and that is not known. */
  async decide(turn: () => Promise<void>): Promise<void> {
    if (!this.untried) return;
    const choice = fastest(await this.kernels.compare(segmentTrialOf(this.untried), turn));
    await turn();
    this.settle(choice);
    await this.notes.set("segmenters", choice);
  }

  /** For good. */
  settle(choice: General): void {
    this.isSettled = true;
    this.untried = undefined;
    this.use(choice);
  }

  /** What is known from earlier visits, or found out. */
  private async remember(): Promise<void> {
    if (this.isSettled) return;
    const known = this.isTried ? await this.notes.get("segmenters") : undefined;
    if (isGeneral(known)) this.settle(known);
    else if (await this.isRight()) this.use("general");
    else this.settle("stock");
  }

  private use(choice: General): void {
    this.choice = choice;
    this.kernels.use(choice === "general", () => this.settle("stock"));
  }
}
