/**
 * The graph being edited, with its past. All that is stored, run and undone is the whole, whichever part is shown. The page's own
 * code changes it by `edit`, under a name; what litegraph and its nodes do by themselves a journal notes, and it becomes a step.
 */
import type { LGraph } from "litegraph.js/build/litegraph.core.js";
import type { StoredGraph, StoredNode } from "../graph/stored";
import { inside } from "../graph/subgraphs";
import { nodesOf } from "../litegraph/host";
import { sortedOnce } from "../litegraph/sorting";
import { type About, about, DEFAULT_TITLE } from "./about";
import type { GraphCanvas } from "./canvas";
import type { Change } from "./change";
import { History, type Restored } from "./history";
import { Journal } from "./journal";
import { EMPTY, ShownPart } from "./shown-part";

/** How graphs get into and out of litegraph. `load` throws an error and leaves the graph alone where it cannot. */
export interface GraphIO {
  /** The graph that JSON stands for, with no id twice in it or in its subgraphs. Throws an error where it is none. */
  read(json: unknown): StoredGraph;
  load(graph: LGraph, json: unknown): void;
  /**
   * Goes from one state to another without loading it, where it can; false where it cannot. Whoever calls compares the result.
   */
  patch(graph: LGraph, before: StoredGraph, after: StoredGraph): boolean;
  save(graph: LGraph): StoredGraph;
}

export interface ReplaceOptions {
  /** The graph is another: all of it is shown. */
  readonly fit: boolean;
  readonly select?: readonly number[];
  /** Changes what has been loaded, as part of the step. */
  tidy?(): void;
}

export type EditOptions = Partial<Pick<Change, "merge" | "joins" | "cosmetic">>;

export class GraphDocument {
  readonly history: History;
  readonly #listeners = new Set<(change: Change | "restored") => void>();
  #about: About = { title: DEFAULT_TITLE, description: "" };
  readonly #journal: Journal;
  #scheduled = false;
  #restoring = false;
  #held = false;
  /** Edits under way, one within another. */
  #depth = 0;
  /** What is stored, while listeners are told of it. */
  #now: StoredGraph | undefined;
  readonly #part: ShownPart;
  /** Is given what shows another part of the whole. */
  showing: (show: () => void) => void = (show) => show();

  constructor(
    readonly graph: LGraph,
    private readonly canvas: GraphCanvas,
    private readonly io: GraphIO,
  ) {
    this.#part = new ShownPart(graph, canvas, io.load);
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

  /** What of it is shown: all, or the inside of a node. */
  shown(): StoredGraph {
    return this.#part.isAll ? this.stored() : this.io.save(this.graph);
  }

  /** The whole, of which the graph shows this part. */
  around(shown: StoredGraph): StoredGraph {
    return this.#part.around(shown);
  }

  /** The ids of the nodes inside of which is what is shown, the outermost first; empty where all is. */
  get path(): readonly number[] {
    return this.#part.path;
  }

  /** The nodes on the way to what is shown. */
  get way(): readonly StoredNode[] {
    return this.#part.way;
  }

  /** Shows the inside of the node that a path leads to; throws an error where there is none. No step of undo. */
  enter(path: readonly number[]): void {
    const whole = this.#step(this.#journal.change);
    const left = this.path;
    this.#part.keepView();
    this.showing(() => this.#guarded(() => this.#part.show(whole, path)));
    const now = this.#store();
    this.history.amend(JSON.stringify(now));
    const from = nodesOf(this.graph).filter(({ id }) => id === left[path.length]);
    this.#part.look(from);
    this.#select(new Set(from.map(({ id }) => id)));
    this.#tell("restored", now);
  }

  #store(): StoredGraph {
    const stored = this.around(this.io.save(this.graph));
    return { ...stored, extra: { ...stored.extra, sftgan: { ...(stored.extra.sftgan as object), ...this.#about } } };
  }

  /** Called after every step, with what was done, and with "restored" after undo and redo. */
  listen(listener: (change: Change | "restored") => void): void {
    this.#listeners.add(listener);
  }

  /** Replaces the graph as one step of undo. Throws an error and changes nothing where the graph cannot be read. */
  replace(json: unknown, label: string, options: ReplaceOptions = { fit: true }): void {
    this.capture();
    this.#load(json, this.history.present, options.fit ? [] : this.path);
    options.tidy?.();
    const now = this.#store();
    this.history.record(JSON.stringify(now), label, undefined, undefined, this.path);
    if (options.fit) this.#part.forgetViews();
    if (options.fit) this.canvas.showAnew();
    this.#select(new Set(options.select));
    this.#tell({ label, cosmetic: false, replaced: options.fit }, now);
  }

  /** Replaces what is shown. */
  replaceShown(shown: StoredGraph, label: string, options: Omit<ReplaceOptions, "fit"> = {}): void {
    this.replace(this.around(shown), label, { ...options, fit: false });
  }

  /** Changes what `extra.sftgan` says of the graph, as one step of undo. */
  annotate(label: string, change: (sftgan: unknown) => Readonly<Record<string, unknown>>): void {
    this.edit(
      label,
      () => {
        const part = this.#part;
        const owner = part.isAll ? (this.graph as unknown as Pick<StoredGraph, "extra">) : part.whole;
        const extra = { ...owner.extra, sftgan: change(owner.extra.sftgan) };
        if (part.isAll) Object.assign(this.graph, { extra });
        else part.whole = { ...part.whole, extra };
      },
      { cosmetic: true },
    );
  }

  /** Replaces the graph and forgets the past: for the start of a session. */
  start(json: unknown): void {
    this.#load(json, this.history.present, []);
    const now = this.#store();
    this.history.amend(JSON.stringify(now));
    this.canvas.showAnew();
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
   * "add Crop". Steps with one `merge` that follow shortly are one, and one that `joins` is part of the step before; `cosmetic`: what
   * the graph computes stays the same.
   */
  edit(label: string, act: () => void, { merge, joins, cosmetic = false }: EditOptions = {}): void {
    if (this.#depth) {
      act();
      return;
    }
    if (!this.#held) this.capture();
    this.#now = undefined;
    this.#depth++;
    this.graph.beforeChange();
    try {
      sortedOnce(this.graph, act);
    } finally {
      this.graph.afterChange();
      this.#depth--;
      this.graph.setDirtyCanvas(true, true);
      this.#step({ label, cosmetic, ...(merge !== undefined && { merge }), ...(joins && { joins }) });
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

  /** Gives what is stored. Without a change, the graph has become what it is by itself: nodes grew around pictures, the last one clicked came last. */
  #step(change: Change | undefined): StoredGraph {
    const now = this.#store();
    const text = JSON.stringify(now);
    this.#journal.begin();
    if (!this.#part.isAll) this.#part.whole = now;
    if (text === this.history.present) return now;
    if (change) {
      if (change.joins) this.history.join(text, change.label, this.path);
      else this.history.record(text, change.label, change.merge, undefined, this.path);
      this.#tell(change, now);
    } else this.history.amend(text);
    return now;
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

  #restore(before: string, step: Restored | undefined): string | undefined {
    if (!step) return undefined;
    const known = new Set(nodesOf(this.graph).map(({ id }) => id));
    const selected = new Set(Object.keys(this.canvas.selected_nodes).map(Number));
    const state = JSON.parse(step.state) as StoredGraph;
    let now = step.path.join() === this.path.join() ? this.#patch(before, state) : undefined;
    if (!now || JSON.stringify(now) !== step.state) {
      this.#load(state, before, step.path);
      now = this.#store();
      this.history.amend(JSON.stringify(now)); // else a difference would pass for an edit, and end redo
    }
    const after = nodesOf(this.graph);
    if (after.length && !after.some((node) => known.has(node.id))) this.canvas.showAnew();
    this.#select(selected);
    this.#tell("restored", now);
    return step.label;
  }

  /** What has become of the graph; undefined where nothing has. */
  #patch(before: string, state: StoredGraph): StoredGraph | undefined {
    this.#restoring = true;
    try {
      const [was, is] = [JSON.parse(before) as StoredGraph, state].map((one) => inside(one, this.path));
      if (!was || !is || !this.io.patch(this.graph, was, is)) return undefined;
      this.#part.whole = state;
      return this.#store();
    } finally {
      this.#restoring = false;
      this.#journal.begin();
      this.canvas.setDirty(true, true);
    }
  }

  /** `before`: the state there is, to come back to where this one cannot be loaded. Shows the inside of `path` or near it. */
  #load(json: unknown, before: string, path: readonly number[]): void {
    const at = this.path;
    this.#guarded(() => {
      try {
        this.#part.showNear(this.io.read(json), path);
      } catch (error) {
        if (JSON.stringify(this.#store()) !== before) this.#part.show(JSON.parse(before), at);
        throw error;
      }
    });
    this.#describe(about(json));
  }

  /** Runs what no edit is. */
  #guarded(act: () => void): void {
    this.#restoring = true;
    try {
      act();
    } finally {
      this.#restoring = false;
      this.#journal.begin();
      this.canvas.setDirty(true, true);
    }
  }

  #describe(words: About): void {
    this.#about = words;
    if (!this.#part.isAll) return; // the whole is stored with it
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
