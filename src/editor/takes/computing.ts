/**
 * Computes takes beside the page's graph, one at a time and only while somebody looks at them, and keeps a small picture of each
 * result and of its prior. The page's own runs go first: what they stop is begun again.
 */

import type { Engine, EngineEvent } from "../../browser/protocol";
import { identityOf } from "../../graph/identity";
import { type Embedded, graphOf } from "../../graph/recipe";
import { entriesOf, NO_TAKES, type Origin, type Take, type Takes } from "../../graph/takes";
import { scaledSize, wholeSize } from "../../region";
import type { Size } from "../../types";
import type { Definitions, Layer } from "../layers";
import { priorsOf } from "./results";

/** What its graph is called where the engine keeps graphs apart. */
export const SCOPE = "takes";
/** Largest small picture, in device pixels. */
const THUMB = { width: 256, height: 168 } as const;
/** Milliseconds before what was stopped for the page's graph is begun again. */
const PAUSE = 250;

export interface Look {
  readonly state: "waiting" | "computing" | "done" | "failed" | "stopped";
  /** Of the computing one, 0 to 1, and what it is at. */
  readonly fraction: number;
  readonly at: string;
  /** One message about what failed. */
  readonly message?: string;
  readonly result?: ImageBitmap;
  readonly prior?: ImageBitmap;
}

export interface ComputingParts {
  readonly engine: Pick<Engine, "run" | "view" | "listen">;
  readonly definitions: Definitions;
  /** The files that the page's graph carries. */
  files(): Promise<Embedded>;
  /** How a take looks has changed; its results may be there to be seen. */
  onChange(key: string): void;
  /** `busy` has changed. */
  onBusy(): void;
}

/** An output as the engine is asked for it. */
interface Place {
  readonly node: string;
  readonly output: string;
}

const WAITING: Look = { state: "waiting", fraction: 0, at: "" };

export class Computing {
  #takes: Takes = NO_TAKES;
  /** The graph's id of each entry. What is equal has one id for as long as the page is open. */
  #ids: readonly number[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #looks = new Map<string, Look>();
  #isOpen = false;
  #isStopped = false;
  #busy = false;
  #now: { readonly key: string; fraction: number } | undefined;
  /** Takes to compute before all others, and to keep. */
  #wanted: readonly string[] = [];
  /** Those whose results the engine has. */
  #held = new Set<string>();

  constructor(private readonly parts: ComputingParts) {
    parts.engine.listen((event) => event.scope === SCOPE && this.#hear(event));
  }

  /** Names a take by its recipe: two that are made alike have one name. */
  key({ result: [entry, output] }: Take): string {
    return `${this.#ids[entry]}.${output}`;
  }

  look(key: string): Look {
    return this.#looks.get(key) ?? WAITING;
  }

  /** A take's picture, or its prior's, for the large view; undefined where it has none. */
  layer(take: Take, what: "result" | "prior"): Layer | undefined {
    const place = what === "result" ? this.#place(take.result) : this.#priors(take)[0];
    const label = what === "result" ? take.name : `Prior of ${take.name}`;
    return place && { ...place, label, scope: SCOPE };
  }

  /** Whether the engine has a take's results now. */
  isHeld(key: string): boolean {
    return this.#held.has(key);
  }

  /** A take is being computed. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Some take waits to be computed again because it failed or was stopped. */
  get isUnfinished(): boolean {
    return this.#takes.list.some((take) => ["failed", "stopped"].includes(this.look(this.key(take)).state));
  }

  set(takes: Takes): void {
    this.#takes = takes;
    this.#ids = this.#identify(takes);
    const keys = new Set(takes.list.map((take) => this.key(take)));
    for (const [key, look] of this.#looks) {
      if (keys.has(key)) continue;
      close(look);
      this.#looks.delete(key);
    }
    void this.#pump();
  }

  /** Takes that are looked at in the large view: their results are computed first and stay. */
  want(keys: readonly string[]): void {
    this.#wanted = keys;
    void this.#pump();
  }

  open(): void {
    this.#isOpen = true;
    this.retry();
  }

  /** Stops, and lets the engine forget what only takes need. */
  close(): void {
    this.#isOpen = false;
    this.#wanted = [];
    this.#held.clear();
    this.parts.engine.run(graphOf([], Number), [], { scope: SCOPE }).catch(() => {}); // the engine is gone, and all with it
  }

  /** A person has stopped everything: nothing is begun until `retry`. */
  stop(): void {
    if (!this.#busy) return;
    this.#isStopped = true;
  }

  /** Computes what failed, was stopped, or is no longer there. */
  retry(): void {
    this.#isStopped = false;
    this.#held.clear();
    for (const [key, { state }] of this.#looks)
      if (state === "failed" || state === "stopped") this.#show(key, { state: "waiting" });
    void this.#pump();
  }

  #next(): Take | undefined {
    const byKey = (key: string) => this.#takes.list.find((take) => this.key(take) === key);
    const wanted = this.#wanted.find((key) => !this.#held.has(key) && byKey(key) && this.look(key).state !== "failed");
    if (wanted !== undefined) return byKey(wanted);
    return this.#takes.list.find((take) => this.look(this.key(take)).state === "waiting");
  }

  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#setBusy(true);
    try {
      for (let take = this.#next(); take && this.#isOpen && !this.#isStopped; take = this.#next()) await this.#compute(take);
    } finally {
      this.#setBusy(false);
    }
    if (!this.#isStopped) return;
    for (const take of this.#takes.list)
      if (this.look(this.key(take)).state === "waiting") this.#show(this.key(take), { state: "stopped" });
  }

  #setBusy(busy: boolean): void {
    this.#busy = busy;
    this.parts.onBusy();
  }

  async #compute(take: Take): Promise<void> {
    const key = this.key(take);
    const [nodes, ids] = [this.#takes.nodes, this.#ids];
    const kept = this.#takes.list.filter((one) => one === take || this.#wanted.includes(this.key(one)));
    const places = kept.flatMap((one) => [this.#place(one.result), ...this.#priors(one)]);
    const [result, [prior]] = [this.#place(take.result), this.#priors(take)]; // entries may be others once it has run
    const held = kept.map((one) => this.key(one));
    const own = entriesOf(nodes, take.result).map((entry) => String(ids[entry]));
    const before = this.look(key);
    this.#now = { key, fraction: 0 };
    this.#show(key, { state: "computing", fraction: 0, at: "" });
    try {
      const graph = graphOf(nodes, (entry) => ids[entry]!, await this.parts.files());
      const report = await this.parts.engine.run(graph, [...new Set(places.map(({ node }) => node))], { scope: SCOPE });
      if (report.cancelled) {
        this.#show(key, { state: before.result ? "done" : "waiting" });
        if (this.#isOpen && !this.#isStopped) await new Promise((resolve) => setTimeout(resolve, PAUSE));
        return;
      }
      this.#held = new Set(held);
      const failed = own.find((id) => report.errors[id] !== undefined);
      if (failed) {
        this.#held.delete(key);
        this.#show(key, { state: "failed", message: `${this.#title(failed)}: ${report.errors[failed]}` });
      } else if (before.result) this.#show(key, { state: "done" });
      else await this.#draw(key, result, prior);
    } catch (error) {
      this.#show(key, { state: "failed", message: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#now = undefined;
    }
  }

  async #draw(key: string, from: Place, fromPrior: Place | undefined): Promise<void> {
    const probe = await this.#view(from, { width: 1, height: 1 });
    probe?.bitmap.close();
    if (!probe) throw new Error("there is no picture of it to be had: compute it again, or a smaller one");
    const scale = Math.min(THUMB.width / probe.size.width, THUMB.height / probe.size.height);
    const size = wholeSize(scaledSize(probe.size, scale));
    const result = await this.#view(from, size);
    const prior = fromPrior && (await this.#view(fromPrior, size));
    if (this.#takes.list.some((one) => this.key(one) === key))
      this.#show(key, { state: "done", ...(result && { result: result.bitmap }), ...(prior && { prior: prior.bitmap }) });
    else for (const view of [result, prior]) view?.bitmap.close();
  }

  #view(place: Place, size: Size) {
    return this.parts.engine.view({ ...place, ...size, scope: SCOPE });
  }

  #place([entry, output]: Origin): Place {
    return { node: String(this.#ids[entry]), output };
  }

  #priors({ result }: Take): Place[] {
    return priorsOf(this.#takes.nodes, result, this.parts.definitions).map((origin) => this.#place(origin));
  }

  #identify({ nodes }: Takes): number[] {
    const ids: number[] = [];
    for (const { type, properties, inputs } of nodes) {
      const fed = Object.entries(inputs).map(([name, [from, output]]) => [name, ids[from], output] as const);
      const text = identityOf(type, properties, fed);
      const id = this.#numbers.get(text) ?? this.#numbers.size + 1;
      this.#numbers.set(text, id);
      ids.push(id);
    }
    return ids;
  }

  #title(id: string): string {
    const node = this.#takes.nodes[this.#ids.indexOf(Number(id))];
    return node?.title ?? this.parts.definitions(node?.type ?? "")?.title ?? node?.type ?? `node ${id}`;
  }

  #show(key: string, { message, ...change }: Partial<Look>): void {
    const { message: _, ...before } = this.look(key);
    this.#looks.set(key, { ...before, ...change, ...(message !== undefined && { message }) });
    this.parts.onChange(key);
  }

  #hear(event: EngineEvent): void {
    const now = this.#now;
    if (!now) return;
    if (event.kind === "overall") now.fraction = event.fraction;
    else if (event.kind !== "started") return;
    const at = event.kind === "started" ? this.#title(event.node) : this.look(now.key).at;
    this.#show(now.key, { fraction: now.fraction, at });
  }
}

const close = ({ result, prior }: Look): void => {
  result?.close();
  prior?.close();
};
