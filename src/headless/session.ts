/**
 * The executor under Node: one for all pictures of a command, so that weights are loaded once. Where a run exhausts
 * WebAssembly's memory it is repeated on a new backend, with an executor of its own; where the process that computes has ended,
 * the next run has another.
 */
import { Tensor } from "@tensorflow/tfjs-core";
import conditionNet from "../../nodes/condition-net";
import sftResblocks from "../../nodes/sft-resblocks";
import type { Host } from "../../nodes/sockets";
import upsample from "../../nodes/upsample";
import type { PictureType } from "../codec/limits";
import { requireFinite } from "../engine/finite";
import { createHost } from "../engine/host";
import { type Session as AnySession, Runner } from "../engine/runner";
import { Executor } from "../graph/executor";
import type { Graph, GraphNode } from "../graph/parse";
import type { RunOptions, RunResult, Services } from "../graph/running";
import { pictureOf } from "../image/picture";
import { DeferredRaster } from "../image/raster";
import { StageRaster } from "../sftgan/stage";
import type { Image } from "../types";
import { asset } from "./assets";
import { type Backend, checkpoint, startWasm } from "./backend";
import { definitions } from "./catalog";
import { decode } from "./codec";
import { type Compute, computeOf, startRuntime } from "./compute";
import { encode } from "./encode";
import { EngineError } from "./failure";
import { NativeRaster } from "./native/raster";
import type { NativeRuntime } from "./native/runtime";
import { warm } from "./native/warm";
import type { Work } from "./work";

/** WebAssembly addresses 4 GB: room for results, for a running node beside them, and for what the backend wants itself. */
const CACHE_BYTES = 512 * 2 ** 20;
const BUDGET = 768 * 2 ** 20;

/** Nodes whose networks read maps where they lie in the runtime; for all others they are fetched. */
const RUN_THERE: ReadonlySet<string> = new Set([conditionNet, sftResblocks, upsample].map(({ type }) => type));

/** What one backend holds. */
interface Engine extends AnySession {
  readonly backend: Backend;
  /** Where networks run; undefined: by tfjs on the backend. */
  readonly runtime: NativeRuntime | undefined;
  readonly host: Host & Services;
  readonly executor: Executor<Host>;
  /** A run begins. Starts the runtime again where it has ended; what lay there is gone. */
  begin(work: Work, targets: readonly string[]): Promise<void>;
}

/** The first run, as `Session.run` is going to be asked for it. */
export interface First {
  readonly work: Work;
  readonly targets: readonly string[];
}

export class Session {
  private work: Work | undefined;
  /** The latest. */
  private engine: Engine | undefined;
  private readonly runner: Runner<Engine>;

  private constructor(
    readonly compute: Compute,
    first: First | undefined,
  ) {
    this.runner = new Runner<Engine>({
      start: async () => {
        const shared = sharedHost(() => this.work!);
        const starting = startRuntime(compute);
        const isReady = first !== undefined && starting.runtime !== undefined;
        // Before anything else, so that the other process has as much to do as this one.
        if (isReady) await makeReady(starting.runtime, first.work, joined(first.work.graph, first.targets), shared.host);
        const [backend, runtime] = await Promise.all([startWasm(), starting.ready]);
        this.engine = engineOn(backend, { runtime, isReady }, compute, shared);
        return this.engine;
      },
    });
  }

  /**
   * Starts the backend, and the process that computes, which makes ready for the first run meanwhile. Throws an error where the
   * device that is asked for is not there.
   */
  static async start(compute: Compute = computeOf(), first?: First): Promise<Session> {
    const session = new Session(compute, first);
    await session.runner.open().catch((error: Error) => {
      throw error instanceof EngineError ? error : new EngineError(error.message, { cause: error });
    });
    return session;
  }

  /** What computes: onnxruntime where there is one, with WebAssembly beside it. */
  get backend():
    | Pick<Backend, "name" | "simd">
    | { readonly name: "onnxruntime"; readonly device: string; readonly threads: number } {
    const { backend, runtime } = this.engine!;
    const { device = "cpu", threads } = this.compute;
    return runtime ? { name: "onnxruntime", device, threads } : { name: backend.name, simd: backend.simd };
  }

  /** Whether the process that computes has ended, though nobody asked it to. */
  get isLost(): boolean {
    return this.engine?.runtime?.gone ?? false;
  }

  get host(): Host & Services {
    return this.engine!.host;
  }

  /** Computes nodes (ids). What it resolves to is lent until the next run. Rejects when aborted, at once. */
  async run(work: Work, targets: readonly string[], options: RunOptions): Promise<RunResult> {
    const stop = options.signal ?? new AbortController().signal;
    const begin = () => {
      this.work = work;
    };
    const compute = async (engine: Engine, signal: AbortSignal) => {
      await engine.begin(work, targets);
      const end = () => engine.runtime?.close(new Error("cancelled"));
      signal.addEventListener("abort", end);
      try {
        const result = await engine.executor.run(work.graph, targets, { ...options, signal });
        for (const outputs of result.outputs.values()) await fetched(outputs, engine.runtime);
        return result;
      } finally {
        signal.removeEventListener("abort", end);
      }
    };
    const result = await this.runner.run({ begin, compute }, stop);
    if (!result) throw stop.reason;
    return result;
  }

  /**
   * What encodes an image of the latest run, with that run's recipe and metadata inside. The image has been read when it
   * resolves, and another run may begin before the file is made.
   */
  async encoder(image: Image, { type, bits, quality }: Coding): Promise<() => Promise<Uint8Array>> {
    const { host } = this;
    const mark = markOf(this.work!);
    const isDeep = type === "image/png" || type === "image/tiff";
    const picture = await pictureOf(image, isDeep ? bits : 8, host.checkpoint);
    const text = type === "image/png" ? host.provenance() : undefined;
    return async () => (await encode(picture, type, { quality, text, ...mark })).bytes;
  }

  /** Disposes what no later run needs: all results but those of graphs that were run under a scope. */
  forget(): void {
    if (this.engine && !this.engine.executor.broken) this.engine.executor.forget();
  }

  close(): Promise<void> {
    return this.runner.close();
  }
}

/** How a picture is encoded: bits of PNG and TIFF, quality of what loses something. */
export interface Coding {
  readonly type: PictureType;
  readonly bits: 8 | 16;
  readonly quality: number;
}

const markOf = ({ recipe, metadata }: Work) => ({ ...(recipe && { recipe }), ...(metadata && { metadata }) });

/** Nodes of the network whose result goes into one other stage of it and nowhere else. */
function joined(graph: Graph, targets: readonly string[]): Set<string> {
  const uses = new Map<string, string[]>();
  for (const { id, inputs } of graph.values())
    for (const { node } of Object.values(inputs)) uses.set(node, [...(uses.get(node) ?? []), id]);
  const ids = [...graph.values()].filter(({ id, type }) => {
    const by = uses.get(id) ?? [];
    const often = type === conditionNet.type ? Number.POSITIVE_INFINITY : 1; // it costs next to nothing
    return (
      RUN_THERE.has(type) &&
      type !== upsample.type &&
      !targets.includes(id) &&
      by.length > 0 &&
      by.length <= often &&
      by.every((id) => RUN_THERE.has(graph.get(id)!.type))
    );
  });
  return new Set(ids.map(({ id }) => id));
}

/** Brings maps here that lie in the runtime, or are still to be computed there. */
async function fetched(value: unknown, runtime: NativeRuntime | undefined): Promise<void> {
  if (!runtime) return;
  const quiet = { progress: () => {}, checkpoint };
  if (value instanceof StageRaster) await value.settle((stage) => runtime.map(stage, quiet));
  else if (value instanceof NativeRaster) await value.fetch();
  else if (value instanceof DeferredRaster) for (const source of value.sources) await fetched(source, runtime);
  else if (typeof value === "object" && value !== null && !(value instanceof Tensor) && !ArrayBuffer.isView(value))
    for (const item of Object.values(value)) await fetched(item, runtime);
}

/** Weights and sessions of a run that is about to begin. What is wrong with them the nodes themselves say. */
const makeReady = (...args: Parameters<typeof warm>): Promise<void> => warm(...args).catch(() => {});

const sharedHost = (work: () => Work) =>
  createHost({
    definitions: definitions(),
    decode: (...args) => (work().decode ?? decode)(...args),
    encode: (picture, type, options) => encode(picture, type, { ...options, ...markOf(work()) }),
    asset,
    checkpoint,
    graphText: () => JSON.stringify(work().stored),
    file: (ref) => work().file(ref),
  });

function engineOn(
  backend: Backend,
  started: { readonly runtime: NativeRuntime | undefined; readonly isReady: boolean },
  compute: Compute,
  { host: shared, release }: ReturnType<typeof sharedHost>,
): Engine {
  let { runtime, isReady } = started;
  let joins: ReadonlySet<string> = new Set();
  const host = {
    ...shared,
    get runtime() {
      return runtime;
    },
    async prepare(node: GraphNode, inputs: unknown) {
      if (runtime) runtime.joins = joins.has(node.id);
      if (!RUN_THERE.has(node.type)) await fetched(inputs, runtime);
    },
  };
  const executor = new Executor<Host>({
    definitions: definitions(),
    host,
    check: requireFinite,
    cacheBytes: CACHE_BYTES,
    budget: BUDGET,
  });
  return {
    backend,
    get runtime() {
      return runtime;
    },
    host,
    executor,
    lost: new AbortController().signal,
    isLost: () => false,
    async begin(work, targets) {
      joins = joined(work.graph, targets);
      if (runtime?.gone) {
        executor.clear();
        runtime = await startRuntime(compute).ready;
      }
      if (runtime && !isReady) void makeReady(runtime, work, joins, host);
      isReady = false; // for one run
    },
    abandon() {
      runtime?.close();
      backend.abandon();
      executor.discard();
      release();
    },
    close() {
      executor.clear();
      release();
      runtime?.close();
    },
  };
}
