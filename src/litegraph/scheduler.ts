/** When a graph is run: which nodes have been changed, whether the graph still computes what was last run, and one run at a time,
 * of which the latest wins. */

import { identityOf, withoutBytes } from "../graph/identity";
import { reach } from "../graph/traverse";
import { signature, valueIn } from "./external-in";
import { graphHeldBy, isExternal, type LGraph, type LGraphNode, linkOf, linksOf, nodesOf } from "./host";

/**
 * Milliseconds without a change before a run that no longer computes what is wanted is stopped for one that does. While a
 * slider is dragged it goes on to its end instead, so that something is seen; the latest value is run next.
 */
const QUIET = 350;
/** Milliseconds between runs for what changes all the time. */
const PAUSE = 300;

export class Scheduler {
  readonly #graph: LGraph;
  readonly #run: () => void;
  readonly #onChange: (affected: ReadonlySet<number> | undefined) => void;
  #auto: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts runs; a run whose number is not the latest has been stopped. */
  #turn = 0;
  #busy = false;
  /** What was in focus of the run under way has been shown. */
  #shown = false;
  /** Something has changed since the run under way began: milliseconds from its end to the next. */
  #next: number | undefined;
  /** Nodes changed in this turn of the event loop. */
  #touched = new Set<number>();
  /** What the last complete run, or the one under way, was run for; undefined where it did not come to its end. */
  #computed: Identities | undefined;
  /** As of the last run or change. Undo makes all nodes anew, most of them as they were. */
  #known: Identities = new Map();

  /**
   * `run` is to `begin` a run; without `auto` it is never called. `onChange` is called once for all changes of a turn of the
   * event loop, with the ids of the nodes whose results they change; with undefined where, all in all, nothing is to be
   * computed that was not, or is not being, computed.
   */
  constructor(
    graph: LGraph,
    auto: boolean,
    { run, onChange }: { run(): void; onChange(affected: ReadonlySet<number> | undefined): void },
  ) {
    this.#graph = graph;
    this.#auto = auto;
    this.#run = run;
    this.#onChange = onChange;
  }

  get auto(): boolean {
    return this.#auto;
  }
  set auto(on: boolean) {
    this.#auto = on;
    if (on) this.#soon();
    else this.#unset();
  }

  /** No run is under way, or about to begin. */
  get idle(): boolean {
    return !this.#busy && this.#timer === undefined && this.#touched.size === 0;
  }

  /** A run is under way. */
  get busy(): boolean {
    return this.#busy;
  }

  /** The node may have changed: run soon, if so and nothing puts it back. */
  changed(id: number): void {
    if (this.#touched.size === 0) queueMicrotask(() => this.#flush());
    this.#touched.add(id);
  }

  /** The node's change has yet to be passed on. */
  hasChange(id: number): boolean {
    return this.#touched.has(id);
  }

  /**
   * A run begins, and stops the one under way: `complete` where it computes all results of the graph as it is now. What is
   * returned says whether the new one has been stopped since.
   */
  begin(complete: boolean): () => boolean {
    this.#unset();
    const turn = ++this.#turn;
    this.#busy = true;
    this.#shown = false;
    this.#next = undefined;
    if (complete) this.#known = this.#computed = identitiesOf(this.#graph);
    return () => turn !== this.#turn;
  }

  /** The run under way has not computed all it was to. */
  failed(): void {
    this.#computed = undefined;
  }

  /** The run under way is over. Not for one that has been stopped. */
  end(): void {
    this.#busy = false;
    this.#runNext();
  }

  /** Stops the run under way and the one that waits. */
  stop(): void {
    this.#unset();
    this.#turn++;
    this.#busy = false;
    this.failed();
  }

  /** Stops, and passes on no change any more. */
  close(): void {
    this.stop();
    this.#touched.clear();
  }

  /**
   * `show` has the graph show another part of the whole that is run: what it computes stays the same, so that no run follows, and
   * what was to be run is.
   */
  showing(show: () => void): void {
    this.#flush();
    const isComputed = this.#computed !== undefined && sameIdentities(this.#known, this.#computed);
    show();
    this.#touched = new Set();
    this.#known = identitiesOf(this.#graph);
    if (isComputed) this.#computed = this.#known;
    else this.#computed = undefined;
  }

  /** Runs a while after the run under way, which it neither stops nor puts off: for what changes all the time. */
  later(): void {
    this.#next ??= PAUSE;
  }

  /** The part in focus of the run under way is shown: a change no longer waits for the rest. */
  partShown(): void {
    this.#shown = true;
    this.#runNext();
  }

  #flush(): void {
    if (this.#touched.size === 0) return;
    const now = identitiesOf(this.#graph);
    const changed = [...this.#touched].filter((id) => now.get(id) !== this.#known.get(id));
    this.#touched = new Set();
    this.#known = now;
    if (this.#computed && sameIdentities(now, this.#computed)) {
      this.#unset(); // the run under way computes it, or the last one has
      this.#next = undefined;
      this.#onChange(undefined);
    } else {
      this.#soon();
      this.#onChange(downstreamOf(this.#graph, changed));
    }
  }

  #unset(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #runNext(): void {
    if (this.#next !== undefined) this.#soon(this.#next);
  }

  /** Runs soon: after as many milliseconds, or after the run under way unless changes stop coming before. */
  #soon(after = 0): void {
    if (!this.#auto) return;
    this.#unset();
    if (this.#busy) this.#next = after;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#run();
      },
      this.#busy && !this.#shown ? QUIET : after,
    );
  }
}

/** For each of our nodes, by id, what it is and what feeds it, as text. A node's result depends on these of all upstream. */
export type Identities = ReadonlyMap<number, string>;

const identitiesOf = (graph: LGraph): Identities =>
  new Map(
    nodesOf(graph)
      .filter((node) => !isExternal(node))
      .map((node): [number, string] => [node.id, identityOfNode(graph, node)])
      .sort(([a], [b]) => a - b),
  );

const sameIdentities = (a: Identities, b: Identities): boolean =>
  a.size === b.size && [...a].every(([id, identity]) => b.get(id) === identity);

function identityOfNode(graph: LGraph, node: LGraphNode): string {
  const inputs = (node.inputs ?? []).flatMap(({ name, link: id }) => {
    const link = linkOf(graph, id);
    const origin = link && graph.getNodeById(link.origin_id);
    if (!link || !origin) return [];
    const output = origin.outputs?.[link.origin_slot]?.name;
    const fromExternal = isExternal(origin) ? [origin.mode ?? 0, signature(valueIn(graph, link))] : [];
    return [[name, origin.id, output, ...fromExternal] as const];
  });
  const held = graphHeldBy(node);
  return identityOf(node.type ?? "", [node.mode ?? 0, withoutBytes(node.properties), ...(held ? [held] : [])], inputs);
}

/** The ids of nodes and of everything they feed. */
export function downstreamOf(graph: LGraph, ids: Iterable<number>): Set<number> {
  const fed = new Map<number, number[]>();
  for (const { origin_id, target_id } of linksOf(graph)) {
    const own = fed.get(origin_id);
    if (own) own.push(target_id);
    else fed.set(origin_id, [target_id]);
  }
  return reach(ids, (id) => fed.get(id) ?? []);
}
