/**
 * Runs graphs. A node's key is a hash of its recipe: its type, its parameters, the fingerprints of its files and the keys of
 * what feeds it. Results are cached under their keys, so an edit recomputes what is downstream of it and nothing else,
 * going back to an earlier value costs nothing, and a stale result cannot be shown. A node that fails stops what depends on
 * it; the rest of the graph is computed, unless it was the backend that failed.
 */

import type { Region } from "../region";
import { Cache, type Outputs } from "./cache";
import type { AnyNode, FileRef } from "./node";
import type { Graph } from "./parse";
import { Run } from "./run";
import { GraphState } from "./state";

export type RunEvent =
  | { readonly kind: "started"; readonly node: string }
  /** `updated`: made from the node's last result by computing what has changed. */
  | {
      readonly kind: "finished";
      readonly node: string;
      readonly ms: number;
      readonly outputs: Outputs;
      readonly updated: boolean;
    }
  | { readonly kind: "cached"; readonly node: string; readonly ms: number; readonly outputs: Outputs }
  | { readonly kind: "progress"; readonly node: string; readonly fraction: number }
  /** A part of a node's result was computed (see `Context.part`). */
  | { readonly kind: "part"; readonly node: string; readonly part: string }
  | { readonly kind: "failed"; readonly node: string; readonly message: string }
  | { readonly kind: "overall"; readonly done: number; readonly total: number };

/** What the executor asks of its host; everything else in `Host` is handed on to the nodes. */
export interface Services {
  /** The content of a file that the graph does not carry. Throws a sentence that names it. */
  file(ref: FileRef): Promise<Uint8Array>;
  /** What ships with the package under that name, for inputs that nothing is connected to (`Socket.shipped`). The host owns it. */
  shipped(name: string): Promise<unknown>;
  /** Waits for the GPU, if there is one, and lets messages in. */
  pause(): Promise<void>;
  /** Called with a node's type and what it is given, before it runs: what lies elsewhere is brought where the node reads it. */
  prepare?(type: string, inputs: unknown): Promise<void>;
}

/** A node whose result is looked at in part before all of it is computed. */
export interface Focus {
  readonly node: string;
  /** Called where there is something to look at: maps are computed as they are read. All is lent until the promise resolves. */
  look(outputs: Outputs, key: string): Promise<void>;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Names a graph apart from the usual one: ids of nodes in one say nothing of the other. Results are shared all the same. */
  readonly aside?: string;
  readonly focus?: Focus;
  onEvent?(event: RunEvent): void;
}

export interface RunResult {
  /** By node id. Lent: the tensors belong to the cache and are there until the next run. */
  readonly outputs: ReadonlyMap<string, Outputs>;
  /** One sentence by node id. */
  readonly errors: ReadonlyMap<string, string>;
}

export interface ExecutorOptions<Host> {
  readonly definitions: readonly AnyNode[];
  readonly host: Host & Services;
  /**
   * Looks at what a node gave before anybody else does; what it throws is the node's failure. `changed` is where an update
   * differs from the last result, as in `Update`.
   */
  check?(
    def: AnyNode,
    outputs: Outputs,
    changed: Readonly<Record<string, Region>> | undefined,
    pause: () => Promise<void>,
  ): Promise<void>;
  /** Bytes of results to keep. */
  readonly cacheBytes: number;
  /** Bytes of tensors a running node may hold beside them. */
  readonly budget: number;
}

export class Executor<Host = object> {
  private readonly types: ReadonlyMap<string, AnyNode>;
  private readonly cache: Cache;
  /** By the graph's name. */
  private readonly states = new Map<string, GraphState>();
  private running = false;
  private failed = false;

  constructor(private readonly options: ExecutorOptions<Host>) {
    this.types = new Map(options.definitions.map((def) => [def.type, def]));
    this.cache = new Cache(options.cacheBytes);
  }

  /**
   * Computes `targets` (ids). Rejects only when aborted, and while another run is under way: who owns the executor has runs take
   * turns. What is wrong with a node is in the result.
   */
  async run(graph: Graph, targets: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    if (this.running) throw new Error("a run is under way: wait for its end");
    const state = this.state(options.aside);
    const elsewhere = [...this.states.values()].filter((other) => other !== state).flatMap(({ pinned }) => [...pinned]);
    const broken = () => (this.failed = true);
    this.running = true;
    try {
      return await new Run(this.types, this.cache, this.options, state, graph, options, { elsewhere, broken }).go(targets);
    } catch (error) {
      this.cache.trim();
      throw error;
    } finally {
      this.running = false;
    }
  }

  /**
   * A node's outputs, if they are in the cache for the graph last run under that name. Borrowed: be done with them before
   * awaiting anything.
   */
  peek(id: string, aside?: string): { readonly key: string; readonly outputs: Outputs } | undefined {
    const key = this.state(aside).key(id);
    const outputs = key === undefined ? undefined : (this.cache.get(key) as Outputs | undefined);
    return outputs && { key: key!, outputs };
  }

  private state(name = ""): GraphState {
    const state = this.states.get(name) ?? new GraphState();
    this.states.set(name, state);
    return state;
  }

  /** Whether the backend itself has failed: what is cached cannot be relied on, and another executor is to start on a new one. */
  get broken(): boolean {
    return this.failed;
  }

  /** Disposes every result. Not while a run is under way. */
  clear(): void {
    this.cache.clear();
  }

  /** Disposes every result but what the last runs of graphs with a name of their own were for. Not while a run is under way. */
  forget(): void {
    this.states.delete("");
    this.cache.keep(new Set([...this.states.values()].flatMap(({ pinned }) => [...pinned])));
  }

  /** Disposes every result at once: the backend that holds the tensors is gone, and a run under way with it. */
  discard(): void {
    this.cache.clear();
    this.states.clear();
  }
}
