/**
 * Runs a graph for many photos, one at a time: each is read when it is its turn, and its result handed over as soon as it is
 * made, so that memory is bounded however many there are. A photo that fails stops none of the others. The page's own runs go
 * first: what they stop is begun again, and what is computed of it is not computed twice.
 */
import type { Engine, EngineEvent } from "../../browser/protocol";
import { SAVING_CANCELLED } from "../../browser/protocol";
import { pictureRefusal } from "../../codec/inspect";
import type { Ends } from "../../engine/ends";
import { graphOf } from "../../graph/recipe";
import type { StoredGraph } from "../../graph/stored";
import { withValues } from "../../graph/subgraphs";
import { bytesOf } from "../files";
import { HEAD_BYTES } from "../routing";
import { type Found, type Photo, type PhotoState, timeLeft, WAITING } from "./photo";
import { resultPath, type Sink } from "./sink";

/** What its graph is called where the engine keeps graphs apart. */
export const SCOPE = "batch";
/** Milliseconds before what was stopped for the page's graph is begun again. */
const PAUSE = 250;
/** More photos are not taken into one list. */
export const MOST_PHOTOS = 10_000;

/** What is done with each photo: the graph as it was when the batch was begun. */
export interface Job extends Ends {
  readonly graph: StoredGraph;
  /** The node whose picture the Save is given. */
  readonly source: string;
  /** What the node that is given the photos accepts. */
  readonly accept: string;
  titleOf(node: string): string;
}

/** How many photos of a batch ended how. */
export interface Tally {
  readonly done: number;
  readonly failed: number;
}

export type Phase = "idle" | "running" | "paused";

export interface BatchParts {
  readonly engine: Pick<Engine, "run" | "encode" | "addFile" | "listen">;
  /** A photo's state has changed; without one, which photos there are, or the phase. */
  onChange(photo?: Photo): void;
}

/** A result that could not be written: the batch ends, for the others could not be either. */
class WriteError extends Error {}

export class Batch {
  #photos: Photo[] = [];
  #phase: Phase = "idle";
  #isStopped = false;
  #resume = (): void => {};
  #ids = 0;
  readonly #durations: number[] = [];
  #now: { readonly photo: Photo; readonly job: Job; readonly began: number } | undefined;
  /** What the nodes of the present photo have said. */
  #heard = { size: "", warnings: [] as string[] };

  constructor(private readonly parts: BatchParts) {
    parts.engine.listen((event) => event.scope === SCOPE && this.#hear(event));
  }

  get photos(): readonly Photo[] {
    return this.#photos;
  }
  get phase(): Phase {
    return this.#phase;
  }

  /** Milliseconds until all is done; undefined where nobody knows. */
  get timeLeft(): number | undefined {
    const waiting = this.#photos.filter(({ state }) => state.kind === "waiting").length;
    const state = this.#now?.photo.state;
    const current = this.#now && {
      ms: performance.now() - this.#now.began,
      fraction: state?.kind === "running" ? state.fraction : 0,
    };
    return timeLeft(this.#durations, waiting, current);
  }

  /** The list as an earlier page has left it. */
  restore(photos: readonly Photo[]): void {
    this.#photos = [...photos];
    this.#ids = Math.max(0, ...photos.map(({ id }) => id));
    this.parts.onChange();
    void this.#look(photos.filter(({ state }) => state.kind !== "done"));
  }

  /** Adds photos; one that is there already, by path, size and date, is not there twice. Gives how many there was no room for. */
  add(found: readonly Found[]): number {
    const keyOf = ({ file, path }: Found) => `${path}\n${file.size}\n${file.lastModified}`;
    const known = new Set(this.#photos.map(keyOf));
    const fresh = found.filter((one) => !known.has(keyOf(one)) && known.add(keyOf(one)));
    const taken = fresh.slice(0, MOST_PHOTOS - this.#photos.length);
    const photos = taken.map(({ file, path }): Photo => ({ id: ++this.#ids, file, path, state: WAITING }));
    this.#photos.push(...photos);
    this.parts.onChange();
    void this.#look(photos);
    return fresh.length - taken.length;
  }

  /** Finds those that are no picture that is read, such as a phone's .heic: said at once, not when it is their turn. */
  async #look(photos: readonly Photo[]): Promise<void> {
    for (const photo of photos) {
      const { file, state } = photo;
      const head = await bytesOf(file.slice(0, HEAD_BYTES)).catch(() => undefined); // that is said when it is read
      const refusal = head && pictureRefusal(head, file.name, true);
      if (!refusal) continue;
      photo.refusal = refusal;
      if (photo.state === state && this.#photos.includes(photo)) this.#show(photo, { kind: "failed", message: refusal });
    }
  }

  /** Takes a photo off the list, unless it is at work. */
  remove(photo: Photo): void {
    if (photo.state.kind === "running") return;
    this.#photos = this.#photos.filter((one) => one !== photo);
    this.parts.onChange();
  }

  clear(): void {
    if (this.#phase !== "idle") return;
    this.#photos = [];
    this.parts.onChange();
  }

  /**
   * Runs what waits or has failed, or all again where nothing does. Resolves once all is done, or it was stopped, and the sink is
   * closed. Rejects with an error where results cannot be written, the photos that are left waiting, and where a batch is under way.
   */
  async start(job: Job, sink: Sink): Promise<Tally> {
    if (this.#phase !== "idle") throw new Error("a batch is under way: wait for its end, or stop it");
    const readable = this.#photos.filter(({ refusal }) => !refusal);
    const left = readable.filter(({ state }) => state.kind !== "done");
    const tally = { done: 0, failed: 0 };
    const tried = new Set<Photo>();
    for (const photo of left.length > 0 ? left : readable) photo.state = WAITING;
    this.#isStopped = false;
    this.#durations.length = 0;
    this.#change("running");
    try {
      for (let photo = await this.#next(); photo; photo = await this.#next()) {
        tried.add(photo);
        await this.#one(photo, job, sink);
        const { kind } = photo.state;
        if (kind === "done" || kind === "failed") tally[kind]++;
      }
      tally.failed += this.#photos.filter((photo) => photo.refusal && !tried.has(photo)).length;
      return tally;
    } finally {
      try {
        await sink.close();
      } finally {
        this.#change("idle");
        this.#interrupt(); // the engine forgets what only the last photo needed
      }
    }
  }

  /** At once: the photo at work waits again, and goes on with what is computed of it. */
  pause(): void {
    if (this.#phase !== "running") return;
    this.#change("paused");
    this.#interrupt();
  }

  resume(): void {
    if (this.#phase !== "paused") return;
    this.#change("running");
    this.#resume();
  }

  /** Ends the batch at once; what is done is handed over. */
  stop(): void {
    if (this.#phase === "idle") return;
    this.#isStopped = true;
    this.#interrupt();
    this.#resume();
  }

  async #next(): Promise<Photo | undefined> {
    while (this.#phase === "paused" && !this.#isStopped)
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
    return this.#isStopped ? undefined : this.#photos.find(({ state }) => state.kind === "waiting");
  }

  async #one(photo: Photo, job: Job, sink: Sink): Promise<void> {
    const began = performance.now();
    this.#now = { photo, job, began };
    this.#heard = { size: "", warnings: [] };
    this.#show(photo, { kind: "running", fraction: 0, at: "" });
    try {
      const file = await this.#compute(photo, job);
      if (!file) return this.#show(photo, WAITING);
      const name = await sink.add(resultPath(photo.path, file.type), file.bytes).catch((error: unknown) => {
        throw new WriteError(`“${photo.path}” is computed and cannot be written: ${messageOf(error)}`, { cause: error });
      });
      const ms = performance.now() - began;
      this.#durations.push(ms);
      this.#show(photo, { kind: "done", name, bytes: file.bytes.length, ms, ...this.#heard });
    } catch (error) {
      this.#show(photo, error instanceof WriteError ? WAITING : { kind: "failed", message: messageOf(error) });
      if (error instanceof WriteError) throw error;
    } finally {
      this.#now = undefined;
    }
  }

  /** The result's file; undefined where it was paused or stopped before. */
  async #compute(photo: Photo, { graph, picture, save, source, accept, titleOf }: Job) {
    const { engine } = this.parts;
    const ref = await engine.addFile(await bytesOf(photo.file), photo.file.name, { accept, keep: false });
    const given = withValues(graph, Number(picture), { file: ref });
    while (this.#phase === "running" && !this.#isStopped) {
      const { cancelled, errors } = await engine.run(given, [source], { scope: SCOPE });
      const [failed] = Object.entries(errors);
      if (failed) throw new Error(failed[0] === picture ? failed[1] : `${titleOf(failed[0])}: ${failed[1]}`);
      if (!cancelled)
        try {
          return await engine.encode(given, save, { scope: SCOPE });
        } catch (error) {
          if (!messageOf(error).includes(SAVING_CANCELLED)) throw error;
        }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    return undefined;
  }

  /** Stops the run under way, and none of the page's: a newer run of a scope does that. */
  #interrupt(): void {
    this.parts.engine.run(graphOf([], Number), [], { scope: SCOPE }).catch(() => {}); // the engine is gone, and all with it
  }

  #change(phase: Phase): void {
    this.#phase = phase;
    this.parts.onChange();
  }

  #show(photo: Photo, state: PhotoState): void {
    photo.state = state;
    this.parts.onChange(photo);
  }

  #hear(event: EngineEvent): void {
    const now = this.#now;
    if (now?.photo.state.kind !== "running") return;
    const { state } = now.photo;
    if (event.kind === "finished" || event.kind === "cached") {
      if (event.node === now.job.source) this.#heard.size = event.summary;
      for (const warning of event.warnings ?? []) if (!this.#heard.warnings.includes(warning)) this.#heard.warnings.push(warning);
    }
    if (event.kind !== "overall" && event.kind !== "started") return;
    const fraction = event.kind === "overall" ? event.fraction : 0;
    this.#show(now.photo, {
      kind: "running",
      fraction: Math.max(state.fraction, fraction),
      at: event.kind === "started" ? now.job.titleOf(event.node) : state.at,
    });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
