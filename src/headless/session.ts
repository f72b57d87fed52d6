/** The executor under Node: one for all pictures of a command, so that weights are loaded once. */
import { definitions } from "../../nodes";
import type { Host } from "../../nodes/sockets";
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

export class Session {
  private work: Work | undefined;
  private readonly release: () => void;
  private readonly executor: Executor<Host>;
  readonly host: Host & Services;

  private constructor(readonly backend: Backend) {
    const { host, release } = createHost({
      decode,
      encode: (picture, type, options) => encode(picture, type, { ...options, recipe: this.work?.recipe }),
      asset,
      pause,
      graphText: () => JSON.stringify(this.work!.stored),
      file: (ref) => this.work!.file(ref),
    });
    this.host = host;
    this.release = release;
    this.executor = new Executor<Host>({ definitions, host, cacheBytes: CACHE_BYTES, budget: BUDGET });
  }

  static async start(): Promise<Session> {
    return new Session(await startWasm());
  }

  /** Computes nodes (ids). What it resolves to is lent until the next run. Rejects when aborted. */
  run(work: Work, targets: readonly string[], options: RunOptions): Promise<RunResult> {
    this.work = work;
    return this.executor.run(work.graph, targets, options);
  }

  async close(): Promise<void> {
    await this.executor.clear();
    this.release();
  }
}
