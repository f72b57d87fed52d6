/**
 * The graph being edited, with its past: every way of changing it ends here as a step of undo, and every way of replacing it
 * (opening, undo, pasting) goes through `load`, which checks it first.
 */
import type { LGraph, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { StoredGraph } from "../graph/stored";
import type { GraphCanvas } from "./canvas";
import { type Change, describeChange } from "./change";
import { History } from "./history";
import type { Definitions } from "./layers";

/** How graphs get into and out of litegraph. `load` throws an error and leaves the graph alone where it cannot. */
export interface GraphIO {
  load(graph: LGraph, json: unknown): void;
  /**
   * Goes from one state to another without loading it, where it can; false where it cannot. Whoever calls compares the result.
   */
  patch(graph: LGraph, before: StoredGraph, after: StoredGraph): boolean;
  save(graph: LGraph): StoredGraph;
  /** Of a type of nodes; undefined for one that is not ours. */
  definition: Definitions;
}

export const DEFAULT_TITLE = "Untitled";

const EMPTY: StoredGraph = {
  last_node_id: 0,
  last_link_id: 0,
  nodes: [],
  links: [],
  groups: [],
  config: {},
  extra: {},
  version: 0.4,
};

/** What `extra.sftgan` says about a graph, of which nothing need be there. */
export function about(graph: unknown): { title: string; description: string } {
  const own = (graph as { extra?: { sftgan?: { title?: unknown; description?: unknown } } } | null)?.extra?.sftgan;
  const text = (value: unknown): string => (typeof value === "string" ? value.trim() : "");
  return { title: text(own?.title) || DEFAULT_TITLE, description: text(own?.description) };
}

/** The nodes on the canvas, in drawing order. */
export const nodesOf = (graph: LGraph): LGraphNode[] => (graph as unknown as { _nodes: LGraphNode[] })._nodes;

export class GraphDocument {
  readonly history: History;
  readonly #listeners = new Set<(change: Change | "restored") => void>();
  #about = { title: DEFAULT_TITLE, description: "" };
  #scheduled = false;
  #restoring = false;
  #gestured = false;
  /** What is stored, while listeners are told of it. */
  #now: StoredGraph | undefined;

  constructor(
    readonly graph: LGraph,
    private readonly canvas: GraphCanvas,
    private readonly io: GraphIO,
  ) {
    this.history = new History(JSON.stringify(this.stored()));
    this.#observe();
  }

  get title(): string {
    return this.#about.title;
  }
  set title(title: string) {
    this.#describe({ ...this.#about, title: title.trim() || DEFAULT_TITLE });
    this.capture();
  }

  /** The graph as it would be saved, its title and description in `extra.sftgan`. */
  stored(): StoredGraph {
    return this.#now ?? this.#store();
  }

  #store(): StoredGraph {
    const stored = this.io.save(this.graph);
    return { ...stored, extra: { ...stored.extra, sftgan: { ...(stored.extra.sftgan as object), ...this.#about } } };
  }

  /** Called after every step, with what was done, and with "restored" after undo and redo. */
  listen(listener: (change: Change | "restored") => void): void {
    this.#listeners.add(listener);
  }

  /** Replaces the graph as one step of undo. Throws an error and changes nothing where the graph cannot be read. */
  replace(json: unknown, label: string, options: { fit: boolean; select?: readonly number[] } = { fit: true }): void {
    this.capture();
    this.#load(json, this.history.present);
    const now = this.#store();
    this.history.record(JSON.stringify(now), label);
    if (options.fit) this.canvas.fitNodes(nodesOf(this.graph));
    this.#select(new Set(options.select));
    this.#tell({ label, cosmetic: false, replaced: options.fit }, now);
  }

  /** Replaces the graph and forgets the past: for the start of a session. */
  start(json: unknown): void {
    this.#load(json, this.history.present);
    const now = this.#store();
    this.history.amend(JSON.stringify(now));
    this.canvas.fitNodes(nodesOf(this.graph));
    this.#tell("restored", now);
  }

  clear(): void {
    this.replace(EMPTY, "new graph");
  }

  undo(): string | undefined {
    this.capture();
    return this.#restore(this.history.present, this.history.undo());
  }
  redo(): string | undefined {
    this.capture();
    return this.#restore(this.history.present, this.history.redo());
  }

  /** Something may have changed: looked at once the present task, or the drag under way, is over. */
  changed(): void {
    if (this.#scheduled || this.#restoring) return;
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      if (!this.canvas.gesture) this.capture();
    });
  }

  /** Makes what changed since the last look a step of undo. */
  capture(): void {
    if (this.#restoring) return;
    const now = this.#store();
    const text = JSON.stringify(now);
    const gestured = this.#gestured;
    this.#gestured = false;
    if (text === this.history.present) return;
    const change = describeChange(JSON.parse(this.history.present) as StoredGraph, now, gestured, this.io.definition);
    if (!change) {
      this.history.amend(text);
      return;
    }
    this.history.record(text, change.label, change.merge);
    this.#tell(change, now);
  }

  /** Runs an edit as one step, whatever it consists of. */
  edit(act: () => void): void {
    this.#now = undefined;
    this.graph.beforeChange();
    act();
    this.graph.afterChange();
    this.graph.setDirtyCanvas(true, true);
    this.capture();
  }

  #restore(before: string, step: { state: string; label: string } | undefined): string | undefined {
    if (!step) return undefined;
    const known = new Set(nodesOf(this.graph).map(({ id }) => id));
    const selected = new Set(Object.keys(this.canvas.selected_nodes).map(Number));
    const state = JSON.parse(step.state) as StoredGraph;
    let now = this.#patch(before, state);
    if (!now || JSON.stringify(now) !== step.state) {
      this.#load(state, before);
      now = this.#store();
      this.history.amend(JSON.stringify(now)); // else a difference would pass for an edit, and end redo
    }
    const after = nodesOf(this.graph);
    if (after.length && !after.some((node) => known.has(node.id))) this.canvas.fitNodes(after);
    this.#select(selected);
    this.#tell("restored", now);
    return step.label;
  }

  /** What has become of the graph; undefined where nothing has. */
  #patch(before: string, state: StoredGraph): StoredGraph | undefined {
    this.#restoring = true;
    try {
      return this.io.patch(this.graph, JSON.parse(before) as StoredGraph, state) ? this.#store() : undefined;
    } finally {
      this.#restoring = false;
      this.canvas.setDirty(true, true);
    }
  }

  /** `before`: the state there is, to come back to where this one cannot be loaded. */
  #load(json: unknown, before: string): void {
    this.#restoring = true;
    try {
      this.io.load(this.graph, json);
    } catch (error) {
      if (JSON.stringify(this.#store()) !== before) this.io.load(this.graph, JSON.parse(before));
      throw error;
    } finally {
      this.#restoring = false;
      this.canvas.setDirty(true, true);
    }
    this.#describe(about(json));
  }

  #describe(words: { title: string; description: string }): void {
    this.#about = words;
    const { extra } = this.graph as unknown as { extra: { sftgan?: object } };
    extra.sftgan = { ...extra.sftgan, ...words };
  }

  #select(ids: ReadonlySet<number>): void {
    this.canvas.deselectAllNodes();
    const nodes = nodesOf(this.graph).filter((node) => ids.has(node.id));
    if (nodes.length) this.canvas.selectNodes(nodes);
  }

  #tell(change: Change | "restored", now: StoredGraph): void {
    this.#now = now;
    try {
      for (const listener of this.#listeners) listener(change);
    } finally {
      this.#now = undefined;
    }
  }

  /** litegraph calls these hooks for some changes and a pointer or key for the others; a look that finds none is cheap. */
  #observe(): void {
    const graph = this.graph as unknown as Record<string, ((...args: unknown[]) => void) | undefined>;
    for (const hook of ["onAfterChange", "onNodeAdded", "onNodeRemoved", "onConnectionChange"]) {
      const own = graph[hook];
      graph[hook] = (...args) => {
        own?.apply(this.graph, args);
        this.changed();
      };
    }
    // While it is caught: litegraph stops it on its way back.
    document.addEventListener(
      "mouseup",
      () => {
        this.#gestured = true;
        this.changed();
      },
      true,
    );
    // The next drag may begin before that look: what the last one did is a step of its own.
    document.addEventListener("mousedown", () => this.#scheduled && this.capture(), true);
    for (const event of ["keyup", "change", "input"]) document.addEventListener(event, () => this.changed());
  }
}
