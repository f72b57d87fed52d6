/** What the engine says of a run of an attached graph: shown on the nodes, and passed on to whoever listens. */
import type { Engine, EngineEvent } from "../browser/protocol";
import type { LGraph } from "./host";
import type { NodeStates } from "./node-states";
import { type Posted, shownFor } from "./post";

type Preview = Extract<EngineEvent, { kind: "preview" }>;

/** What is done with what the engine says of this graph, before any listener is told. */
interface Heard {
  /** Takes over the bitmaps it is called with. */
  preview(preview: Preview): void;
  hear(event: EngineEvent): void;
}

export class Events {
  readonly #graph: LGraph;
  readonly #states: NodeStates;
  readonly #heard: Heard;
  /** Hears nothing any more. */
  readonly unlisten: () => void;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  #posted: Posted | undefined;

  constructor(graph: LGraph, engine: Engine, states: NodeStates, heard: Heard) {
    this.#graph = graph;
    this.#states = states;
    this.#heard = heard;
    this.unlisten = listenWeakly(engine, new WeakRef<Events>(this));
  }

  /** What the engine says from now on is about this graph: its nodes put in stand for those they feed. */
  about(posted: Posted): void {
    this.#posted = posted;
  }

  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(event: EngineEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Tells nothing any more. */
  close(): void {
    this.#listeners.clear();
  }

  hear(event: EngineEvent): void {
    if (event.scope !== undefined && event.kind !== "status") return; // of another graph
    if (event.kind === "preview") {
      this.#heard.preview(event);
      return;
    }
    if (!("node" in event)) {
      this.#pass(event);
      return;
    }
    if (event.kind === "failed") {
      const shown = this.#posted ? shownFor(this.#graph, this.#posted, event.node) : [event.node];
      // What is in a subgraph, and those around it, are seen once it is entered or left.
      for (const id of [event.node, ...this.#around(event.node)]) if (!shown.includes(id)) this.#states.fail(id, event.message);
      for (const id of shown) this.#fail(id, event.message);
      return;
    }
    if (this.#posted?.fed.has(event.node)) return;
    this.#states.show(event);
    if (this.#states.isOld(event)) return;
    for (const id of this.#around(event.node)) this.#states.showInside(id, event);
    this.#pass("views" in event ? { ...event, views: undefined } : event); // the pictures are the node's now
    this.#graph.setDirtyCanvas(true, false);
  }

  /** The nodes that one is in, by their ids. */
  #around(id: string): string[] {
    const owner = this.#posted?.fed.has(id) ? undefined : this.#posted?.owners.get(Number(id));
    return owner ? [String(owner.id), ...this.#around(String(owner.id))] : [];
  }

  #pass(event: EngineEvent): void {
    this.#heard.hear(event);
    this.tell(event);
  }

  #fail(id: string, said: string): void {
    const message = this.#posted?.problems.get(id) ?? said;
    this.#states.fail(id, message);
    this.#pass({ kind: "failed", node: id, message });
  }
}

/** An engine, which a worker keeps alive, does not keep the graph it computes for. */
const listenWeakly = (engine: Engine, events: WeakRef<Events>): (() => void) =>
  engine.listen((event) => events.deref()?.hear(event));
