/**
 * The engine itself, in whatever thread it runs: one executor, its backend, and what a page asks of them. Loses no run to a
 * lost graphics context: it starts a new one and runs again.
 */
import * as tf from "@tensorflow/tfjs-core";
import { definitions as ours } from "../../nodes";
import type { Host } from "../../nodes/sockets";
import { createHost } from "../engine/host";
import { plainValues, summarise } from "../engine/summary";
import { drawnOutput, pixelsOf, rasterOf } from "../engine/view";
import { Executor, type RunEvent, type RunResult } from "../graph/executor";
import type { AnyNode, FileRef } from "../graph/node";
import { cleanGraph, type Graph, parseGraph } from "../graph/parse";
import type { StoredGraph } from "../graph/stored";
import { sizeOf } from "../image/raster";
import type { EncodedFile } from "../types";
import { draw } from "../webgl/draw";
import { asset } from "./assets";
import { type Backend, startBackend } from "./backend";
import { decode, encode } from "./codec";
import { FileStore } from "./files";
import type { Engine, EngineEvent, EngineStatus, RunReport, View, ViewRequest } from "./protocol";

export interface CoreOptions {
  readonly backend?: Backend["name"];
  /** Bytes of results to keep, and bytes a running node may use beside them. */
  readonly cacheBytes?: number;
  readonly budget?: number;
  readonly definitions?: readonly AnyNode[];
}

/** A graphics context lost so often in one run is not coming back. */
const MOST_LOSSES = 3;
/** Bitmaps larger than this each way are not drawn. */
const MOST_BITMAP = 8192;

const CANCELLED = "cancelled";

/** What one backend holds. Replaced as a whole when its context is lost. */
interface Session {
  readonly backend: Backend;
  readonly executor: Executor<Host>;
  readonly release: () => void;
}

export class Core implements Engine {
  private readonly files = new FileStore();
  private readonly definitions: readonly AnyNode[];
  private readonly types: ReadonlyMap<string, AnyNode>;
  private readonly listeners = new Set<(event: EngineEvent) => void>();
  private session: Promise<Session> | undefined;
  private graph: Graph = new Map();
  private graphText = "";
  private current: { readonly stop: AbortController; readonly done: Promise<unknown> } | undefined;
  private started = 0;

  constructor(private readonly options: CoreOptions = {}) {
    this.definitions = options.definitions ?? ours;
    this.types = new Map(this.definitions.map((def) => [def.type, def]));
  }

  async run(stored: StoredGraph, targets?: readonly string[]): Promise<RunReport> {
    const graph = this.read(stored);
    const result = await this.exclusively(graph, stored, targets ?? this.sinks(graph));
    return report(graph, this.types, result);
  }

  async encode(stored: StoredGraph, node: string): Promise<EncodedFile> {
    const graph = this.read(stored);
    const result = await this.exclusively(graph, stored, [node]);
    if (!result) throw new Error("saving was cancelled: run it again");
    const file = Object.values(result.outputs.get(node) ?? {}).find(
      (value) => (value as EncodedFile).bytes instanceof Uint8Array,
    );
    if (file) return file as EncodedFile;
    const [id, message] = [...result.errors][0] ?? [node, "it gives no file"];
    throw new Error(`${graph.get(id)?.title ?? id}: ${message}`);
  }

  cancel(): void {
    this.current?.stop.abort(CANCELLED);
  }

  async view({ node, output, region, width, height }: ViewRequest): Promise<View | undefined> {
    const type = this.graph.get(node)?.type;
    const def = type === undefined ? undefined : this.types.get(type);
    const socket = def && drawnOutput(def, output);
    if (!this.session || !socket) return undefined;
    const { executor, backend } = await this.session;
    const found = executor.peek(node);
    if (!found || backend.isLost()) return undefined;
    const value = found.outputs[socket.name];
    const side = (length: number) => Math.max(1, Math.min(MOST_BITMAP, Math.round(length)));
    const pixels = pixelsOf(socket.type, value, region, { height: side(height), width: side(width) });
    if (!pixels) return undefined;
    const size = sizeOf(rasterOf(socket.type, value));
    const bitmap = draw(pixels); // draws before it returns
    pixels.dispose();
    return { bitmap: await bitmap, size, key: found.key };
  }

  addFile(bytes: Uint8Array, name: string): Promise<FileRef> {
    return this.files.add(bytes, name);
  }

  readFile(ref: FileRef): Promise<Uint8Array | undefined> {
    return this.files.read(ref);
  }

  listen(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener);
    void this.status().then((status) => listener({ kind: "status", ...status }));
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.cancel();
    await this.current?.done;
    if (!this.session) return;
    const { executor, release, backend } = await this.session;
    await executor.clear();
    release();
    backend.close();
    this.session = undefined;
  }

  private read(stored: StoredGraph): Graph {
    const clean = cleanGraph(stored);
    return parseGraph(clean, this.definitions);
  }

  /** Every sink; an "on demand" one only as far as what feeds it. Without sinks: whatever feeds nothing. */
  private sinks(graph: Graph): string[] {
    const targets = new Set<string>();
    for (const node of graph.values()) {
      const sink = this.types.get(node.type)?.sink;
      if (sink === "always" || node.problems.length > 0) targets.add(node.id);
      if (sink === "on demand") for (const link of Object.values(node.inputs)) targets.add(link.node);
    }
    if ([...graph.values()].some((node) => this.types.get(node.type)?.sink)) return [...targets];
    const feeding = new Set([...graph.values()].flatMap((node) => Object.values(node.inputs).map((link) => link.node)));
    return [...graph.keys()].filter((id) => !feeding.has(id));
  }

  /** Stops the run under way, waits for it, and runs. Undefined if a newer run or `cancel` stops this one. */
  private async exclusively(graph: Graph, stored: StoredGraph, targets: readonly string[]): Promise<RunResult | undefined> {
    const turn = ++this.started;
    this.current?.stop.abort(CANCELLED);
    await this.current?.done.catch(() => {});
    if (turn !== this.started) return undefined; // a newer one came while this one waited
    this.graph = graph;
    this.graphText = JSON.stringify(stored);
    const stop = new AbortController();
    const done = this.repeatedly(graph, targets, stop);
    this.current = { stop, done };
    this.announceStatus();
    try {
      return await done;
    } finally {
      if (this.current.done === done) this.current = undefined;
      this.announceStatus();
    }
  }

  /** Runs, and runs again on a new context when one is lost. */
  private async repeatedly(graph: Graph, targets: readonly string[], stop: AbortController): Promise<RunResult | undefined> {
    for (let losses = 0; ; losses++) {
      this.session ??= this.start();
      const session = await this.session;
      const attempt = new AbortController();
      const abort = () => attempt.abort(CANCELLED);
      stop.signal.addEventListener("abort", abort);
      if (stop.signal.aborted) abort();
      try {
        const run = session.executor.run(graph, targets, {
          signal: attempt.signal,
          onEvent: (event) => this.forward(graph, event),
        });
        run.catch(() => {});
        const result = await Promise.race([run, session.backend.lost.then(() => undefined)]);
        if (result && !session.backend.isLost()) return result;
      } catch (error) {
        if (stop.signal.aborted && !session.backend.isLost()) return undefined;
        if (!session.backend.isLost()) throw error;
      } finally {
        stop.signal.removeEventListener("abort", abort);
      }
      attempt.abort("the graphics context was lost");
      await this.recover(session);
      if (stop.signal.aborted) return undefined;
      if (losses + 1 === MOST_LOSSES)
        throw new Error(
          `the graphics context was lost ${MOST_LOSSES} times in one run: close other pages that use the GPU, or give a smaller picture`,
        );
    }
  }

  private async recover(session: Session): Promise<void> {
    this.emit({
      kind: "notice",
      message: "The graphics context was lost. It has been started again and the run is being repeated.",
    });
    session.executor.discard();
    session.release();
    session.backend.close();
    this.session = undefined;
  }

  private async start(): Promise<Session> {
    const backend = await startBackend(this.options.backend);
    const { host, release } = createHost({
      decode,
      encode,
      asset,
      pause: backend.pause,
      graphText: () => this.graphText,
      file: async (ref) => {
        const bytes = await this.files.read(ref);
        if (!bytes) throw new Error(`the file "${ref.name}" is not here: choose it again`);
        return bytes;
      },
    });
    const executor = new Executor<Host>({
      definitions: this.definitions,
      host,
      cacheBytes: this.options.cacheBytes ?? 1024 * 2 ** 20,
      budget: this.options.budget ?? 512 * 2 ** 20,
    });
    return { backend, executor, release };
  }

  private forward(graph: Graph, event: RunEvent): void {
    switch (event.kind) {
      case "finished":
      case "cached": {
        const def = this.types.get(graph.get(event.node)!.type)!;
        this.emit({ kind: event.kind, node: event.node, ms: event.ms, summary: summarise(def, event.outputs) });
        if (event.kind === "finished") this.announceStatus();
        break;
      }
      case "part":
        break;
      default:
        this.emit(event);
    }
  }

  private announceStatus(): void {
    void this.status().then((status) => this.emit({ kind: "status", ...status }));
  }

  private async status(): Promise<EngineStatus> {
    this.session ??= this.start();
    const { backend } = await this.session;
    const { numTensors, numBytes } = tf.memory();
    return {
      backend: backend.name,
      ...(backend.reason && { reason: backend.reason }),
      tensors: numTensors,
      bytes: numBytes,
      busy: this.current !== undefined,
    };
  }

  private emit(event: EngineEvent): void {
    for (const listener of this.listeners) listener(event);
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
