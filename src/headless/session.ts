/**
 * The executor under Node: one for all pictures of a command, so that weights are loaded once. Where a run exhausts
 * WebAssembly's memory it is repeated on a new backend, with an executor of its own.
 */
import { definitions } from "../../nodes";
import type { Host } from "../../nodes/sockets";
import { requireFinite } from "../engine/finite";
import { createHost } from "../engine/host";
import { type Session as AnySession, Runner } from "../engine/runner";
import { Executor, type RunOptions, type RunResult, type Services } from "../graph/executor";
import type { Graph } from "../graph/parse";
import type { StoredGraph } from "../graph/stored";
import { asset } from "./assets";
import { type Backend, pause, startWasm } from "./backend";
import { decode, encode } from "./codec";

/** WebAssembly addresses 4 GB: room for results, for a running node beside them, and for what the backend wants itself. */
const CACHE_BYTES = 512 * 2 ** 20;
const BUDGET = 768 * 2 ** 20;

/** A graph to run: as stored, as checked, and where its files are. */
export interface Work {
  readonly stored: StoredGraph;
  readonly graph: Graph;
  readonly file: Services["file"];
  /** What is written into JPEG and WebP, to be known again. */
  readonly recipe?: string;
}

/** What one backend holds. */
interface Engine extends AnySession {
  readonly backend: Backend;
  readonly host: Host & Services;
  readonly executor: Executor<Host>;
}

export class Session {
  private work: Work | undefined;
  /** The latest. */
  private engine: Engine | undefined;
  private readonly runner = new Runner<Engine>({
    start: async () => {
      this.engine = engineOn(await startWasm(), () => this.work!);
      return this.engine;
    },
  });

  /** Starts the backend. */
  static async start(): Promise<Session> {
    const session = new Session();
    await session.runner.open();
    return session;
  }

  get backend(): Backend {
    return this.engine!.backend;
  }

  get host(): Host & Services {
    return this.engine!.host;
  }

  /** Computes nodes (ids). What it resolves to is lent until the next run. Rejects when aborted. */
  async run(work: Work, targets: readonly string[], options: RunOptions): Promise<RunResult> {
    const stop = options.signal ?? new AbortController().signal;
    const begin = () => {
      this.work = work;
    };
    const compute = ({ executor }: Engine, signal: AbortSignal) => executor.run(work.graph, targets, { ...options, signal });
    const result = await this.runner.run({ begin, compute }, stop);
    if (!result) throw stop.reason;
    return result;
  }

  /** Disposes what no later run needs: all results but those of graphs that were run under a name of their own. */
  forget(): void {
    if (this.engine && !this.engine.executor.broken) this.engine.executor.forget();
  }

  close(): Promise<void> {
    return this.runner.close();
  }
}

function engineOn(backend: Backend, work: () => Work): Engine {
  const { host, release } = createHost({
    decode,
    encode: (picture, type, options) => encode(picture, type, { ...options, recipe: work().recipe }),
    asset,
    pause,
    graphText: () => JSON.stringify(work().stored),
    file: (ref) => work().file(ref),
  });
  const executor = new Executor<Host>({ definitions, host, check: requireFinite, cacheBytes: CACHE_BYTES, budget: BUDGET });
  return {
    backend,
    host,
    executor,
    lost: new AbortController().signal,
    isLost: () => false,
    abandon() {
      backend.abandon();
      executor.discard();
      release();
    },
    close() {
      executor.clear();
      release();
    },
  };
}
