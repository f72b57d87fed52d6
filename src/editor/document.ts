/**
 * The graph being edited, with its past. The page's own code changes it by `edit`, under a name; what litegraph and its nodes do
 * by themselves is noted by a journal and becomes a step too. Every way of replacing it (opening, undo, pasting) goes through
 * `load`, which checks it first.
 */
import type { LGraph } from "litegraph.js/build/litegraph.core.js";
import type { StoredGraph } from "../graph/stored";
import { nodesOf } from "../litegraph/host";
import type { GraphCanvas } from "./canvas";
import type { Change } from "./change";
import { History } from "./history";
import { Journal } from "./journal";

/** How graphs get into and out of litegraph. `load` throws an error and leaves the graph alone where it cannot. */
export interface GraphIO {
  load(graph: LGraph, json: unknown): void;
  /**
   * Goes from one state to another without loading it, where it can; false where it cannot. Whoever calls compares the result.
   */
  patch(graph: LGraph, before: StoredGraph, after: StoredGraph): boolean;
  save(graph: LGraph): StoredGraph;
}

export type EditOptions = Partial<Pick<Change, "merge" | "cosmetic">>;

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

export class GraphDocument {
  readonly history: History;
  readonly #listeners = new Set<(change: Change | "restored") => void>();
  #about = { title: DEFAULT_TITLE, description: "" };
  readonly #journal: Journal;
  #scheduled = false;
  #restoring = false;
  #held = false;
  /** Edits under way, one within another. */
  #depth = 0;
  /** What is stored, while listeners are told of it. */
  #now: StoredGraph | undefined;

  constructor(
    readonly graph: LGraph,
    private readonly canvas: GraphCanvas,
    private readonly io: GraphIO,
  ) {
    this.history = new History(JSON.stringify(this.stored()));
    this.#journal = new Journal(graph, () => this.#schedule());
  }

  get title(): string {
    return this.#about.title;
  }
  set title(title: string) {
    const words = { ...this.#about, title: title.trim() || DEFAULT_TITLE };
    this.edit("rename the graph", () => this.#describe(words), { merge: "title", cosmetic: true });
  }

  /** A line on what it is for. */
  get description(): string {
    return this.#about.description;
  }
  set description(description: string) {
    const words = { ...this.#about, description: description.trim() };
    this.edit("describe the graph", () => this.#describe(words), { merge: "description", cosmetic: true });
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

  /** Returns what was taken back; undefined where there is nothing, or a drag is under way. */
  undo(): string | undefined {
    if (this.#held) return undefined;
    this.capture();
    return this.#restore(this.history.present, this.history.undo());
  }
  redo(): string | undefined {
    if (this.#held) return undefined;
    this.capture();
    return this.#restore(this.history.present, this.history.redo());
  }

  /**
   * Runs an edit as one step of undo, whatever it consists of; edits within it belong to it. `label` goes on from "undo", as in
   * "add Crop". Steps with one `merge` that follow shortly are one; `cosmetic`: what the graph computes stays the same.
   */
  edit(label: string, act: () => void, { merge, cosmetic = false }: EditOptions = {}): void {
    if (this.#depth) {
      act();
      return;
    }
    if (!this.#held) this.capture();
    this.#now = undefined;
    this.#depth++;
    this.graph.beforeChange();
    try {
      act();
    } finally {
      this.graph.afterChange();
      this.#depth--;
      this.graph.setDirtyCanvas(true, true);
      this.#step({ label, cosmetic, ...(merge !== undefined && { merge }) });
    }
  }

  /** While held, as from a press of the pointer to its release, what is noted is no step yet. */
  hold(): void {
    if (!this.#held && !this.#journal.isEmpty) this.capture();
    this.#held = true;
  }
  /** Makes it one. `dragged` says what the press has done that the journal does not know. */
  release(dragged?: Change): void {
    this.#held = false;
    if (dragged || !this.#journal.isEmpty) this.capture(dragged);
  }

  /** Makes what was done otherwise than by `edit` a step. */
  capture(dragged?: Change): void {
    if (!this.#restoring) this.#step(this.#journal.change ?? dragged);
  }

  /** Without a change, the graph has become what it is by itself: nodes grew around pictures, the last one clicked came last. */
  #step(change: Change | undefined): void {
    const now = this.#store();
    const text = JSON.stringify(now);
    this.#journal.begin();
    if (text === this.history.present) return;
    if (!change) {
      this.history.amend(text);
      return;
    }
    this.history.record(text, change.label, change.merge);
    this.#tell(change, now);
  }

  /** What is noted in one task is one step. */
  #schedule(): void {
    if (this.#scheduled || this.#restoring || this.#depth) return;
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      if (!this.#held && !this.#journal.isEmpty) this.capture();
    });
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
      this.#journal.begin();
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
      this.#journal.begin();
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
}
