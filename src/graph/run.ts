/** One run of one graph: which results are needed, which are there, and how each of the others is made. */

import { unlessAborted } from "../abort";
import type { Region } from "../region";
import { argumentsOf, isFileReader } from "./arguments";
import type { Cache, Outputs } from "./cache";
import { isBackendFailure, messageOf } from "./failure";
import { embedded, verify } from "./file";
import { inPart } from "./in-part";
import { Keys } from "./keys";
import type { AnyNode, Context, FileRef } from "./node";
import { type Graph, type GraphNode, inOneMessage } from "./parse";
import { Progress } from "./progress";
import type { ExecutorOptions, FocusedNode, NodeForecast, RunEvent, RunForecast, RunOptions, RunResult } from "./running";
import type { GraphState } from "./state";
import { order, reach, sourcesOf } from "./traverse";

/** A node that was not computed because one it needs failed, which has reported it. */
const SKIPPED = Symbol("skipped");

export class Run<Host> {
  private readonly signal: AbortSignal;
  private readonly emit: (event: RunEvent) => unknown;
  private readonly focus: FocusedNode | undefined;
  private readonly keys: Keys;
  private readonly errors = new Map<string, string>();
  private readonly failures = new Set<string>();
  private broken = false;
  private progress = new Progress([]);

  constructor(
    private readonly types: ReadonlyMap<string, AnyNode>,
    private readonly cache: Cache,
    private readonly options: ExecutorOptions<Host>,
    private readonly state: GraphState,
    private readonly graph: Graph,
    { signal = new AbortController().signal, onEvent = () => {}, focus }: RunOptions,
    /** `elsewhere`: keys of results that other graphs need. */
    private readonly owner: { readonly elsewhere: readonly string[]; broken(): void },
  ) {
    this.signal = signal;
    this.emit = onEvent;
    this.focus = focus;
    this.keys = new Keys((ref) => this.file(ref));
  }

  async go(targets: readonly string[]): Promise<RunResult> {
    this.signal.throwIfAborted();
    const { ids, errors } = order(this.graph, targets);
    for (const [id, message] of errors) this.fail(id, message);
    for (const id of ids) await this.identify(id);
    this.state.know(this.graph, this.keys.all, ids, order(this.graph, [...this.graph.keys()]).ids);
    this.state.pinned = new Set(this.keys.of(targets));

    const needed = this.needed(ids, targets);
    this.progress = new Progress(needed);
    const forecasts = new Map<string, NodeForecast>();
    await this.foresee(needed, forecasts);
    this.signal.throwIfAborted();
    if (this.focus && needed.has(this.focus.node)) await this.lookAt(this.focus);
    const outputs = new Map<string, Outputs>();
    let done = 0;
    for (const id of ids) {
      if (this.broken) break;
      if (!needed.has(id)) continue;
      done++;
      const value = await this.value(id);
      this.signal.throwIfAborted();
      if (value !== SKIPPED && targets.includes(id)) outputs.set(id, value);
      if (this.broken) break; // its memory is not to be touched
      await this.foresee(needed, forecasts);
      this.tellProgress(id, 1);
      const later = [...needed].slice(done).flatMap((other) => [other, ...sourcesOf(this.graph, other)]);
      this.cache.trim(this.pinned([...targets, ...later]));
    }
    if (!this.broken) this.cache.trim(this.pinned(targets));
    return { outputs, errors: this.errors };
  }

  /** What a run for `targets` would take. What reads a file is computed for it, as every size follows from that. */
  async forecast(targets: readonly string[]): Promise<RunForecast> {
    this.signal.throwIfAborted();
    const { ids } = order(this.graph, targets);
    for (const id of ids) await this.identify(id, false);
    const needed = this.needed(ids, targets);
    for (const id of needed) {
      const node = this.graph.get(id)!;
      if (this.broken || !isFileReader(node, this.types.get(node.type)?.params ?? {})) continue;
      const value = await this.value(id);
      this.signal.throwIfAborted();
      if (value !== SKIPPED) this.state.find(id, this.keys.get(id)!);
    }
    const forecasts = new Map<string, NodeForecast>();
    if (!this.broken) await this.foresee(needed, forecasts);
    const isComplete = [...needed].every((id) => forecasts.has(id) || this.cache.has(this.keys.get(id) ?? ""));
    return { nodes: forecasts, isComplete };
  }

  /** Adds to `forecasts` what has become known of the nodes that are `needed`, and tells of it. */
  private async foresee(needed: ReadonlySet<string>, forecasts: Map<string, NodeForecast>): Promise<void> {
    const { forecast, host, budget } = this.options;
    const isKnown = (id: string) => forecasts.has(id) || this.failures.has(id) || this.cache.has(this.keys.get(id) ?? "");
    if (!forecast || [...needed].every(isKnown)) return;
    const found = await forecast(this.graph, [...needed], {
      definition: (type) => this.types.get(type),
      known: (id) => this.cached(id),
      shipped: (name) => host.shipped(name),
      budget,
    });
    const before = forecasts.size;
    for (const [id, one] of found) if (!forecasts.has(id)) forecasts.set(id, one);
    if (forecasts.size === before) return;
    this.progress.weigh(new Map([...forecasts].map(([id, { multiplyAdds }]) => [id, multiplyAdds])));
    this.emit({ kind: "forecast", nodes: forecasts });
  }

  private tellProgress(id: string, part: number): void {
    this.progress.set(id, part);
    this.emit({ kind: "overall", ...this.progress.overall });
  }

  /** Tells of every result that is there, and computes `sources` first where they are not: see `Executor.glance`. */
  async glance(sources: readonly string[]): Promise<RunResult> {
    this.signal.throwIfAborted();
    const { ids } = order(this.graph, [...this.graph.keys()]);
    for (const id of ids) await this.identify(id, sources.includes(id));
    for (const id of ids) {
      const key = this.keys.get(id);
      if (this.broken) break;
      if (key === undefined || !(this.cache.has(key) || sources.includes(id))) continue;
      const value = await this.value(id);
      this.signal.throwIfAborted();
      if (value !== SKIPPED) this.state.find(id, key);
    }
    const missing = ids.flatMap((id) => {
      const key = this.keys.get(id);
      return key === undefined || this.cache.has(key) ? [] : [[id, key] as const];
    });
    if (!this.broken) await this.emit({ kind: "missing", keys: new Map(missing) });
    if (!this.broken) this.cache.trim(new Set([...this.owner.elsewhere, ...this.state.pinned, ...this.state.shown]));
    return { outputs: new Map(), errors: this.errors };
  }

  /** Keys of results that must not be disposed. */
  private pinned(ids: readonly string[]): Set<string> {
    return new Set([...this.owner.elsewhere, ...this.keys.of(ids)]);
  }

  /** What has to be looked at: a result in the cache needs nothing before it. */
  private needed(ids: readonly string[], targets: readonly string[]): Set<string> {
    const isThere = (id: string) => this.cache.has(this.keys.get(id) ?? "");
    const wanted = reach(targets, (id) => (isThere(id) ? [] : sourcesOf(this.graph, id)));
    return new Set(ids.filter((id) => wanted.has(id)));
  }

  /**
   * Shows a part of a result before all of it is computed. What can be had in part only is kept nowhere; what has to be
   * computed for it is needed by the run as well, and kept as always.
   */
  private async lookAt({ node, look }: FocusedNode): Promise<void> {
    const key = this.keys.get(node);
    if (key === undefined || this.cache.has(key)) return;
    try {
      const seen = await inPart(this.graph, node, {
        definition: (id) => this.types.get(this.graph.get(id)!.type),
        cached: (id) => this.cached(id),
        computed: async (id) => {
          const outputs = await this.value(id);
          return outputs === SKIPPED ? undefined : outputs;
        },
        deferred: (def, id, outputsOf) => this.defer(def, this.graph.get(id)!, outputsOf),
      });
      if (seen?.deferred) await look(seen.outputs, key);
    } catch (error) {
      if (isBackendFailure(error)) this.breakOff(node, error);
      // Anything else the run itself meets again, and says on the node.
    }
    this.signal.throwIfAborted();
  }

  private async defer(def: AnyNode, node: GraphNode, outputsOf: (source: string) => Outputs): Promise<Outputs> {
    const { inputs, params } = await argumentsOf(def, node, outputsOf, this.options.host);
    return (await def.defer!(inputs, params, this.context(def, node))) as Outputs;
  }

  private cached(id: string): Outputs | undefined {
    return this.cache.get(this.keys.get(id) ?? "") as Outputs | undefined;
  }

  /** Finds a node's key, or says what keeps it from having one, unless it is not to be said. */
  private async identify(id: string, isSaid = true): Promise<void> {
    const node = this.graph.get(id)!;
    const fail = (message: string): void => void (isSaid ? this.fail(id, message) : this.failures.add(id));
    if (node.problems.length > 0) return fail(inOneMessage(node.problems));
    try {
      if (!(await this.keys.find(this.types.get(node.type)!, node))) this.failures.add(id);
    } catch (error) {
      fail((error as Error).message);
    }
  }

  private async file(ref: FileRef): Promise<Uint8Array> {
    return verify(ref, embedded(ref) ?? (await this.options.host.file(ref)));
  }

  private async value(id: string): Promise<Outputs | typeof SKIPPED> {
    const key = this.keys.get(id);
    const node = this.graph.get(id)!;
    const def = this.types.get(node.type);
    if (key === undefined || this.failures.has(id) || !def) return SKIPPED;
    const cached = this.cache.get(key) as Outputs | undefined;
    if (cached) {
      await this.emit({ kind: "cached", node: id, ms: 0, outputs: cached, key });
      return cached;
    }
    if (sourcesOf(this.graph, id).some((source) => this.failures.has(source))) {
      this.failures.add(id);
      return SKIPPED;
    }
    this.signal.throwIfAborted();
    this.emit({ kind: "started", node: id });
    const start = performance.now();
    try {
      const { inputs, params } = await argumentsOf(def, node, (source) => this.cached(source)!, this.options.host);
      const { outputs, updated } = await this.compute(def, node, inputs, params);
      await this.options.host.checkpoint();
      await this.emit({ kind: "finished", node: id, ms: performance.now() - start, outputs, key, updated });
      return outputs;
    } catch (error) {
      if (isBackendFailure(error)) this.breakOff(id, error);
      else {
        this.signal.throwIfAborted();
        this.fail(id, messageOf(error));
      }
      return SKIPPED;
    }
  }

  /** Updates the node's last result if it can, computes it anew otherwise, and keeps it. */
  private async compute(
    def: AnyNode,
    node: GraphNode,
    inputs: Record<string, unknown>,
    params: Record<string, unknown>,
  ): Promise<{ readonly outputs: Outputs; readonly updated: boolean }> {
    const { id, type } = node;
    const key = this.keys.get(id)!;
    const sources = Object.fromEntries(
      Object.entries(node.inputs).map(([socket, link]) => [socket, { ...link, key: this.keys.get(link.node)! }]),
    );
    const context = this.context(def, node);
    await this.options.host.prepare?.(node, inputs);
    const before = def.update && this.state.history.before(id, type, sources, (key) => this.cache.get(key));
    const update = before && (await def.update!(inputs, params, context, before));
    const outputs = (update?.outputs ?? (await def.run(inputs, params, context))) as Outputs;
    const updated = update !== undefined;
    if (def.sink === "on demand") return { outputs, updated };
    this.cache.add(key, outputs);
    const changed = update?.changed as Readonly<Record<string, Region>> | undefined;
    try {
      await this.options.check?.(def, outputs, changed, context.checkpoint);
    } catch (error) {
      if (!isBackendFailure(error)) this.cache.delete(key);
      throw error;
    }
    this.state.history.record(id, { type, key, params, sources }, before && changed && { before, changed });
    return { outputs, updated };
  }

  private context(def: AnyNode, node: GraphNode): Context & Host {
    const { host, budget } = this.options;
    return {
      ...host,
      signal: this.signal,
      budget,
      progress: (fraction) => {
        this.emit({ kind: "progress", node: node.id, fraction });
        this.tellProgress(node.id, Math.min(fraction, 0.999)); // done is what has a result
      },
      checkpoint: async () => {
        await unlessAborted(host.checkpoint(), this.signal);
        this.signal.throwIfAborted();
      },
      file: (ref) => this.file(ref),
      memo: async <T>(name: string, dependsOn: readonly string[], compute: () => T | Promise<T>): Promise<T> => {
        const key = await this.keys.ofMemo(def, node, name, dependsOn);
        const cached = this.cache.get(key) as { value: T } | undefined;
        if (cached) return cached.value;
        const value = await compute();
        this.cache.add(key, { value });
        this.emit({ kind: "memo", node: node.id, memo: name });
        return value;
      },
    };
  }

  /** The backend has failed in a node: nothing is computed any more. */
  private breakOff(id: string, error: unknown): void {
    this.broken = true;
    this.owner.broken();
    this.signal.throwIfAborted();
    this.fail(id, messageOf(error));
  }

  private fail(id: string, message: string): void {
    this.failures.add(id);
    this.errors.set(id, message);
    this.emit({ kind: "failed", node: id, message });
  }
}
