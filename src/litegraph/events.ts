/** What the engine says of a run of an attached graph: shown on the nodes, and passed on to whoever listens. */
import type { Engine, EngineEvent } from "../browser/protocol";
import type { LGraph } from "./host";
import type { NodeStates } from "./node-states";
import type { Posted } from "./post";

type Preview = Extract<EngineEvent, { kind: "preview" }>;

export class Events {
  readonly #graph: LGraph;
  readonly #states: NodeStates;
  readonly #preview: (preview: Preview) => void;
  readonly #unlisten: () => void;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  #posted: Posted | undefined;

  /** `preview` takes over the bitmaps it is called with. */
  constructor(graph: LGraph, engine: Engine, states: NodeStates, preview: (preview: Preview) => void) {
    this.#graph = graph;
    this.#states = states;
    this.#preview = preview;
    this.#unlisten = engine.listen((event) => this.#hear(event));
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

  /** Hears and tells nothing any more. */
  close(): void {
    this.#unlisten();
    this.#listeners.clear();
  }

  #hear(event: EngineEvent): void {
    if (event.scope !== undefined) return; // of another graph
    if (event.kind === "preview") {
      this.#preview(event);
      return;
    }
    if (!("node" in event)) {
      this.tell(event);
      return;
    }
    const fed = this.#posted?.fed.get(event.node);
    if (event.kind === "failed") {
      for (const id of fed ?? [event.node]) this.#fail(id, event.message);
      return;
    }
    if (fed) return;
    this.#states.show(event);
    this.tell("views" in event ? { ...event, views: undefined } : event); // the pictures are the node's now
    this.#graph.setDirtyCanvas(true, false);
  }

  #fail(id: string, said: string): void {
    const message = this.#posted?.problems.get(id) ?? said;
    this.#states.fail(id, message);
    this.tell({ kind: "failed", node: id, message });
  }
}
