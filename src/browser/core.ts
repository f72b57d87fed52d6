/**
 * The engine itself, in whatever thread it runs: one executor, its backend, and what a page asks of them. Loses no run to a
 * lost graphics context: it starts a new one and runs again.
 */
import * as tf from "@tensorflow/tfjs-core";
import { definitions as ours } from "../../nodes";
import { fileRefusal } from "../codec/refusal";
import { plainValues, summarise } from "../engine/summary";
import { defaultTargets } from "../engine/targets";
import { drawnOutput, faceOf, legendOf, rasterOf, warningsOf } from "../engine/view";
import type { Outputs } from "../graph/cache";
import { cleanGraph } from "../graph/clean";
import type { RunEvent, RunResult } from "../graph/executor";
import type { AnyNode, FileRef } from "../graph/node";
import { type Graph, parseGraph } from "../graph/parse";
import type { StoredGraph } from "../graph/stored";
import { sizeOf } from "../image/raster";
import type { EncodedFile } from "../types";
import { drawPart, isSmallPart, MOST_IN_FOCUS } from "./drawing";
import { FileStore } from "./files";
import type { AddFileOptions, Aside, Engine, EngineEvent, RunOptions, RunReport, View, ViewRequest } from "./protocol";
import { type Session, type SessionOptions, startSession } from "./session";

export type CoreOptions = Partial<SessionOptions>;

/** A graphics context lost so often in one run is not coming back. */
const MOST_LOSSES = 3;
const CANCELLED = "cancelled";

/** A run, which a newer one of its graph or of the page's stops, or the making of a file, which only `cancel` does. */
/** What is computed. */
interface Job extends RunOptions {
  readonly graph: Graph;
  readonly stored: StoredGraph;
  readonly targets: readonly string[];
}

interface Task extends Aside {
  readonly kind: "run" | "save";
  readonly stop: AbortController;
}

export class Core implements Engine {
  private readonly files = new FileStore({}, (notice) => this.emit({ kind: "notice", message: notice, once: true }));
  private readonly definitions: readonly AnyNode[];
  private readonly types: ReadonlyMap<string, AnyNode>;
  private readonly listeners = new Set<(event: EngineEvent) => void>();
  private session: Promise<Session> | undefined;
  /** By the name of what they are aside for. */
  private readonly graphs = new Map<string | undefined, Graph>();
  private graphText = "";
  /** What is under way and what waits for it, one after another. */
  private readonly tasks = new Set<Task>();
  private idle: Promise<unknown> = Promise.resolve();
  private busy = false;
  private closed = false;

  constructor(private readonly options: CoreOptions = {}) {
    this.definitions = options.definitions ?? ours;
    this.types = new Map(this.definitions.map((def) => [def.type, def]));
  }

  async run(stored: StoredGraph, targets?: readonly string[], options: RunOptions = {}): Promise<RunReport> {
    const graph = this.read(stored);
    const result = await this.inTurn("run", {
      graph,
      stored,
      targets: targets ?? defaultTargets(graph, (type) => this.types.get(type)),
      ...options,
    });
    return report(graph, this.types, result);
  }

  async encode(stored: StoredGraph, node: string, { aside }: Aside = {}): Promise<EncodedFile> {
    const graph = this.read(stored);
    const result = await this.inTurn("save", { graph, stored, targets: [node], aside });
    if (!result) throw new Error("saving was cancelled: run it again");
    const file = Object.values(result.outputs.get(node) ?? {}).find(
      (value) => (value as EncodedFile).bytes instanceof Uint8Array,
    );
    if (file) return file as EncodedFile;
    const [id, message] = [...result.errors][0] ?? [node, "it gives no file"];
    throw new Error(`${graph.get(id)?.title ?? id}: ${message}`);
  }

  cancel(): void {
    for (const { stop } of this.tasks) stop.abort(CANCELLED);
  }

  async view(request: ViewRequest): Promise<View | undefined> {
    const { node, output, aside } = request;
    const type = this.graphs.get(aside)?.get(node)?.type;
    const def = type === undefined ? undefined : this.types.get(type);
    const socket = def && drawnOutput(def, output);
    if (!socket) return undefined;
    const session = await this.session?.catch(() => undefined);
    if (!session || session.backend.isLost()) return undefined;
    const found = session.executor.peek(node, aside);
    if (!found) return undefined;
    const value = found.outputs[socket.name];
    const drawn = await drawPart(socket.type, value, request);
    if (!drawn) return undefined;
    const said = { ...legendOf(socket.type, value), ...faceOf(found.outputs) };
    return session.backend.isLost() ? undefined : { ...drawn, key: found.key, ...said };
  }

  async addFile(bytes: Uint8Array, name: string, { accept, ...options }: AddFileOptions = {}): Promise<FileRef> {
    const refusal = accept === undefined ? undefined : fileRefusal(bytes, name, accept);
    if (refusal) throw new Error(refusal);
    return this.files.add(bytes, name, options);
  }

  readFile(ref: FileRef): Promise<Uint8Array | undefined> {
    return this.files.read(ref);
  }

  listen(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener);
    void this.status().then((status) => status && this.listeners.has(listener) && tell(listener, status));
    return () => void this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.listeners.clear();
    this.cancel();
    await this.idle;
    const session = await this.session?.catch(() => undefined);
    this.session = undefined;
    if (!session) return;
    await session.executor.clear();
    session.release();
    session.backend.close();
  }

  private read(stored: StoredGraph): Graph {
    const clean = cleanGraph(stored);
    return parseGraph(clean, this.definitions);
  }

  /** Computes once what came before has ended; a run stops older ones first. Undefined if a newer run or `cancel` stops it. */
  private async inTurn(kind: Task["kind"], job: Job): Promise<RunResult | undefined> {
    const { aside } = job;
    if (this.closed) throw new Error("the engine is closed: create another one");
    for (const other of this.tasks)
      if (other.kind === "run" && (other.aside === aside ? kind === "run" : aside === undefined)) other.stop.abort(CANCELLED);
    const task: Task = { kind, aside, stop: new AbortController() };
    this.tasks.add(task);
    const done = this.idle.then(() => this.perform(job, task.stop.signal));
    this.idle = done.catch(() => {});
    try {
      return await done;
    } finally {
      this.tasks.delete(task);
    }
  }

  private async perform(job: Job, stop: AbortSignal) {
    if (stop.aborted) return undefined;
    this.graphs.set(job.aside, job.graph);
    this.graphText = JSON.stringify(job.stored);
    this.busy = true;
    this.announceStatus();
    try {
      return await this.repeatedly(job, stop);
    } finally {
      this.busy = false;
      this.announceStatus();
    }
  }

  /** Runs, and runs again on a new context when one is lost, and once on a new backend when one fails. */
  private async repeatedly(job: Job, stop: AbortSignal): Promise<RunResult | undefined> {
    for (let losses = 1; ; losses++) {
      const session = await this.opened();
      const { outcome, lost } = await this.attempt(session, job, stop);
      const failed = !lost && session.executor.broken;
      if (!lost && !failed) return outcome();
      this.drop(session);
      if (failed) {
        if (losses > 1 || stop.aborted) return outcome(); // it says what to do
        this.notice("The memory ran out: the engine is started again and the run is repeated.");
        continue;
      }
      if (stop.aborted) {
        this.notice("The graphics context was lost: the next run starts it again.");
        return undefined;
      }
      if (losses === MOST_LOSSES)
        throw new Error(
          `the graphics context was lost ${MOST_LOSSES} times in one run: close other pages that use the GPU, or give a smaller picture`,
        );
      this.notice("The graphics context was lost: it is started again and the run is repeated.");
    }
  }

  /** One run in one session. When it has ended nothing of it goes on, a lost context or not. */
  private async attempt(session: Session, job: Job, stop: AbortSignal) {
    const { backend, executor } = session;
    const { graph, targets, aside, focus } = job;
    const attempt = new AbortController();
    const abort = () => attempt.abort(CANCELLED);
    const reasons = [stop, session.lost];
    for (const reason of reasons) reason.addEventListener("abort", abort);
    if (reasons.some((reason) => reason.aborted)) abort();
    let outcome: () => RunResult | undefined;
    try {
      const result = await executor.run(graph, targets, {
        signal: attempt.signal,
        ...(aside !== undefined && { aside }),
        ...(focus && {
          focus: { node: focus.node, look: (outputs, key) => this.look(job, focus, outputs, key, attempt.signal) },
        }),
        onEvent: (event) => backend.isLost() || this.forward(graph, event, aside),
      });
      outcome = () => result;
    } catch (error) {
      outcome = () => {
        if (!stop.aborted) throw error;
        return undefined;
      };
    } finally {
      for (const reason of reasons) reason.removeEventListener("abort", abort);
    }
    return { outcome, lost: backend.isLost() };
  }

  /** Draws the part of a run's result that is in focus, and tells of it. */
  private async look({ graph, aside }: Job, focus: ViewRequest, outputs: Outputs, key: string, signal: AbortSignal) {
    const { node, output, region } = focus;
    const socket = drawnOutput(this.types.get(graph.get(node)!.type)!, output);
    const value = socket && outputs[socket.name];
    // Other values are stretched to what is drawn of them: a part would not look as it does among the rest.
    if (socket?.type !== "image" || !region || !isSmallPart(region, sizeOf(rasterOf(socket.type, value)))) return;
    const drawn = await drawPart(socket.type, value, focus, MOST_IN_FOCUS);
    if (!drawn || signal.aborted) return drawn?.bitmap.close();
    this.emit({ ...(aside !== undefined && { aside }), kind: "preview", node, region, view: { ...drawn, key } });
  }

  /** Lets go of a session whose context is lost, or whose backend failed. */
  private drop({ executor, release, backend }: Session): void {
    this.session = undefined;
    backend.abandon();
    executor.discard();
    release();
    backend.close();
  }

  private opened(): Promise<Session> {
    if (!this.session) {
      const session = startSession({ ...this.options, definitions: this.definitions }, this.files, () => this.graphText);
      this.session = session;
      session.then(
        (opened) =>
          opened.lost.addEventListener("abort", () => {
            if (this.session !== session || this.busy) return; // a run under way sees to it itself
            this.drop(opened);
            this.notice("The graphics context was lost: the next run starts it again.");
          }),
        () => {
          if (this.session === session) this.session = undefined;
        },
      );
    }
    return this.session;
  }

  private forward(graph: Graph, event: RunEvent, aside: string | undefined): void {
    const mark = aside === undefined ? {} : { aside };
    switch (event.kind) {
      case "finished":
      case "cached": {
        const def = this.types.get(graph.get(event.node)!.type)!;
        const { kind, node, ms, outputs } = event;
        const warnings = warningsOf(outputs);
        this.emit({ ...mark, kind, node, ms, summary: summarise(def, outputs), ...(warnings.length > 0 && { warnings }) });
        if (event.kind === "finished") this.announceStatus();
        break;
      }
      case "part":
        break;
      default:
        this.emit({ ...mark, ...event });
    }
  }

  private announceStatus(): void {
    void this.status().then((status) => status && this.emit(status));
  }

  /** Undefined once closed, and where no backend starts: the run says why. */
  private async status(): Promise<EngineEvent | undefined> {
    const session = this.closed ? undefined : await this.opened().catch(() => undefined);
    if (!session || this.closed || session.backend.isLost()) return undefined;
    const { name, reason } = session.backend;
    const { numTensors, numBytes } = tf.memory();
    return {
      kind: "status",
      backend: name,
      ...(reason && { reason }),
      tensors: numTensors,
      bytes: numBytes,
      busy: this.busy,
    };
  }

  private notice(message: string): void {
    this.emit({ kind: "notice", message });
  }

  private emit(event: EngineEvent): void {
    for (const listener of [...this.listeners]) tell(listener, event);
  }
}

/** What a listener throws is its own fault and no run's. */
function tell(listener: (event: EngineEvent) => void, event: EngineEvent): void {
  try {
    listener(event);
  } catch (error) {
    reportError(error);
  }
}

function report(graph: Graph, types: ReadonlyMap<string, AnyNode>, result: RunResult | undefined): RunReport {
  if (!result) return { cancelled: true, errors: {}, values: {} };
  const values = [...result.outputs].map(([id, outputs]) => [id, plainValues(types.get(graph.get(id)!.type)!, outputs)] as const);
  return {
    cancelled: false,
    errors: Object.fromEntries(result.errors),
    values: Object.fromEntries(values.filter(([, plain]) => Object.keys(plain).length > 0)),
  };
}
