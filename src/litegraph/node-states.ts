/** What the nodes of an attached graph show, by id and type: undo, which makes nodes anew, keeps it. */
import type { EngineEvent } from "../browser/protocol";
import { isOff, modeOf } from "../graph/modes";
import type { Graph } from "../graph/parse";
import { definitionOf, type LGraph, type LGraphNode, nodesOf, unknownTypeOf } from "./host";
import { complain, forget, type NodeState, newState } from "./state";

/** What the engine says of a node that runs well. */
export type NodeEvent = Extract<EngineEvent, { kind: "started" | "progress" | "finished" | "cached" }>;

interface Kept extends NodeState {
  /** The phase before it began to wait. */
  previous?: NodeState["phase"] | undefined;
}

export class NodeStates {
  readonly #graph: LGraph;
  readonly #states = new Map<string, Kept>();
  /** The nodes, by id, whose results are there since the run began. */
  #there = new Set<string>();

  constructor(graph: LGraph) {
    this.#graph = graph;
  }

  of(node: LGraphNode): NodeState {
    return this.#of(node);
  }

  /** A run begins: its results have yet to come. */
  begin(): void {
    this.#there = new Set();
  }

  /** Marks those of our nodes as waiting. */
  wait(ids: Iterable<number>): void {
    for (const id of ids) {
      const node = this.#graph.getNodeById(id);
      if (!node || !definitionOf(node)) continue;
      const state = this.#of(node);
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
    const node = this.#graph.getNodeById(Number(event.node));
    if (!node || !definitionOf(node)) return;
    const state = this.#of(node);
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
        if (!unchanged) outdate(state);
        state.phase = "finished";
        if (event.kind === "finished") state.ms = event.ms;
        else if (!unchanged) state.ms = undefined;
        state.summary = event.summary;
        state.warnings = event.warnings;
        state.error = undefined;
        delete state.previous;
        this.#there.add(event.node);
      }
    }
  }

  /** Puts a sentence on a node in the place of its result. */
  fail(id: string, sentence: string): void {
    const node = this.#graph.getNodeById(Number(id));
    if (!node) return;
    const state = this.#of(node);
    state.summary = "";
    state.warnings = undefined;
    forget(state);
    complain(node, sentence);
  }

  /**
   * A run of this graph is over. After one that was `complete` nothing waits: what fed a result is there, and what no result
   * needs shows nothing. Nor does a node that is off.
   */
  settle(run: Graph, complete: boolean): void {
    const needed = new Set(this.#there);
    for (const id of needed) for (const { node } of Object.values(run.get(id)?.inputs ?? {})) needed.add(node);
    const alive = new Set<NodeState>();
    for (const node of nodesOf(this.#graph)) {
      if (unknownTypeOf(node) === undefined && !definitionOf(node)) continue;
      const state = this.#of(node);
      alive.add(state);
      if (isOff(modeOf(node))) {
        if (state.phase !== "failed") this.#clear(state, "off"); // it says so where it was asked for
        continue;
      }
      if (state.phase !== "waiting" && state.phase !== "running") continue;
      if (needed.has(String(node.id)) && complete) {
        state.phase = "finished";
        state.ms = undefined;
        outdate(state);
      } else if (complete) this.#clear(state, "idle");
      else state.phase = "waiting";
      delete state.previous;
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

  /** The node has nothing to show. */
  #clear(state: Kept, phase: "idle" | "off"): void {
    state.phase = phase;
    state.summary = "";
    state.error = undefined;
    state.warnings = undefined;
    delete state.face;
    delete state.previous;
    forget(state);
  }

  #of(node: LGraphNode): Kept {
    const key = `${node.id}:${node.type}`;
    let state = this.#states.get(key);
    if (!state) {
      state = newState();
      this.#states.set(key, state);
    }
    return state;
  }
}

/** The node's outputs have changed, or may have: its pictures are asked for again. */
function outdate(state: NodeState): void {
  for (const picture of state.pictures.values()) Object.assign(picture, { stale: true, none: false });
}
