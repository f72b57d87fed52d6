/**
 * What litegraph, its widgets and other people's nodes do to the graph by themselves, noted where it is done: nodes added and
 * removed, wires, parameters. What a drag moves is no business of it (see press.ts).
 */
import type { LGraph, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { nodesOf } from "../litegraph/host";
import { type Change, settingOf, titlesOf, wireTitle } from "./change";

/** litegraph's word for the side of a wire that hooks tell of. */
const INPUT = 1;

/** What feeds an input. */
interface Feeder {
  readonly from: LGraphNode;
  readonly output: number;
}

type Hooks = Record<"onNodeAdded" | "onNodeRemoved" | "onNodeConnectionChange", ((...args: never[]) => void) | undefined>;

export class Journal {
  readonly #watched = new WeakSet<LGraphNode>();
  readonly #added = new Set<LGraphNode>();
  readonly #removed = new Set<LGraphNode>();
  readonly #set = new Map<LGraphNode, Set<string>>();
  /** Inputs that were wired anew, by node and slot, with what fed them before. */
  readonly #wired = new Map<LGraphNode, Map<number, Feeder | undefined>>();
  /** What fed which input when the journal was begun. */
  #fed = new Map<LGraphNode, Map<number, Feeder>>();

  /** `noted` is called at every note. */
  constructor(
    private readonly graph: LGraph,
    private readonly noted: () => void,
  ) {
    const hooks = graph as unknown as Hooks;
    const observe = (hook: keyof Hooks, note: (...args: never[]) => void): void => {
      const own = hooks[hook];
      hooks[hook] = (...args) => {
        own?.apply(graph, args);
        note(...args);
      };
    };
    observe("onNodeAdded", (node: LGraphNode) => this.#add(node));
    observe("onNodeRemoved", (node: LGraphNode) => this.#remove(node));
    observe("onNodeConnectionChange", (side: number, node: LGraphNode | null, slot: number) => {
      if (side === INPUT && node) this.#wire(node, slot);
    });
    for (const node of nodesOf(graph)) this.#watch(node);
    this.begin();
  }

  get isEmpty(): boolean {
    return ![this.#added, this.#removed, this.#set, this.#wired].some(({ size }) => size > 0);
  }

  /** Begins anew, from the graph as it is. */
  begin(): void {
    for (const notes of [this.#added, this.#removed, this.#set, this.#wired]) notes.clear();
    this.#fed = new Map();
    for (const node of nodesOf(this.graph)) {
      const feeders = new Map<number, Feeder>();
      for (const slot of node.inputs?.keys() ?? []) {
        const feeder = this.#feeder(node, slot);
        if (feeder) feeders.set(slot, feeder);
      }
      if (feeders.size) this.#fed.set(node, feeders);
    }
  }

  /** What has been noted, as one step; undefined for nothing. */
  get change(): Change | undefined {
    const [added, removed] = [[...this.#added], [...this.#removed]];
    if (added.length && removed.length) return { label: "replace nodes", cosmetic: false };
    if (added.length) return { label: `add ${titlesOf(added)}`, cosmetic: false };
    if (removed.length) return { label: `delete ${titlesOf(removed)}`, cosmetic: false };
    const wiring = this.#wiring();
    if (wiring) return { label: wiring, cosmetic: false };
    const [first, ...more] = this.#set;
    if (!first) return undefined;
    return more.length ? { label: `change ${more.length + 1} nodes`, cosmetic: false } : settingOf(first[0], [...first[1]]);
  }

  /** What has been connected, or only cut. A wire that was put back where it hung is neither. */
  #wiring(): string | undefined {
    const [joined, cut]: string[][] = [[], []];
    for (const [to, slots] of this.#wired)
      for (const [slot, was] of slots) {
        const now = this.#feeder(to, slot);
        if (now?.from === was?.from && now?.output === was?.output) continue;
        if (now) joined!.push(wireTitle({ from: now.from, to }));
        else if (was) cut!.push(wireTitle({ from: was.from, to }));
      }
    const [verb, wires] = joined!.length ? ["connect", joined!] : ["disconnect", cut!];
    return wires.length ? `${verb} ${wires.length === 1 ? wires[0] : `${wires.length} wires`}` : undefined;
  }

  #feeder(node: LGraphNode, slot: number): Feeder | undefined {
    const id = node.inputs?.[slot]?.link;
    const link = id === null || id === undefined ? undefined : this.graph.links[id];
    const from = link && (this.graph.getNodeById(link.origin_id) as LGraphNode | null);
    return from ? { from, output: link.origin_slot } : undefined;
  }

  #add(node: LGraphNode): void {
    this.#watch(node);
    if (!this.#removed.delete(node)) this.#added.add(node);
    this.noted();
  }

  #remove(node: LGraphNode): void {
    if (!this.#added.delete(node)) this.#removed.add(node);
    this.noted();
  }

  #wire(node: LGraphNode, slot: number): void {
    const slots = this.#wired.get(node) ?? new Map<number, Feeder | undefined>();
    if (!slots.has(slot)) slots.set(slot, this.#fed.get(node)?.get(slot));
    this.#wired.set(node, slots);
    this.noted();
  }

  /** Every parameter that is changed outside of loading is changed by this method, whoever does it. */
  #watch(node: LGraphNode): void {
    if (this.#watched.has(node)) return;
    this.#watched.add(node);
    const { setProperty } = node;
    node.setProperty = (name, value) => {
      const was = node.properties?.[name];
      setProperty.call(node, name, value);
      if (node.graph !== this.graph || node.properties?.[name] === was) return;
      this.#set.set(node, (this.#set.get(node) ?? new Set()).add(name));
      this.noted();
    };
  }
}
