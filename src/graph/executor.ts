/**
 * Runs graphs. A node's key is a hash of its recipe: its type, its parameters, the fingerprints of its files and the keys of
 * what feeds it. Results are cached under their keys, so an edit recomputes what is downstream of it and nothing else,
 * going back to an earlier value costs nothing, and a stale result cannot be shown. A node that fails stops what depends on
 * it; the rest of the graph is computed, unless it was the backend that failed.
 */

import { Cache, type Outputs } from "./cache";
import type { AnyNode } from "./node";
import type { Graph } from "./parse";
import { Run } from "./run";
import type { ExecutorOptions, RunForecast, RunOptions, RunResult } from "./running";
import { GraphState } from "./state";

export class Executor<Host = object> {
  private readonly types: Map<string, AnyNode>;
  private readonly cache: Cache;
  /** By scope; "" is the page's own graph. */
  private readonly states = new Map<string, GraphState>();
  private running = false;
  private failed = false;

  constructor(private readonly options: ExecutorOptions<Host>) {
    this.types = new Map(options.definitions.map((def) => [def.type, def]));
    this.cache = new Cache(options.cacheBytes);
  }

  /** Nodes of these types may be in graphs from now on. */
  know(definitions: readonly AnyNode[]): void {
    for (const def of definitions) this.types.set(def.type, def);
  }

  /**
   * Computes `targets` (ids). Rejects only when aborted, and while another run is under way: who owns the executor has runs take
   * turns. What is wrong with a node is in the result.
   */
  async run(graph: Graph, targets: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return this.alone(graph, options, (run) => run.go(targets));
  }

  /**
   * Finds what is there of a graph, without a run of it: results in the cache, and of `sources` (ids), which need no other node, those
   * that have to be computed. Every result found is told of; other nodes keep what they have. `anew`: they lose it, the graph being
   * another. Rejects as `run` does.
   */
  async glance(graph: Graph, sources: readonly string[], anew: boolean, options: RunOptions = {}): Promise<RunResult> {
    if (anew) this.states.set(options.scope ?? "", new GraphState());
    return this.alone(graph, options, (run) => run.glance(sources));
  }

  /**
   * What computing `targets` (ids) would take: by node, of those that are not there. Nodes that read files are computed for it.
   * Rejects as `run` does.
   */
  async forecast(graph: Graph, targets: readonly string[], options: RunOptions = {}): Promise<RunForecast> {
    return this.alone(graph, options, (run) => run.forecast(targets));
  }

  private async alone<T>(graph: Graph, options: RunOptions, act: (run: Run<Host>) => Promise<T>): Promise<T> {
    if (this.running) throw new Error("a run is under way: wait for its end");
    const state = this.state(options.scope);
    const elsewhere = [...this.states.values()].filter((other) => other !== state).flatMap(({ pinned }) => [...pinned]);
    const broken = () => (this.failed = true);
    this.running = true;
    try {
      return await act(new Run(this.types, this.cache, this.options, state, graph, options, { elsewhere, broken }));
    } catch (error) {
      this.cache.trim();
      throw error;
    } finally {
      this.running = false;
    }
  }

  /**
   * A node's outputs, if they are in the cache for the graph last run under that scope. Borrowed: be done with them before
   * awaiting anything.
   */
  peek(id: string, scope?: string): { readonly key: string; readonly outputs: Outputs } | undefined {
    const key = this.state(scope).key(id);
    const outputs = key === undefined ? undefined : (this.cache.get(key) as Outputs | undefined);
    return outputs && { key: key!, outputs };
  }

  private state(scope = ""): GraphState {
    const state = this.states.get(scope) ?? new GraphState();
    this.states.set(scope, state);
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

  /** Disposes every result but what the last runs under a scope were for. Not while a run is under way. */
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
