/**
 * What feeds what in a stored graph. Links are slot indices: they are read through the stored slots' names, so that adding a
 * socket breaks no old file. A bypassed node hands on its input of the output's type: the one of the output's name, else the
 * first that is connected.
 */
import { withLinks } from "./links";
import { isOff, modeOf } from "./modes";
import type { AnySchema, Param } from "./node";
import { paramType } from "./param";
import type { StoredGraph, StoredLink, StoredNode } from "./stored";
import { flat } from "./subgraphs";

type List = "inputs" | "outputs";
type Definitions = (type: string) => AnySchema | undefined;

/** What feeds an input in the end: a link from a node that runs, or the node at which a mode lets nothing through. */
export type Feed =
  | { readonly link: StoredLink }
  | { readonly stop: StoredNode; readonly slot: number; readonly why: "muted" | "no input" | "circle" };

/** litegraph's type of slots for events and actions, which carry no value. */
const EVENT = -1;
/** Slots of these types take a value of any. */
const ANY: readonly unknown[] = [0, "", "*"];

export class Wires {
  /** By id. */
  readonly nodes: ReadonlyMap<number, StoredNode>;
  readonly links: readonly StoredLink[];
  /** By `node.slot`. */
  private readonly into: ReadonlyMap<string, StoredLink>;
  /** What outputs of nodes that are off come to, by `node.slot`: each is looked for once. */
  private readonly ends = new Map<string, Feed>();

  constructor(
    graph: { readonly nodes: readonly StoredNode[]; readonly links: readonly StoredLink[] },
    private readonly definitions: Definitions,
  ) {
    this.nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    this.links = graph.links;
    this.into = new Map(graph.links.map((link) => [`${link[3]}.${link[4]}`, link]));
  }

  /** The stored title, or the type's. */
  title(node: StoredNode): string {
    return node.title || this.definitions(node.type)?.title || node.type;
  }

  /** The name of a slot; undefined where there is none. */
  name(node: StoredNode, list: List, slot: number): string | undefined {
    const def = this.definitions(node.type);
    return node[list] ? node[list][slot]?.name || undefined : def && Object.keys(def[list])[slot];
  }

  /** The type of a slot: the definition's of its name, or for a node that is not ours the stored one. */
  type(node: StoredNode, list: List, slot: number): string | number | undefined {
    const def = this.definitions(node.type);
    const name = this.name(node, list, slot);
    if (!def) return node[list]?.[slot]?.type;
    if (name === undefined) return undefined;
    if (Object.hasOwn(def[list], name)) return def[list][name].type;
    return list === "inputs" && Object.hasOwn(def.params, name) ? paramType(def.params[name] as Param) : undefined;
  }

  /** Whether a link carries events and no value. */
  isEvent([, origin, from, target, to, type]: StoredLink): boolean {
    const types = [type, this.nodes.get(origin)?.outputs?.[from]?.type, this.nodes.get(target)?.inputs?.[to]?.type];
    return types.includes(EVENT);
  }

  /** What feeds an input in the end, past nodes that are bypassed. */
  follow(link: StoredLink): Feed {
    const passed = new Set<string>();
    const found = this.end(link, passed);
    for (const output of passed) this.ends.set(output, found);
    return found;
  }

  /**
   * The links that a value comes by, `link` first, past nodes that `hands` says hand on what they get as bypassed ones do;
   * undefined where one of them has nothing to hand on.
   */
  way(link: StoredLink, hands: (node: StoredNode) => boolean): readonly StoredLink[] | undefined {
    const way = [link];
    const passed = new Set<string>();
    for (let at = link; ; ) {
      const origin = this.nodes.get(at[1]);
      if (!origin || !hands(origin)) return way;
      const next = passed.has(`${at[1]}.${at[2]}`) ? undefined : this.handedOn(origin, at[2]);
      if (!next) return undefined;
      passed.add(`${at[1]}.${at[2]}`);
      way.push(next);
      at = next;
    }
  }

  /** Adds to `passed` the outputs, as `node.slot`, that it comes by. */
  private end(link: StoredLink, passed: Set<string>): Feed {
    for (let at = link; ; ) {
      const [, id, slot] = at;
      const origin = this.nodes.get(id);
      if (!origin || !isOff(modeOf(origin))) return { link: at };
      const output = `${id}.${slot}`;
      const known = this.ends.get(output);
      if (known) return known;
      if (modeOf(origin) === "muted") return { stop: origin, slot, why: "muted" };
      if (passed.has(output)) return { stop: origin, slot, why: "circle" };
      passed.add(output);
      const next = this.handedOn(origin, slot);
      if (!next) return { stop: origin, slot, why: "no input" };
      at = next;
    }
  }

  /** The link into a node that stands for one of its outputs while it is bypassed. */
  private handedOn(node: StoredNode, output: number): StoredLink | undefined {
    const type = this.type(node, "outputs", output);
    if (type === undefined || type === EVENT) return undefined;
    const name = this.name(node, "outputs", output);
    const inputs = this.inputsInOrder(node)
      .map((slot) => ({ slot, type: this.type(node, "inputs", slot), link: this.into.get(`${node.id}.${slot}`) }))
      .filter(
        (input) => input.type === type || (input.type !== undefined && [input.type, type].some((one) => ANY.includes(one))),
      );
    const named = inputs.find(({ slot }) => this.name(node, "inputs", slot) === name);
    return (named ?? inputs.find(({ link }) => link))?.link;
  }

  /** A node's slots as its definition has them, whatever order a file has. */
  private inputsInOrder(node: StoredNode): number[] {
    const def = this.definitions(node.type);
    const order = def ? [...Object.keys(def.inputs), ...Object.keys(def.params)] : [];
    const slots = Array.from({ length: node.inputs?.length ?? Object.keys(def?.inputs ?? {}).length }, (_, slot) => slot);
    return def ? slots.sort((a, b) => place(a) - place(b)) : slots;
    function place(slot: number): number {
      const at = order.indexOf(node.inputs ? (node.inputs[slot]?.name ?? "") : (order[slot] ?? ""));
      return at < 0 ? order.length : at;
    }
  }
}

/** What `asRun` made, by stored graph. */
const rewiredGraphs = new WeakMap<StoredGraph, { readonly definitions: Definitions; readonly graph: StoredGraph }>();

/**
 * The graph with its wires as they run: with what is in subgraphs in their places, past bypassed nodes, and without those that
 * modes let nothing through. A stored graph never changes, so that of one it is made once.
 */
export function asRun(graph: StoredGraph, definitions: Definitions): StoredGraph {
  const known = rewiredGraphs.get(graph);
  if (known?.definitions === definitions) return known.graph;
  const { graph: opened } = flat(graph, undefined, true);
  const made = opened.nodes.some((node) => isOff(modeOf(node))) ? rewired(opened, definitions) : opened;
  for (const one of [graph, made]) rewiredGraphs.set(one, { definitions, graph: made });
  return made;
}

function rewired(graph: StoredGraph, definitions: Definitions): StoredGraph {
  const wires = new Wires(graph, definitions);
  const links = graph.links.flatMap((link): StoredLink[] => {
    const feed = wires.follow(link);
    return "link" in feed ? [[link[0], feed.link[1], feed.link[2], link[3], link[4], link[5]]] : [];
  });
  return { ...graph, nodes: withLinks(graph.nodes, links), links };
}
