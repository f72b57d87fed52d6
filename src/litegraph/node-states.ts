/** What the nodes of an attached graph show of its runs, by id and type: undo, which makes nodes anew, keeps it. */
import type { DrawnView, Engine, EngineEvent, ViewRequest } from "../browser/protocol";
import { isOff, modeOf } from "../graph/modes";
import type { Graph } from "../graph/parse";
import { reach } from "../graph/traverse";
import { definitionOf, graphHeldBy, type LGraph, type LGraphNode, nodesOf, placeholderTypeOf, registrationOf } from "./host";
import { lookOf } from "./layout";
import { isShowing, outdate, put, wantedPictures, wantPicture } from "./pictures";
import type { Posted } from "./post";
import { forget, type NodeState, newState, pictureOf, setError } from "./state";

/** What the engine says of a node that runs well. */
export type NodeEvent = Extract<EngineEvent, { kind: "started" | "progress" | "finished" | "cached" | "kept" }>;

interface Kept extends NodeState {
  /** The phase before it began to wait. */
  previous?: NodeState["phase"] | undefined;
}

export class NodeStates {
  readonly #graph: LGraph;
  readonly #states = new Map<string, Kept>();
  /** The nodes, by id, whose results are there since the run began. */
  #there = new Set<string>();
  #edition = 0;
  /** What was posted last: nodes inside of subgraphs are in it, shown or not. */
  #run: Graph = new Map();
  #owners: Posted["owners"] = new Map();
  /** The types of the nodes that hold those inside of subgraphs, by their ids. */
  #holders = new Map<string, string>();

  constructor(graph: LGraph) {
    this.#graph = graph;
  }

  of(node: LGraphNode): NodeState {
    return this.#of(node);
  }

  /** The graph is another: its nodes have shown nothing yet. */
  clear(): void {
    for (const state of this.#states.values()) this.#clear(state, state.phase === "off" ? "off" : "idle");
  }

  /** What is told from now on is of this graph, as it runs. */
  about({ run, owners }: Pick<Posted, "run" | "owners">): void {
    this.#run = run;
    this.#owners = owners;
    this.#holders = new Map([...owners.values()].map(({ id, type }) => [String(id), type]));
  }

  /** A run begins: its results have yet to come. */
  begin(posted: Pick<Posted, "run" | "owners">): void {
    this.#there = new Set();
    this.about(posted);
    // What failed inside of a subgraph is told anew.
    for (const id of this.#holders.keys()) {
      const state = this.#at(id, this.#typeOf(id)!);
      if (state.phase === "failed") this.#clear(state, "idle");
    }
  }

  /** Counts the edits: what a glance finds for an earlier one is not shown. */
  get edition(): number {
    return this.#edition;
  }

  /** It is what a glance has found for the graph before an edit. */
  isOld(event: NodeEvent): boolean {
    return "edition" in event && event.edition !== undefined && event.edition !== this.#edition;
  }

  /** Marks those of our nodes as waiting: the graph has been edited. */
  wait(ids: Iterable<number>): void {
    this.#edition++;
    for (const id of ids) {
      const node = this.#graph.getNodeById(id);
      if (!node || !(definitionOf(node) ?? graphHeldBy(node))) continue;
      const state = this.#of(node);
      delete state.kept;
      if (state.phase !== "waiting" && state.phase !== "off") state.previous = state.phase;
      state.phase = isOff(modeOf(node)) ? "off" : "waiting";
    }
  }

  /** What waits has its result after all. */
  unwait(): void {
    for (const state of this.#states.values()) {
      if ((state.phase === "waiting" || state.phase === "off") && state.previous) state.phase = state.previous;
      state.previous = undefined;
    }
  }

  /** The run has been stopped: what runs waits for the next. */
  stop(): void {
    for (const state of this.#states.values()) if (state.phase === "running") state.phase = "waiting";
  }

  show(event: NodeEvent): void {
    const type = this.#typeOf(event.node);
    const definition = type === undefined ? undefined : registrationOf(this.#graph).definitions.get(type);
    const views = ("views" in event && event.views) || [];
    if (type === undefined || !definition || this.isOld(event)) {
      for (const { view } of views) view.bitmap.close();
      return;
    }
    const state = this.#at(event.node, type);
    switch (event.kind) {
      case "kept":
        this.#keep(lookOf(definition).kind === "compare", state, event.from, event.summary, views);
        return;
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
        const unchanged = event.kind === "cached" && state.phase === "finished" && event.key === state.key;
        if (!unchanged) outdate(state);
        state.phase = "finished";
        if (event.kind === "finished") state.ms = event.ms;
        else if (!unchanged) state.ms = undefined;
        state.key = event.key;
        state.summary = event.summary;
        state.warnings = event.warnings;
        state.error = undefined;
        delete state.kept;
        delete state.previous;
        this.#there.add(event.node);
        for (const { request, view } of views) {
          const { output = "", width, height } = request;
          const picture = pictureOf(state, output);
          put(state, picture, view);
          Object.assign(picture, { width, height, stale: picture.asking }); // an answer under way may be of the last result
        }
      }
    }
  }

  /** What is said of a node inside of this one, by its id: it shows it as its own. */
  showInside(id: string, event: NodeEvent): void {
    const type = this.#typeOf(id);
    const state = type === undefined ? undefined : this.#at(id, type);
    if (!state || state.phase === "failed") return;
    if (event.kind === "started" || event.kind === "progress")
      Object.assign(state, { phase: "running", fraction: event.kind === "progress" ? event.fraction : 0 });
    else if (event.kind !== "kept") state.phase = "finished";
  }

  /** Asks for the picture of an output: see `wantPicture`. */
  want(engine: Engine, node: LGraphNode, output: string, width: number, height: number): void {
    wantPicture(engine, this.#of(node), node, output, { width, height }, () => this.#graph.setDirtyCanvas(true, false));
  }

  /** The pictures in view of what a run may compute: asked for with it, so that they come with its results. */
  wanted(): ViewRequest[] {
    return wantedPictures(this.#graph, (node) => this.#states.get(keyOf(node)));
  }

  /** Puts a message on a node in the place of its result. */
  fail(id: string, message: string): void {
    const type = this.#typeOf(id);
    if (type === undefined) return;
    const state = this.#at(id, type);
    state.summary = "";
    state.warnings = undefined;
    forget(state);
    const node = this.#graph.getNodeById(Number(id));
    if (node) setError(node, message);
    else Object.assign(state, { phase: "failed", error: message });
  }

  /**
   * A run of this graph is over. After one that was `complete` what fed a result is there, and what no result needs shows
   * nothing, nor does a node that is off. What comes after a node that failed waits, and shows what it had until then.
   */
  settle(run: Graph, complete: boolean): void {
    const needed = new Set(this.#there);
    for (const id of needed) for (const { node } of Object.values(run.get(id)?.inputs ?? {})) needed.add(node);
    const alive = new Set<NodeState>();
    const shown = nodesOf(this.#graph).filter((node) => placeholderTypeOf(node) !== undefined || definitionOf(node));
    const all = new Map(
      shown.map((node) => [
        String(node.id),
        { state: this.#of(node), isOff: isOff(run.get(String(node.id))?.mode ?? modeOf(node)) },
      ]),
    );
    for (const { id, type, mode } of run.values())
      if (!all.has(id)) all.set(id, { state: this.#at(id, type), isOff: isOff(mode) });
    for (const id of this.#holders.keys()) alive.add(this.#at(id, this.#typeOf(id)!));
    const failed = [...all].flatMap(([id, { state }]) => (state.phase === "failed" ? [id] : []));
    const after = failed.length ? reach(failed, usersIn(run)) : new Set<string>();
    for (const [id, { state, isOff }] of all) {
      alive.add(state);
      if (isOff) {
        if (state.phase !== "failed") this.#clear(state, "off"); // it says so where it was asked for
        continue;
      }
      const isEarlier = after.has(id) && !this.#there.has(id) && isShowing(state);
      if (state.phase !== "waiting" && state.phase !== "running" && !(state.phase === "finished" && isEarlier)) continue;
      if (needed.has(id) && complete) {
        state.phase = "finished";
        state.ms = undefined;
        outdate(state);
      } else if (complete && !isEarlier) this.#clear(state, "idle");
      else state.phase = "waiting";
      delete state.previous;
    }
    for (const [id, { state }] of all)
      if (state.phase === "finished")
        for (let owner = this.#owners.get(Number(id)); owner; owner = this.#owners.get(owner.id)) {
          const around = this.#at(String(owner.id), owner.type);
          if (around.phase !== "failed") around.phase = "finished";
        }
    for (const [key, state] of this.#states) {
      if (alive.has(state)) continue;
      forget(state);
      this.#states.delete(key);
    }
  }

  /** Closes every bitmap. */
  close(): void {
    for (const state of this.#states.values()) forget(state);
    this.#states.clear();
  }

  /** Shows what is kept of a node, unless it has a result. */
  #keep(isCompare: boolean, state: Kept, from: "visit" | "package", summary: string, views: readonly DrawnView[]): void {
    for (const [i, { request, view }] of views.entries()) {
      const isShown = (isCompare || i === 0) && (state.phase === "idle" || state.phase === "waiting");
      if (!isShown) {
        view.bitmap.close();
        continue;
      }
      const picture = pictureOf(state, isCompare ? (request.output ?? "") : "");
      put(state, picture, view);
      Object.assign(picture, { width: request.width, height: request.height });
      Object.assign(state, { kept: from, summary });
    }
  }

  /** The node has nothing to show. */
  #clear(state: Kept, phase: "idle" | "off"): void {
    state.phase = phase;
    state.summary = "";
    state.key = undefined;
    state.error = undefined;
    state.warnings = undefined;
    delete state.kept;
    delete state.face;
    delete state.previous;
    forget(state);
  }

  /** Of a node that is shown, or of one that runs elsewhere in the whole. */
  #typeOf(id: string): string | undefined {
    return this.#graph.getNodeById(Number(id))?.type ?? this.#run.get(id)?.type ?? this.#holders.get(id);
  }

  #of(node: LGraphNode): Kept {
    return this.#at(String(node.id), node.type ?? "");
  }

  #at(id: string, type: string): Kept {
    const key = `${id}:${type}`;
    let state = this.#states.get(key);
    if (!state) {
      state = newState();
      this.#states.set(key, state);
    }
    return state;
  }
}

const keyOf = (node: LGraphNode): string => `${node.id}:${node.type}`;

/** The ids of the nodes that a node's outputs go to. */
function usersIn(run: Graph): (id: string) => readonly string[] {
  const users = new Map<string, string[]>();
  for (const { id, inputs } of run.values())
    for (const { node } of Object.values(inputs)) users.set(node, [...(users.get(node) ?? []), id]);
  return (id) => users.get(id) ?? [];
}
