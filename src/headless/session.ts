/**
 * The executor under Node: one for all pictures of a command, so that weights are loaded once. Where a run has exhausted
 * WebAssembly's memory, the next one has a new backend and an executor of its own.
 */
import { definitions } from "../../nodes";
import type { Host } from "../../nodes/sockets";
import { requireFinite } from "../engine/finite";
import { createHost } from "../engine/host";
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
interface Engine {
  readonly backend: Backend;
  readonly host: Host & Services;
  readonly executor: Executor<Host>;
  readonly release: () => void;
}

export class Session {
  private work: Work | undefined;

  private constructor(private engine: Engine) {}

  static async start(): Promise<Session> {
    const session: Session = new Session(engineOn(await startWasm(), () => session.work!));
    return session;
  }

  get backend(): Backend {
    return this.engine.backend;
  }

  get host(): Host & Services {
    return this.engine.host;
  }

  /** Computes nodes (ids). What it resolves to is lent until the next run. Rejects when aborted. */
  async run(work: Work, targets: readonly string[], options: RunOptions): Promise<RunResult> {
    this.work = work;
    if (this.engine.executor.broken) {
      this.abandon();
      this.engine = engineOn(await startWasm(), () => this.work!);
    }
    return this.engine.executor.run(work.graph, targets, options);
  }

  /** Disposes what no later run needs: all results but those of graphs that were run under a name of their own. */
  async forget(): Promise<void> {
    if (!this.engine.executor.broken) await this.engine.executor.forget();
  }

  async close(): Promise<void> {
    const { executor, release } = this.engine;
    if (executor.broken) return this.abandon();
    await executor.clear();
    release();
  }

  private abandon(): void {
    const { backend, executor, release } = this.engine;
    backend.abandon();
    executor.discard();
    release();
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
  return { backend, host, executor, release };
}
