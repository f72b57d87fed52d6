/**
 * Runs graphs. A node's key is a hash of its recipe: its type, its parameters, the fingerprints of its files and the keys of
 * what feeds it. Results are cached under their keys, so an edit recomputes what is downstream of it and nothing else,
 * going back to an earlier value costs nothing, and a stale result cannot be shown. A node that fails stops what depends on
 * it; the rest of the graph is computed, unless it was the backend that failed.
 */
import { Book } from "./book";
import { Cache, type Outputs } from "./cache";
import { isBackendFailure, sentenceOf } from "./failure";
import { embedded, sha256, verify } from "./file";
import type { AnyNode, Context, FileRef, Param } from "./node";
import { checkParam } from "./param";
import type { Graph, GraphNode } from "./parse";
import type { Rectangle } from "./rectangle";

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
  /** Waits for the GPU, if there is one, and lets messages in. */
  pause(): Promise<void>;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Names a graph apart from the usual one: ids of nodes in one say nothing of the other. Results are shared all the same. */
  readonly aside?: string;
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
  /** Bytes of results to keep. */
  readonly cacheBytes: number;
  /** Bytes of tensors a running node may hold beside them. */
  readonly budget: number;
}

/** Set apart from a node's own failure: what it needs is not there, and that has been said elsewhere. */
const SKIPPED = Symbol("skipped");

export class Executor<Host = object> {
  private readonly types: ReadonlyMap<string, AnyNode>;
  private readonly cache: Cache;
  /** By the graph's name. */
  private readonly books = new Map<string, Book>();
  private idle: Promise<unknown> = Promise.resolve();
  private failed = false;

  constructor(private readonly options: ExecutorOptions<Host>) {
    this.types = new Map(options.definitions.map((def) => [def.type, def]));
    this.cache = new Cache(options.cacheBytes);
  }

  /** Computes `targets` (ids). Runs never overlap. Rejects only when aborted: what is wrong with a node is in the result. */
  run(graph: Graph, targets: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const result = this.idle.then(() => {
      const book = this.book(options.aside);
      const elsewhere = [...this.books.values()].filter((other) => other !== book).flatMap(({ pinned }) => [...pinned]);
      const broken = () => (this.failed = true);
      return new Run(this.types, this.cache, this.options, book, graph, options, { elsewhere, broken }).go(targets);
    });
    this.idle = result.catch(() => this.cache.trim());
    return result;
  }

  /**
   * A node's outputs, if they are in the cache for the graph last run under that name. Borrowed: be done with them before
   * awaiting anything.
   */
  peek(id: string, aside?: string): { readonly key: string; readonly outputs: Outputs } | undefined {
    const key = this.book(aside).key(id);
    const outputs = key === undefined ? undefined : (this.cache.get(key) as Outputs | undefined);
    return outputs && { key: key!, outputs };
  }

  private book(name = ""): Book {
    const book = this.books.get(name) ?? new Book();
    this.books.set(name, book);
    return book;
  }

  /** Whether the backend itself has failed: what is cached cannot be relied on, and another executor is to start on a new one. */
  get broken(): boolean {
    return this.failed;
  }

  /** Disposes every result, after the run under way. */
  clear(): Promise<void> {
    const cleared = this.idle.then(() => this.cache.clear());
    this.idle = cleared;
    return cleared;
  }

  /** Disposes every result at once: the backend that holds the tensors is gone, and a run under way with it. */
  discard(): void {
    this.cache.clear();
    this.books.clear();
  }
}

/** The ids `targets` need, sources first, and a sentence for each node that lies on a cycle or is not there. */
export function order(
  graph: Graph,
  targets: readonly string[],
): { readonly ids: string[]; readonly errors: Map<string, string> } {
  const sorted = new Set<string>();
  const open: string[] = [];
  const errors = new Map<string, string>();
  const visit = (id: string) => {
    if (sorted.has(id)) return;
    if (open.includes(id)) {
      const loop = [...open.slice(open.indexOf(id)), id].map((node) => graph.get(node)!.title.slice(0, 40));
      const shown = loop.length > 7 ? [...loop.slice(0, 3), "…", ...loop.slice(-3)] : loop;
      errors.set(id, `it depends on itself (${shown.join(" → ")}): remove one of these links`);
      return;
    }
    const node = graph.get(id);
    if (!node) {
      errors.set(id, `the graph has no node ${id}: choose one of ${[...graph.keys()].slice(0, 20).join(", ")}`);
      return;
    }
    open.push(id);
    for (const link of Object.values(node.inputs)) if (graph.has(link.node)) visit(link.node);
    open.pop();
    sorted.add(id);
  };
  for (const id of targets) visit(id);
  return { ids: [...sorted], errors };
}

/** One run of one graph. */
class Run<Host> {
  private readonly signal: AbortSignal;
  private readonly emit: (event: RunEvent) => void;
  private readonly keys = new Map<string, string>();
  private readonly errors = new Map<string, string>();
  private readonly failures = new Set<string>();
  private broken = false;

  constructor(
    private readonly types: ReadonlyMap<string, AnyNode>,
    private readonly cache: Cache,
    private readonly options: ExecutorOptions<Host>,
    private readonly book: Book,
    private readonly graph: Graph,
    { signal = new AbortController().signal, onEvent = () => {} }: RunOptions,
    /** `elsewhere`: keys of results that other graphs need. */
    private readonly executor: { readonly elsewhere: readonly string[]; broken(): void },
  ) {
    this.signal = signal;
    this.emit = onEvent;
  }

  async go(targets: readonly string[]): Promise<RunResult> {
    this.signal.throwIfAborted();
    const { ids, errors } = order(this.graph, targets);
    for (const [id, message] of errors) this.fail(id, message);
    for (const id of ids) await this.identify(id);
    this.book.know(this.graph, this.keys, ids, order(this.graph, [...this.graph.keys()]).ids);
    this.book.pinned = new Set(targets.flatMap((id) => this.keys.get(id) ?? []));

    const needed = this.needed(ids, targets);
    const outputs = new Map<string, Outputs>();
    let done = 0;
    for (const id of ids) {
      if (!needed.has(id)) continue;
      const value = await this.value(id);
      this.signal.throwIfAborted();
      if (value !== SKIPPED && targets.includes(id)) outputs.set(id, value);
      if (this.broken) break; // its memory is not to be touched
      this.emit({ kind: "overall", done: ++done, total: needed.size });
      const later = [...needed].slice(done).flatMap((other) => [other, ...this.sources(other)]);
      this.cache.trim(this.pinned([...targets, ...later]));
    }
    if (!this.broken) this.cache.trim(this.pinned(targets));
    return { outputs, errors: this.errors };
  }

  /** Keys of results that must not be disposed. */
  private pinned(ids: readonly string[]): Set<string> {
    return new Set([...this.executor.elsewhere, ...ids.flatMap((id) => this.keys.get(id) ?? [])]);
  }

  /** What has to be looked at: a result in the cache needs nothing before it. */
  private needed(ids: readonly string[], targets: readonly string[]): Set<string> {
    const wanted = new Set(targets);
    for (const id of [...ids].reverse()) {
      if (!wanted.has(id) || this.cache.has(this.keys.get(id) ?? "")) continue;
      for (const source of this.sources(id)) wanted.add(source);
    }
    return new Set(ids.filter((id) => wanted.has(id)));
  }

  private sources(id: string): string[] {
    return Object.values(this.graph.get(id)!.inputs).map((link) => link.node);
  }

  /** Finds a node's key, or says what keeps it from having one. */
  private async identify(id: string): Promise<void> {
    const node = this.graph.get(id)!;
    if (node.problems.length > 0) return this.fail(id, node.problems.join("; "));
    const def = this.types.get(node.type)!;
    const sources = Object.entries(node.inputs).map(([socket, link]) => [socket, this.keys.get(link.node), link.output]);
    if (sources.some(([, key]) => key === undefined)) return void this.failures.add(id);
    try {
      const params = await this.fingerprints(def, node);
      this.keys.set(id, await sha256(JSON.stringify([def.type, params, sources.sort()])));
    } catch (error) {
      this.fail(id, (error as Error).message);
    }
  }

  /** Parameters in a fixed order, files by their content. */
  private async fingerprints(def: AnyNode, node: GraphNode, names = Object.keys(def.params)): Promise<unknown[]> {
    const linked = (name: string) => Object.hasOwn(node.inputs, name);
    const entries = names.filter((name) => name in def.params && !linked(name)).sort();
    return Promise.all(
      entries.map(async (name) => {
        const value = node.params[name];
        if ((def.params[name] as Param).kind !== "file" || value === null) return [name, value];
        const ref = value as FileRef;
        return [name, ref.sha256 ?? (await sha256(await this.file(ref)))];
      }),
    );
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
      this.emit({ kind: "cached", node: id, ms: 0, outputs: cached });
      return cached;
    }
    if (this.sources(id).some((source) => this.failures.has(source))) {
      this.failures.add(id);
      return SKIPPED;
    }
    this.signal.throwIfAborted();
    this.emit({ kind: "started", node: id });
    const start = performance.now();
    try {
      const { inputs, params } = this.arguments(def, node);
      const { outputs, updated } = await this.compute(def, node, inputs, params);
      await this.options.host.pause();
      this.emit({ kind: "finished", node: id, ms: performance.now() - start, outputs, updated });
      return outputs;
    } catch (error) {
      if (isBackendFailure(error)) {
        this.broken = true;
        this.executor.broken();
      }
      this.signal.throwIfAborted();
      this.fail(id, sentenceOf(error));
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
    const before = def.update && this.book.history.before(id, type, sources, (key) => this.cache.get(key));
    const update = before && (await def.update!(inputs, params, context, before));
    const outputs = (update?.outputs ?? (await def.run(inputs, params, context))) as Outputs;
    const updated = update !== undefined;
    if (def.sink === "on demand") return { outputs, updated };
    this.cache.add(key, outputs);
    const changed = update?.changed as Readonly<Record<string, Rectangle>> | undefined;
    this.book.history.record(id, { type, key, params, sources }, before && changed && { before, changed });
    return { outputs, updated };
  }

  /** What a node's `run` is given: a parameter fed by a link has the link's value, checked like a typed one. */
  private arguments(def: AnyNode, node: GraphNode) {
    const inputs: Record<string, unknown> = {};
    const params: Record<string, unknown> = { ...node.params };
    for (const [socket, link] of Object.entries(node.inputs)) {
      const source = this.cache.get(this.keys.get(link.node)!) as Outputs;
      const value = source[link.output];
      if (socket in def.inputs) {
        inputs[socket] = value;
        continue;
      }
      const sentence = checkParam(socket, def.params[socket], value);
      if (sentence) throw new Error(`the value that feeds it does not fit: ${sentence}`);
      params[socket] = value;
    }
    return { inputs, params };
  }

  private context(def: AnyNode, node: GraphNode): Context & Host {
    const { host, budget } = this.options;
    return {
      ...host,
      signal: this.signal,
      budget,
      progress: (fraction) => this.emit({ kind: "progress", node: node.id, fraction }),
      pause: async () => {
        await host.pause();
        this.signal.throwIfAborted();
      },
      file: (ref) => this.file(ref),
      part: async <T>(name: string, dependsOn: readonly string[], compute: () => T | Promise<T>): Promise<T> => {
        const sources = dependsOn
          .filter((socket) => socket in node.inputs)
          .map((socket) => {
            const link = node.inputs[socket]!;
            return [socket, this.keys.get(link.node), link.output];
          });
        const params = await this.fingerprints(def, node, [...dependsOn]);
        const key = await sha256(JSON.stringify([def.type, "part", name, params, sources]));
        const cached = this.cache.get(key) as { value: T } | undefined;
        if (cached) return cached.value;
        const value = await compute();
        this.cache.add(key, { value });
        this.emit({ kind: "part", node: node.id, part: name });
        return value;
      },
    };
  }

  private fail(id: string, message: string): void {
    this.failures.add(id);
    this.errors.set(id, message);
    this.emit({ kind: "failed", node: id, message });
  }
}
