/** Before an app's long run, and while one proves to be long: what it takes, and what would make it shorter, at a click. */
import { signal } from "@preact/signals-core";
import type { EngineEvent } from "../../browser/protocol";
import type { StoredGraph } from "../../graph/stored";
import { aboutText } from "../../time-text";
import { bytesText } from "../dom";
import type { Outlook } from "../long-runs/outlook";
import type { Remedy } from "../long-runs/remedies";

export interface Question {
  readonly text: string;
  readonly remedies: readonly Remedy[];
  /** It waits for an answer before anything is computed. */
  readonly waits: boolean;
}

/** A run this much longer than one that was agreed to is asked about again. */
const MORE = 1.5;

export class Consent {
  readonly #question = signal<Question | undefined>(undefined);
  /** Milliseconds that were agreed to: what is set later is not asked about each time. */
  #agreed = 0;
  #asked = 0;

  constructor(private readonly outlook: Pick<Outlook, "before" | "during" | "forget">) {}

  /** A signal. */
  get question(): Question | undefined {
    return this.#question.value;
  }

  /** Whether a run may begin at once; if not there is a question. */
  async before(graph: StoredGraph, target: string): Promise<boolean> {
    this.#question.value = undefined;
    const long = await this.outlook.before(graph, [target]);
    if (!long || long.ms <= MORE * this.#agreed) return true;
    this.#asked = long.ms;
    const text = `This takes ${aboutText(long.ms)} and ${bytesText(long.bytes)} of memory on this device.`;
    this.#question.value = { text, remedies: long.remedies, waits: true };
    return false;
  }

  /** What is asked about is to be run. */
  agree(): void {
    if (this.#question.peek()?.waits) this.#agreed = this.#asked;
    this.forget();
  }

  /** What was asked about is of no interest any more. */
  forget(): void {
    this.outlook.forget();
    this.#question.value = undefined;
  }

  /** A run has ended, and with it what was said of it. */
  settle(): void {
    if (!this.#question.peek()?.waits) this.forget();
  }

  /** `isWanted`: the run is still under way, asked once its remedies are known. */
  hear(event: EngineEvent, graph: StoredGraph, isWanted: () => boolean): void {
    if (event.kind !== "overall" || event.left === undefined) return;
    const { left } = event;
    void this.outlook.during(graph, left).then((remedies) => {
      if (!remedies?.length || !isWanted()) return;
      this.#agreed = left;
      this.#question.value = { text: `This takes ${aboutText(left)} more.`, remedies, waits: false };
    });
  }
}
