/**
 * Runs our nodes on a litegraph graph: posts the graph to an engine, shows on the nodes what it says, takes values from the
 * page's own nodes and hands ours to them.
 */
import type { Engine, EngineEvent, RunReport, View, ViewRequest } from "../browser/protocol";
import type { FileRef, Param } from "../graph/node";
import type { Region } from "../types";
import { collect, deliver, type Outputs } from "./deliver";
import { download } from "./download";
import { isPicture, signature, valueIn } from "./foreign";
import {
  definitionOf,
  type Host,
  isForeign,
  type LGraph,
  type LGraphNode,
  linkOf,
  linksOf,
  nodesOf,
  registrationOf,
  unknownTypeOf,
} from "./host";
import { lazyEngine } from "./lazy-engine";
import { foreignInputs, type Posted, post } from "./post";
import { complain, forget, hasRuntime, type NodeState, newState, pictureOf, type Runtime, setRuntime } from "./state";
import { change } from "./widgets/widget";

export interface AttachOptions {
  /** What computes. Absent: the package's own, in a worker, made when it is first needed and closed by `detach`. */
  readonly engine?: Engine;
  /** Run soon after every change; on unless this is false. */
  readonly auto?: boolean;
}

/** What is looked at while it is worked on. */
export interface Focus {
  /** Asked when a run begins: the part of a result to compute first; undefined: none. */
  request(): ViewRequest | undefined;
  /** What has come, before the run has computed the rest. The bitmap is the callee's. */
  show(region: Region, view: View): void;
}

export interface Attachment {
  readonly engine: Engine;
  auto: boolean;
  /** Once its part is shown, a change no longer waits for the rest of the run. */
  focus: Focus | undefined;
  /**
   * Computes `targets` (node ids; absent: every node that shows a result). A run under way is stopped first. Sentences about
   * nodes are on the nodes and in the report. Rejects only for a graph that cannot be read.
   */
  run(targets?: readonly (string | number)[]): Promise<RunReport>;
  cancel(): void;
  /** Computes the file of a node such as Save and downloads it. Rejects with one sentence, which is on the node as well. */
  download(node: LGraphNode | string | number): Promise<void>;
  /** Calls with every event of the engine until the returned function is called. */
  listen(listener: (event: EngineEvent) => void): () => void;
  /** Stops running the graph; the nodes stay in it. */
  detach(): void;
}

/**
 * Milliseconds without a change before a run that no longer computes what is wanted is stopped for one that does. While a
 * slider is dragged it goes on to its end instead, so that something is seen; the latest value is run next.
 */
const QUIET = 120;
/** Milliseconds between runs for a foreign node that changes all the time. */
const PAUSE = 300;
/** Milliseconds between looks at a foreign picture. */
const LOOK = 250;
/** The longest side of a picture on a node, in device pixels. */
const LARGEST = 2048;

/**
 * Attaches an engine to a graph. Call `register` first. Throws a sentence where the graph is attached already or its litegraph
 * is set to names instead of numbers as ids.
 */
export function attach(graph: LGraph, { engine, auto = true }: AttachOptions = {}): Attachment {
  const { host } = registrationOf(graph);
  if ((host as Host).use_uuids)
    throw new Error("LiteGraph.use_uuids is true, and our nodes need numbers as ids: set it to false before making the graph");
  if (hasRuntime(graph)) throw new Error("this graph is attached already: call detach() on its attachment first");
  return new Attached(graph, engine, auto);
}

class Attached implements Attachment, Runtime {
  readonly engine: Engine;
  readonly #graph: LGraph;
  readonly #ownsEngine: boolean;
  readonly #unlisten: () => void;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #states = new Map<string, NodeState & { previous?: NodeState["phase"] | undefined }>();
  readonly #looked = new Map<string, number>();
  #auto: boolean;
  #detached = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts runs; a run whose number is not the latest has been stopped. */
  #turn = 0;
  #busy = false;
  /** What was in focus of the run under way has been shown. */
  #shown = false;
  focus: Focus | undefined;
  /** Something has changed since the run under way began: milliseconds from its end to the next. */
  #next: number | undefined;
  #posted: Posted | undefined;
  #outputs: Outputs = new Map();
  /** What the last complete run, or the one under way, was run for. */
  #done = "";
  #touched = new Set<number>();
  #seen = new Set<string>();

  constructor(graph: LGraph, engine: Engine | undefined, auto: boolean) {
    this.#graph = graph;
    this.#ownsEngine = !engine;
    this.engine = engine ?? lazyEngine(async () => (await import("../browser/client")).createEngine());
    this.#unlisten = this.engine.listen((event) => this.#hear(event));
    this.#auto = auto;
    setRuntime(graph, this);
    if (typeof document !== "undefined") document.addEventListener("paste", this.#paste);
    for (const node of nodesOf(graph)) if (definitionOf(node)) this.changed(node);
  }

  get auto(): boolean {
    return this.#auto;
  }
  set auto(on: boolean) {
    this.#auto = on;
    if (on) this.#schedule();
    else clearTimeout(this.#timer);
  }

  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async run(targets?: readonly (string | number)[]): Promise<RunReport> {
    if (this.#detached) throw new Error("the graph has been detached: attach it again");
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    const stopped = (): boolean => turn !== this.#turn;
    const nothing: RunReport = { cancelled: true, errors: {}, values: {} };
    this.#busy = true;
    this.#shown = false;
    this.#next = undefined;
    const recipe = this.#recipe();
    if (!targets) this.#done = recipe;
    try {
      const posted = await post(this.#graph, this.engine, this.#isRunning());
      if (stopped()) return nothing;
      this.#posted = posted;
      this.#seen = new Set();
      for (const [id, sentence] of posted.problems) this.#fail(id, sentence);
      const focus = this.focus?.request();
      const report = await this.engine.run(posted.graph, targets?.map(String) ?? posted.targets, { focus });
      if (stopped()) return { ...report, cancelled: true };
      const errors = this.#errors(report, posted);
      for (const [id, sentence] of Object.entries(errors)) this.#fail(id, sentence);
      if (report.cancelled) {
        this.#done = "";
        this.#settle(posted, false);
        return { ...report, errors };
      }
      const outputs = await collect(this.#graph, this.engine, { ...report, errors }, this.#outputs, () => !stopped());
      if (stopped()) return { ...report, errors, cancelled: true };
      this.#hand(targets ? new Map([...this.#outputs, ...outputs]) : outputs);
      this.#settle(posted, !targets);
      return { ...report, errors };
    } catch (error) {
      if (stopped()) return nothing;
      this.#done = "";
      this.#tell({ kind: "notice", message: error instanceof Error ? error.message : String(error) });
      throw error;
    } finally {
      if (!stopped()) {
        this.#busy = false;
        this.#redraw();
        if (this.#next !== undefined && this.#auto && !this.#detached) this.#schedule(this.#next);
      }
    }
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#turn++;
    this.#busy = false;
    this.#done = "";
    this.engine.cancel();
    for (const state of this.#states.values()) if (state.phase === "running") state.phase = "waiting";
    this.#redraw();
  }

  async download(target: LGraphNode | string | number): Promise<void> {
    const node = typeof target === "object" ? target : this.#graph.getNodeById(Number(target));
    if (!node) throw new Error(`the graph has no node ${target}: give the id of a node such as Save`);
    const state = this.state(node);
    state.phase = "running";
    state.fraction = 0;
    this.#redraw();
    try {
      const posted = await post(this.#graph, this.engine, this.#isRunning());
      const sentence = posted.problems.get(String(node.id));
      if (sentence) throw new Error(sentence);
      this.#posted = posted;
      const file = await this.engine.encode(posted.graph, String(node.id));
      const name = node.properties.name;
      download(file, typeof name === "string" && name ? name : node.title);
      state.phase = "finished";
      state.error = undefined;
    } catch (error) {
      complain(node, error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      this.#redraw();
    }
  }

  detach(): void {
    if (this.#detached) return;
    this.cancel();
    this.#detached = true;
    this.#unlisten();
    this.#listeners.clear();
    if (typeof document !== "undefined") document.removeEventListener("paste", this.#paste);
    setRuntime(this.#graph, undefined);
    for (const state of this.#states.values()) forget(state);
    this.#states.clear();
    if (this.#ownsEngine) this.engine.close();
    this.#redraw();
  }

  // What nodes ask for

  state(node: LGraphNode): NodeState {
    const key = `${node.id}:${node.type}`;
    let state = this.#states.get(key);
    if (!state) {
      state = newState();
      this.#states.set(key, state);
    }
    return state;
  }

  changed(node: LGraphNode): void {
    if (this.#touched.size === 0) queueMicrotask(() => this.#flush());
    this.#touched.add(node.id);
  }

  step(node: LGraphNode): void {
    deliver(node, this.#outputs.get(node.id));
    if (!this.#auto || !this.#posted) return;
    const now = performance.now();
    for (const input of node.inputs ?? []) {
      const link = linkOf(this.#graph, input.link);
      const origin = link && this.#graph.getNodeById(link.origin_id);
      if (!link || !origin || !isForeign(origin)) continue;
      const output = `${link.origin_id}.${link.origin_slot}`;
      const value = valueIn(this.#graph, link);
      if (isPicture(value)) {
        if (now - (this.#looked.get(output) ?? 0) < LOOK) continue;
        this.#looked.set(output, now);
      }
      if (signature(value) !== this.#posted.signatures.get(output)) this.#foreignChange(node);
    }
  }

  want(node: LGraphNode, output: string, width: number, height: number): void {
    const state = this.state(node);
    const picture = pictureOf(state, output);
    if (picture.asking || state.phase !== "finished" || width < 1 || height < 1) return;
    const scale = Math.min(1, LARGEST / Math.max(width, height));
    const side = (length: number, own = LARGEST): number => Math.min(own, Math.ceil((length * scale) / 16) * 16);
    const size = picture.stale ? undefined : picture.view?.size; // more pixels than there are show nothing more
    const [w, h] = [side(width, size?.width), side(height, size?.height)];
    const larger = w > picture.width * 1.2 || h > picture.height * 1.2;
    if (!picture.stale && (picture.none || (picture.view && !larger))) return;
    Object.assign(picture, { asking: true, stale: false, width: w, height: h });
    const request = { node: String(node.id), ...(output && { output }), width: w, height: h };
    this.engine
      .view(request)
      .catch(() => undefined)
      .then((view) => {
        picture.asking = false;
        if (this.#detached || state.pictures.get(output) !== picture) return view?.bitmap.close();
        picture.view?.bitmap.close();
        if (view) picture.view = view;
        else delete picture.view;
        picture.none = !view;
        if (view?.face) state.face = view.face;
        this.#redraw();
      });
  }

  async addFile(node: LGraphNode, param: string, file: File): Promise<void> {
    try {
      const ref = await this.engine.addFile(new Uint8Array(await file.arrayBuffer()), file.name);
      change({ node, name: param }, ref);
    } catch (error) {
      complain(node, `"${file.name}" could not be taken in (${error instanceof Error ? error.message : error}): choose it again`);
    }
  }

  // Changes

  /** Marks what changed nodes feed as waiting, unless the graph still computes what was last run. */
  #flush(): void {
    const touched = this.#touched;
    this.#touched = new Set();
    if (this.#detached) return;
    if (this.#done !== "" && this.#recipe() === this.#done) {
      clearTimeout(this.#timer);
      this.#next = undefined;
      for (const state of this.#states.values()) this.#unwait(state);
      this.#redraw();
      return;
    }
    for (const id of this.#downstream(touched)) {
      const node = this.#graph.getNodeById(id);
      if (!node || !definitionOf(node)) continue;
      const state = this.#states.get(`${id}:${node.type}`) ?? (this.state(node) as NodeState & { previous?: NodeState["phase"] });
      if (state.phase !== "waiting") state.previous = state.phase;
      state.phase = "waiting";
    }
    this.#redraw();
    if (this.#auto) this.#schedule();
  }

  /** Runs soon: at once, or after the run under way unless changes stop coming before. At most one run waits. */
  #schedule(after = 0): void {
    clearTimeout(this.#timer);
    if (this.#busy) this.#next = after;
    this.#timer = setTimeout(
      () => {
        this.run().catch(() => {}); // told as a notice
      },
      this.#busy && !this.#shown ? QUIET : after,
    );
  }

  #unwait(state: NodeState & { previous?: NodeState["phase"] | undefined }): void {
    if (state.phase === "waiting" && state.previous) state.phase = state.previous;
    state.previous = undefined;
  }

  #downstream(ids: Iterable<number>): Set<number> {
    const all = new Set(ids);
    const links = linksOf(this.#graph);
    for (let size = -1; size !== all.size; ) {
      size = all.size;
      for (const link of links) if (all.has(link.origin_id)) all.add(link.target_id);
    }
    return all;
  }

  /** A playing video changes all the time: it neither stops the run under way nor puts off the next one. */
  #foreignChange(node: LGraphNode): void {
    if (this.#busy) this.#next ??= PAUSE;
    else if (!this.#touched.has(node.id)) {
      this.#looked.clear();
      this.#posted = undefined; // no second look before the next run
      this.changed(node);
    }
  }

  /** What the result depends on, as text: neither titles nor places. */
  #recipe(): string {
    const ours = nodesOf(this.#graph).filter((node) => !isForeign(node));
    const withoutCopies = (_: string, value: unknown): unknown =>
      (value as FileRef | null)?.sha256 ? { ...(value as FileRef), data: undefined } : value;
    const recipe = [
      ours.map((node) => [node.id, node.type, node.mode ?? 0, node.properties]).sort(([a], [b]) => Number(a) - Number(b)),
      linksOf(this.#graph)
        .map((link) => [
          link.origin_id,
          this.#graph.getNodeById(link.origin_id)?.outputs?.[link.origin_slot]?.name,
          link.target_id,
          this.#graph.getNodeById(link.target_id)?.inputs?.[link.target_slot]?.name,
        ])
        .map(String)
        .sort(),
      [...foreignInputs(this.#graph)].map(([output, value]) => [output, signature(value)]).sort(),
    ];
    return JSON.stringify(recipe, withoutCopies);
  }

  /** Gives foreign nodes what came out, and nothing where nothing did any more. */
  #hand(outputs: Outputs): void {
    for (const node of nodesOf(this.#graph)) {
      const now = outputs.get(node.id);
      const gone = [...(this.#outputs.get(node.id)?.keys() ?? [])].filter((name) => !now?.has(name));
      deliver(node, new Map(gone.map((name) => [name, undefined])));
      deliver(node, now);
    }
    this.#outputs = outputs;
    setTimeout(() => this.#redraw(), 50); // once the page's own loop has carried them on
  }

  #isRunning(): boolean {
    return this.#graph.status === (this.#graph.constructor as { STATUS_RUNNING?: number }).STATUS_RUNNING;
  }

  // What the engine says

  #hear(event: EngineEvent): void {
    if (event.aside !== undefined) return; // of another graph
    if (event.kind === "preview") {
      this.#preview(event.region, event.view);
      return;
    }
    if (!("node" in event)) {
      this.#tell(event);
      return;
    }
    const fed = this.#posted?.fed.get(event.node);
    if (fed) {
      if (event.kind === "failed") for (const id of fed) this.#fail(id, event.message, true);
      return;
    }
    const node = this.#graph.getNodeById(Number(event.node));
    if (event.kind === "failed") {
      this.#fail(event.node, event.message, true);
      return;
    }
    if (node && definitionOf(node)) this.#show(this.state(node), event);
    this.#tell(event);
    this.#redraw();
  }

  #preview(region: Region, view: View): void {
    if (!this.#busy || !this.focus) {
      view.bitmap.close();
      return;
    }
    this.#shown = true;
    this.focus.show(region, view);
    if (this.#next !== undefined && this.#auto) this.#schedule(this.#next);
  }

  #show(
    state: NodeState & { previous?: NodeState["phase"] },
    event: Exclude<EngineEvent, { kind: "failed" | "overall" | "notice" | "preview" | "status" }>,
  ): void {
    switch (event.kind) {
      case "started":
        state.phase = "running";
        state.fraction = 0;
        state.error = undefined;
        return;
      case "progress":
        state.phase = "running";
        state.fraction = event.fraction;
        return;
      case "finished":
      case "cached": {
        const unchanged = event.kind === "cached" && state.phase === "finished";
        if (!unchanged) for (const picture of state.pictures.values()) Object.assign(picture, { stale: true, none: false });
        state.phase = "finished";
        if (event.kind === "finished") state.ms = event.ms;
        else if (!unchanged) state.ms = undefined;
        state.summary = event.summary;
        state.error = undefined;
        delete state.previous;
        this.#seen.add(event.node);
      }
    }
  }

  #fail(id: string, message: string, tell = false): void {
    const sentence = this.#posted?.problems.get(id) ?? message;
    const node = this.#graph.getNodeById(Number(id));
    if (node) {
      const state = this.state(node);
      state.summary = "";
      forget(state);
      complain(node, sentence);
    }
    if (tell) this.#tell({ kind: "failed", node: id, message: sentence });
  }

  /** A report's sentences, those about nodes put in told of the nodes they feed. */
  #errors({ errors }: RunReport, { problems, fed }: Posted): Record<string, string> {
    const all: Record<string, string> = {};
    for (const [id, sentence] of Object.entries(errors)) for (const node of fed.get(id) ?? [id]) all[node] ??= sentence;
    return { ...all, ...Object.fromEntries(problems) };
  }

  /** After a run nothing waits: what fed a result is there, and what no result needs shows nothing. */
  #settle(posted: Posted, complete: boolean): void {
    const needed = new Set(this.#seen);
    for (let size = -1; size !== needed.size; ) {
      size = needed.size;
      for (const [, from, , to] of posted.graph.links) if (needed.has(String(to))) needed.add(String(from));
    }
    const alive = new Set<NodeState>();
    for (const node of nodesOf(this.#graph)) {
      if (unknownTypeOf(node) === undefined && !definitionOf(node)) continue;
      const state = this.state(node) as NodeState & { previous?: NodeState["phase"] };
      alive.add(state);
      if (state.phase !== "waiting" && state.phase !== "running") continue;
      if (needed.has(String(node.id)) && complete) {
        state.phase = "finished";
        state.ms = undefined;
        for (const picture of state.pictures.values()) Object.assign(picture, { stale: true, none: false });
      } else if (complete) {
        state.phase = "idle";
        state.summary = "";
        delete state.face;
        forget(state);
      } else state.phase = "waiting";
      delete state.previous;
    }
    for (const [key, state] of this.#states) {
      if (alive.has(state)) continue;
      forget(state);
      this.#states.delete(key);
    }
  }

  #tell(event: EngineEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  #redraw(): void {
    this.#graph.setDirtyCanvas(true, false);
  }

  /** A file pasted while one of our nodes is selected goes to that node. */
  #paste = (event: ClipboardEvent): void => {
    const [file] = event.clipboardData?.files ?? [];
    const target = event.target as HTMLElement | null;
    if (!file || target?.closest?.("input, textarea, [contenteditable]")) return;
    for (const canvas of this.#graph.list_of_graphcanvas ?? [])
      for (const node of Object.values(canvas.selected_nodes ?? {})) {
        const params = Object.entries((definitionOf(node)?.params ?? {}) as Record<string, Param>);
        const found = params.find(([, { kind }]) => kind === "file");
        if (!found) continue;
        event.preventDefault();
        void this.addFile(node, found[0], file);
        return;
      }
  };
}
