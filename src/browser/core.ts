/** The engine itself, in whatever thread it runs: what a page asks of it. */
import { definitions as ours } from "../../nodes";
import { unlessAborted } from "../abort";
import { fileRefusal } from "../codec/refusal";
import { bytesOf } from "../engine/files";
import { RunClock } from "../engine/run-clock";
import { Runner } from "../engine/runner";
import { defaultTargets, fileReaders, shippedFor } from "../engine/targets";
import { drawnOutput, sampleOf } from "../engine/view";
import type { Outputs } from "../graph/cache";
import { cleanGraph } from "../graph/clean";
import type { AnyNode, AnySchema, FileRef } from "../graph/node";
import { type Graph, parseGraph } from "../graph/parse";
import type { RunOptions as ExecutorRunOptions, RunEvent, RunResult } from "../graph/running";
import type { StoredGraph } from "../graph/stored";
import { onnxOf } from "../sftgan/export";
import { schemaOf } from "../toolkit/schema";
import type { EncodedFile, Sample } from "../types";
import { loadModel } from "../weights/model";
import { Ahead } from "./ahead";
import { assetsAt } from "./assets";
import { drawView } from "./drawing";
import { FileStore } from "./files";
import { Keeping } from "./keeping";
import { KeptResults } from "./kept-results";
import { importNodes } from "./node-modules";
import {
  type AddFileOptions,
  type Engine,
  type EngineEvent,
  type Forecast,
  type RunOptions,
  type RunReport,
  SAVING_CANCELLED,
  type SampleRequest,
  type Scope,
  type View,
  type ViewRequest,
} from "./protocol";
import { type Session, type SessionOptions, startSession } from "./session";
import { FORECAST, type Task, Tasks } from "./tasks";
import { forecastOf, previewOf, reportOf, resultOf, statusOf } from "./telling";
import { OnWebGPU } from "./webgpu";

export type CoreOptions = Partial<SessionOptions>;

/** Milliseconds without a run before kernels are tried: results are drawn and kept first. */
export const CALM_MS = 3000;

/** What is computed. */
interface Job extends RunOptions {
  readonly graph: Graph;
  readonly stored: StoredGraph;
  readonly targets: readonly string[];
  /** What is computed in place of the graph's results. */
  readonly act?: (session: Session, options: ExecutorRun) => Promise<RunResult>;
}

/** What the executor is told beside the graph. */
type ExecutorRun = Pick<ExecutorRunOptions, "signal" | "scope" | "onEvent">;

const NOTHING: RunResult = { outputs: new Map(), errors: new Map() };

export class Core implements Omit<Engine, "listen"> {
  private readonly files = new FileStore({}, (message) => this.emit({ kind: "notice", message, once: true }));
  private readonly definitions: AnyNode[];
  private readonly types: Map<string, AnyNode>;
  private readonly runner: Runner<Session>;
  private readonly webgpu: OnWebGPU;
  private readonly keeping: Keeping;
  /** By scope. */
  private readonly graphs = new Map<string | undefined, Graph>();
  /** The graph that is run. */
  private stored: StoredGraph | undefined;
  private readonly tasks = new Tasks();
  /** What computes. */
  private atWork: Scope | undefined;
  private closed = false;
  private readonly ahead = new Ahead(() => this.isCalm);
  private deciding: ReturnType<typeof setTimeout> | undefined;

  /** `emit` is called with every event, first with the status, once the backend has started. Bitmaps are the callee's. */
  constructor(
    private readonly emit: (event: EngineEvent) => void,
    private readonly options: CoreOptions = {},
  ) {
    this.definitions = [...(options.definitions ?? ours)];
    this.types = new Map(this.definitions.map((def) => [def.type, def]));
    this.webgpu = options.webgpu ?? new OnWebGPU();
    const assets = assetsAt(options.assetBase);
    this.keeping = new Keeping(new KeptResults(assets.edition, assets.results));
    const parts = { ...options, definitions: this.definitions, webgpu: this.webgpu };
    this.runner = new Runner({
      start: () => startSession(parts, this.files, () => JSON.stringify(this.stored)),
      notice: (message) => emit({ kind: "notice", message }),
    });
    this.announceStatus();
  }

  async run(stored: StoredGraph, targets?: readonly string[], options: RunOptions = {}): Promise<RunReport> {
    const graph = parseGraph(cleanGraph(stored), this.definitions);
    const result = await this.inTurn(options.glance ? "glance" : "run", {
      graph,
      stored,
      targets: targets ?? (options.glance ? fileReaders : defaultTargets)(graph, (type) => this.types.get(type)),
      ...options,
    });
    return reportOf(graph, this.types, result);
  }

  async forecast(stored: StoredGraph, targets?: readonly string[]): Promise<Forecast | undefined> {
    const graph = parseGraph(cleanGraph(stored), this.definitions);
    const wanted = targets ?? defaultTargets(graph, (type) => this.types.get(type));
    let found: Forecast | undefined;
    const act = async ({ executor, pace, budget }: Session, options: ExecutorRun) => {
      found = forecastOf(graph, await executor.forecast(graph, wanted, options), pace.rates, budget);
      return NOTHING;
    };
    const ended = await this.inTurn("glance", { graph, stored, targets: wanted, scope: FORECAST, act });
    return ended && found;
  }

  async encode(stored: StoredGraph, node: string, { scope }: Scope = {}): Promise<EncodedFile> {
    const graph = parseGraph(cleanGraph(stored), this.definitions);
    const result = await this.inTurn("save", { graph, stored, targets: [node], scope });
    if (!result) throw new Error(SAVING_CANCELLED);
    const file = Object.values(result.outputs.get(node) ?? {}).find(
      (value) => (value as EncodedFile).bytes instanceof Uint8Array,
    );
    if (file) return file as EncodedFile;
    const [id, message] = [...result.errors][0] ?? [node, "it gives no file"];
    throw new Error(`${graph.get(id)?.title ?? id}: ${message}`);
  }

  cancel(): void {
    this.tasks.cancel();
  }

  async view(request: ViewRequest): Promise<View | undefined> {
    const view = await this.look(request, (def, { outputs, key }) => drawView(def, outputs, key, request));
    return view ?? (request.kept ? this.keeping.view(request) : undefined);
  }

  sample(request: SampleRequest): Promise<Sample | undefined> {
    return this.look(request, async (def, { outputs }) => {
      const socket = drawnOutput(def, request.output);
      return socket && sampleOf(socket.type, outputs[socket.name], request.x, request.y);
    });
  }

  /** What `see` makes of a node's outputs, which it reads before it returns a promise; undefined where there are none. */
  private async look<T>(
    { node, scope }: Pick<ViewRequest, "node" | "scope">,
    see: (def: AnyNode, found: { readonly key: string; readonly outputs: Outputs }) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const type = this.graphs.get(scope)?.get(node)?.type;
    const def = type === undefined ? undefined : this.types.get(type);
    const session = def && (await this.runner.opened());
    if (!session || session.backend.isLost()) return undefined;
    const unlessLost = (error: unknown): undefined => {
      if (!session.backend.isLost()) throw error;
    };
    const found = session.executor.peek(node, scope);
    const seen = found && (await see(def, found).catch(unlessLost));
    return session.backend.isLost() ? undefined : seen;
  }

  async addFile(bytes: Uint8Array, name: string, { accept, ...options }: AddFileOptions = {}): Promise<FileRef> {
    const refusal = accept === undefined ? undefined : fileRefusal(bytes, name, accept);
    if (refusal) throw new Error(refusal);
    return this.files.add(bytes, name, options);
  }

  readFile(ref: FileRef): Promise<Uint8Array | undefined> {
    return this.files.read(ref);
  }

  async addNodes(urls: readonly string[]): Promise<void> {
    const added = await importNodes(urls, [...this.types.keys()]);
    this.definitions.push(...added); // the session's host reads the same list
    for (const def of added) this.types.set(def.type, def);
    (await this.runner.opened())?.executor.know(added);
  }

  async nodes(): Promise<readonly AnySchema[]> {
    return this.definitions.filter((def) => !ours.includes(def)).map(schemaOf);
  }

  async exportOnnx(ref: FileRef): Promise<Uint8Array> {
    const parts = {
      asset: this.options.asset ?? assetsAt(this.options.assetBase).read,
      file: (own: FileRef) => this.files.get(own),
    };
    return onnxOf(await loadModel(await bytesOf(ref, parts), ref.name));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.keeping.forget();
    clearTimeout(this.deciding);
    this.ahead.forget();
    this.cancel();
    await this.runner.close();
  }

  /** Computes once what came before has ended; a run stops older ones first. Undefined if a newer run or `cancel` stops it. */
  private async inTurn(kind: Task["kind"], job: Job): Promise<RunResult | undefined> {
    const { scope } = job;
    if (this.closed) throw new Error("the engine is closed: create another one");
    const task = this.tasks.add(kind, scope);
    const turn = (busy: boolean) => {
      if (kind === "glance") return;
      this.atWork = busy ? { scope } : undefined;
      this.announceStatus();
    };
    const begin = () => {
      this.graphs.set(scope, job.graph);
      this.stored = job.stored;
      turn(true);
    };
    // When it has ended nothing of it goes on, a lost context or not.
    const compute = async (session: Session, signal: AbortSignal) => {
      const { graph, targets, focus, glance, act } = job;
      const typeOf = (type: string) => this.types.get(type);
      if (!act && !glance) for (const name of shippedFor(graph, targets, typeOf)) session.foresee(name);
      if (!act && scope === undefined) this.ahead.forget();
      if (session.kernels) await unlessAborted(session.kernels.open(), signal);
      signal.throwIfAborted();
      const clock = new RunClock(session.pace.rates, (id) => graph.get(id)!.type);
      const options: ExecutorRun = {
        signal,
        ...(scope !== undefined && { scope }),
        onEvent: (event) => this.forward(session, job, clock, event),
      };
      if (act) return act(session, options);
      if (glance) {
        if (scope === undefined) this.ahead.begin(session, shippedFor(graph, defaultTargets(graph, typeOf), typeOf));
        return session.executor.glance(graph, targets, glance === "anew", options);
      }
      const look = focus && {
        node: focus.node,
        look: (outputs: Outputs, key: string) => this.preview(job, focus, outputs, key, signal),
      };
      if (scope === undefined) this.keeping.forget();
      try {
        const result = await session.executor.run(graph, targets, { ...options, ...(look && { focus: look }) });
        const peek = (node: string) => (session.backend.isLost() ? undefined : session.executor.peek(node));
        if (scope === undefined) this.keeping.keepSoon(graph, this.types, peek, () => this.isCalm);
        this.decideSoon(session);
        return result;
      } finally {
        session.pace.keep();
      }
    };
    try {
      return await this.runner.run({ begin, compute, end: () => turn(false) }, task.stop.signal);
    } finally {
      this.tasks.delete(task);
    }
  }

  private get isCalm(): boolean {
    return this.tasks.none && !this.closed;
  }

  /** Finds out which kernels are the fastest for what ran, once nothing is run any more. */
  private decideSoon({ kernels, backend }: Session): void {
    clearTimeout(this.deciding);
    if (!kernels?.decide) return;
    this.deciding = setTimeout(async () => {
      await kernels.decide?.(() => this.isCalm && !backend.isLost());
      this.announceStatus();
    }, CALM_MS);
  }

  /** Draws the part of a run's result that is in focus, and tells of it. */
  private async preview({ graph, scope }: Job, focus: ViewRequest, outputs: Outputs, key: string, signal: AbortSignal) {
    const event = await previewOf(this.types.get(graph.get(focus.node)!.type)!, focus, outputs, key);
    if (!event || signal.aborted) return event?.view.bitmap.close();
    this.emit({ ...(scope !== undefined && { scope }), ...event });
  }

  /** Passes on what a run says: of a result once the pictures of it that were asked for are drawn. */
  private async forward(session: Session, job: Job, clock: RunClock, event: RunEvent): Promise<void> {
    const { graph, scope, glance, edition, act, views = [] } = job;
    clock.hear(event);
    if (event.kind === "missing") return this.tellKept(job, event.keys);
    if (act || event.kind === "memo" || event.kind === "forecast" || session.backend.isLost()) return;
    if (glance && (event.kind === "started" || event.kind === "progress")) return;
    const mark = scope === undefined ? {} : { scope };
    const { left } = event.kind === "overall" ? clock : {};
    if (event.kind === "overall") return this.emit({ ...mark, ...event, ...(left !== undefined && { left }) });
    if (event.kind !== "finished" && event.kind !== "cached") return this.emit({ ...mark, ...event });
    const result = await resultOf(this.types.get(graph.get(event.node)!.type)!, event, views);
    this.emit({ ...mark, ...(glance && { edition }), ...result });
    if (event.kind === "finished") this.announceStatus();
  }

  /** Shows what is kept of nodes without a result, beside whatever is done next. */
  private tellKept({ graph, scope, edition }: Job, keys: ReadonlyMap<string, string>): void {
    if (scope !== undefined) return;
    const tell: Parameters<Keeping["glance"]>[2] = (node, from, summary, views) =>
      this.emit({ kind: "kept", edition, node, from, summary, views });
    void this.keeping.glance(graph, keys, tell);
  }

  private announceStatus(): void {
    void this.status().then((status) => status && this.emit(status));
  }

  /** Undefined once closed, and where no backend starts: the run says why. */
  private async status(): Promise<EngineEvent | undefined> {
    const session = this.closed ? undefined : await this.runner.open().catch(() => undefined);
    return session && !this.closed && !session.backend.isLost() ? statusOf(session, this.atWork) : undefined;
  }
}
