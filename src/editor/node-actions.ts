/** What people do to nodes: find, add, duplicate, delete, paste. Each is one step of undo. */
import { type LGraphNode, LiteGraph } from "litegraph.js/build/litegraph.core.js";
import type { AnySchema } from "../graph/node";
import type { StoredGraph, StoredNode } from "../graph/stored";
import { findNode, withValues } from "../graph/subgraphs";
import { nodesOf } from "../litegraph/host";
import { socketType } from "../litegraph/slots";
import type { GraphCanvas, LooseEnd, Point } from "./canvas";
import { describeNode, firstType, joining, paramEntries } from "./catalog";
import { settingLabel, settingOf, titleOf, titlesOf } from "./change";
import type { EditOptions, GraphDocument } from "./document";
import { fitOn, joinInto } from "./edits/on-wire";
import { cutOut, merge } from "./fragment";
import { type Choice, openPicker } from "./picker";
import type { Target } from "./routing";
import { nodesElsewhere } from "./subgraphs/elsewhere";
import { dotStyle } from "./theme/themes";
import type { Refused } from "./wires/dragged";
import { type Planned, placeBeside, placeNode } from "./wires/place";
import { inputsFor } from "./wires/refusal";
import { slotPlace, type Wire } from "./wires/wires";

/** How far from its original a duplicate lies. */
const DUPLICATE_OFFSET = 40;

/** A value for a parameter of a node, by its id, or of a new one, by its type. */
export interface Gift {
  readonly to: number | string;
  readonly param: string;
  readonly value: unknown;
}

export class NodeActions {
  readonly #byType: ReadonlyMap<string, AnySchema>;

  constructor(
    private readonly document: GraphDocument,
    private readonly canvas: GraphCanvas,
    readonly definitions: readonly AnySchema[],
  ) {
    this.#byType = new Map(definitions.map((node) => [node.type, node]));
  }

  readonly definition = (type: string): AnySchema | undefined => this.#byType.get(type);
  definitionOf(node: LGraphNode): AnySchema | undefined {
    return this.definition(node.type ?? "");
  }

  get all(): readonly LGraphNode[] {
    return nodesOf(this.document.graph);
  }
  get selected(): readonly LGraphNode[] {
    return Object.values(this.canvas.selected_nodes);
  }
  /** Those of the graph that are in other parts of it than the one that is shown. */
  get elsewhere(): readonly StoredNode[] {
    return nodesElsewhere(this.document.stored(), this.document.path).map(({ node }) => node);
  }
  byId(id: string): LGraphNode | undefined {
    return this.all.find((node) => String(node.id) === id);
  }
  titleOf(id: string): string {
    const node = this.byId(id);
    if (node) return node.getTitle();
    const stored = findNode(this.document.stored(), Number(id))?.node; // elsewhere in the whole
    return stored ? stored.title || (this.definition(stored.type)?.title ?? stored.type) : `node ${id}`;
  }
  at(point: Point): LGraphNode | undefined {
    return (this.document.graph.getNodeOnPos(...point) as LGraphNode | null) ?? undefined;
  }

  /** Whether a node makes a model of a file. */
  readsWeights(node: LGraphNode): boolean {
    const definition = this.definitionOf(node);
    return definition !== undefined && "file" in definition.params && definition.outputs.model !== undefined;
  }

  /** A node as the routing of files sees it; undefined for one that is not ours. */
  target(node: LGraphNode | StoredNode | undefined): Target | undefined {
    const definition = node && this.definition(node.type ?? "");
    if (!definition) return undefined;
    const files = paramEntries(definition.params).filter(([, param]) => param.kind === "file");
    const holds = (param: string) => (node.properties?.[param] as { name?: string } | null | undefined)?.name;
    return {
      id: node.id,
      title: definition.title,
      renamed: (node.title || definition.title) !== definition.title,
      files: files.map(([param, { accept = "" }]) => ({ param, accept, holds: holds(param) })),
    };
  }

  /**
   * Adds a node and selects it: at `at`, by `near` on no other node as near to there as can be, without either in the middle of the
   * view beside all that is there.
   */
  add(type: string, { at, near }: { readonly at?: Point; readonly near?: Point } = {}): void {
    const node = LiteGraph.createNode(type) as LGraphNode | null;
    if (!node) return;
    const [x, y] = at ?? (near ? placeBeside(this.document.graph, node, near) : this.#placeFor(node));
    this.document.edit(`add ${titleOf(node)}`, () => {
      node.pos = [Math.round(x), Math.round(y)];
      this.document.graph.add(node);
    });
    this.#select(node);
  }

  /** Opens the search box at the event; with a loose end it offers what fits and connects it. */
  search(event: { readonly clientX: number; readonly clientY: number }, at: Point, from?: LooseEnd): void {
    const forward = from?.side === "output";
    const offered = from ? joining(this.definitions, forward ? "input" : "output", from.type) : this.definitions;
    const hint = from ? `Add a node that ${forward ? "takes" : "gives"} ${from.type}` : "Add a node";
    const { history } = this.document;
    const pulled = from?.pulled ? history.present : undefined;
    const pick = (type: string): void => {
      if (!from) this.add(type, { near: at });
      else this.#addTo(from, type, at, { joins: history.present === pulled });
    };
    this.offer(event, hint, offered, pick);
  }

  /** Asks for one of these nodes in a box at the event. */
  offer(
    { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
    hint: string,
    nodes: readonly AnySchema[],
    pick: (type: string) => void,
  ): void {
    openPicker({ x: clientX, y: clientY }, hint, this.choices(nodes, pick));
  }

  /** Nodes as a picker offers them. */
  choices(nodes: readonly AnySchema[], pick: (type: string) => void): Choice[] {
    return nodes.map((node) => ({
      ...describeNode(node),
      detail: node.description,
      dot: dotStyle(firstType(node)),
      pick: () => pick(node.type),
    }));
  }

  /** Adds a node at the loose end of a wire, where neither covers anything. */
  #addTo(from: LooseEnd, type: string, at: Point, options: EditOptions): void {
    const node = LiteGraph.createNode(type) as LGraphNode | null;
    if (!node) return;
    const forward = from.side === "output";
    const own = slotOf(node, forward ? "input" : "output", from.type);
    const planned: Planned[] = own < 0 ? [] : [{ node: from.node, slot: from.slot, side: forward ? "input" : "output", own }];
    this.document.edit(
      `add ${titleOf(node)}`,
      () => {
        node.pos = this.#placeFor(node, [forward ? at[0] : at[0] - node.size[0], at[1] - 10], planned);
        this.document.graph.add(node);
        if (own < 0) return;
        if (forward) from.node.connect(from.slot, node, own);
        else node.connect(own, from.node, from.slot);
      },
      options,
    );
    this.#select(node, from.node);
  }

  /** Puts a new node on a wire near a point of it. The wire's type has to be among the node's inputs and its outputs. */
  insertOn(wire: Wire, type: string, at: Point): void {
    const node = LiteGraph.createNode(type) as LGraphNode | null;
    if (!node) return;
    const { link, from, to } = wire;
    const [input, output] = [slotOf(node, "input", link.type), slotOf(node, "output", link.type)];
    if (input < 0 || output < 0) return;
    const planned: Planned[] = [
      { node: from, slot: link.origin_slot, side: "input", own: input },
      { node: to, slot: link.target_slot, side: "output", own: output },
    ];
    this.document.edit(`add ${titleOf(node)}`, () => {
      node.pos = placeNode(this.document.graph, node, [at[0] - node.size[0] / 2, at[1] - 20], planned, link) as Point;
      this.document.graph.add(node);
      from.connect(link.origin_slot, node, input);
      node.connect(output, to, link.target_slot);
    });
    this.#select(node, from, to);
  }

  /** Puts a node that is in the graph on a wire, where it lies. */
  dropOn(wire: Wire, node: LGraphNode): void {
    const { graph } = this.document;
    const fit = fitOn(graph, node, wire);
    if (fit) this.document.edit(`insert ${titleOf(node)} on a wire`, () => joinInto(wire, node, fit));
  }

  /** Puts a new node between two slots that do not fit, which makes of the one's value what the other takes. */
  convert({ from, output, to, input }: Refused, type: string): void {
    const node = LiteGraph.createNode(type) as LGraphNode | null;
    const definition = this.definition(type);
    if (!node || !definition) return;
    const given = String(socketType(from.outputs[output]!.type));
    const inputs = inputsFor(definition, given).map((name) => node.findInputSlot(name));
    const own = slotOf(node, "output", to.inputs[input]!.type);
    if (own < 0 || !inputs.length) return;
    const planned: Planned[] = [
      { node: from, slot: output, side: "input", own: inputs[0]! },
      { node: to, slot: input, side: "output", own },
    ];
    const [a, b] = [slotPlace(from, "output", output), slotPlace(to, "input", input)];
    const middle: Point = [(a[0] + b[0] - node.size[0]) / 2, (a[1] + b[1]) / 2];
    this.document.edit(`add ${titleOf(node)}`, () => {
      node.pos = this.#placeFor(node, middle, planned);
      this.document.graph.add(node);
      for (const slot of inputs) from.connect(output, node, slot);
      node.connect(own, to, input);
    });
    this.#select(node, from, to);
  }

  /** Sets parameters of nodes, wherever in the graph's subgraphs they are, and of new ones near a point, as one step of undo, and selects them all. */
  give(values: readonly Gift[], at: Point): void {
    const label = this.#giving(values);
    const isElsewhere = ({ to }: Gift): boolean => typeof to === "number" && !this.byId(String(to));
    const elsewhere = values.filter(isElsewhere);
    if (elsewhere.length) {
      const given = elsewhere.reduce(
        (graph, { to, param, value }) => withValues(graph, Number(to), { [param]: value }),
        this.document.stored(),
      );
      this.document.replace(given, label, { fit: false, select: this.selected.map(({ id }) => id) });
    }
    const here = values.filter((one) => !isElsewhere(one));
    if (here.length) this.#giveHere(here, at, { label, joins: elsewhere.length > 0 });
  }

  #giveHere(values: readonly Gift[], at: Point, { label, joins }: { readonly label: string; readonly joins: boolean }): void {
    const given: LGraphNode[] = [];
    const act = (): void => {
      for (const { to, param, value } of values) {
        const node = typeof to === "number" ? this.byId(String(to)) : (LiteGraph.createNode(to) as LGraphNode | null);
        if (!node) continue;
        if (typeof to === "string") {
          node.pos = this.#placeFor(node, at);
          this.document.graph.add(node);
        }
        node.setProperty(param, value);
        given.push(node);
      }
    };
    this.document.edit(label, act, { joins });
    this.canvas.selectNodes(given);
  }

  /** Sets parameters of a node as one step of undo; the same ones again shortly after belong to that step. */
  set(node: LGraphNode, values: Readonly<Record<string, unknown>>): void {
    const { label, merge } = settingOf(node, Object.keys(values));
    const act = (): void => {
      for (const [name, value] of Object.entries(values)) node.setProperty(name, value);
    };
    this.document.edit(label, act, { merge });
  }

  #giving(values: readonly Gift[]): string {
    const [first, ...more] = values;
    if (more.length) return `bring ${values.length} files`;
    if (typeof first?.to === "number") return settingLabel(this.titleOf(String(first.to)), [first.param]);
    return `add ${this.definition(first?.to ?? "")?.title ?? "a node"}`;
  }

  /** Selects nodes and brings them into view. */
  show(nodes: readonly LGraphNode[]): void {
    this.canvas.selectNodes([...nodes]);
    if (nodes.length === 1) this.canvas.centerOnNode(nodes[0]!);
    else this.canvas.fitNodes(nodes);
  }

  removeSelected(): void {
    if (this.selected.length) this.document.edit(`delete ${titlesOf(this.selected)}`, () => this.canvas.deleteSelectedNodes());
  }

  /** The selected nodes with the wires between them; undefined where none is selected. */
  copySelected(): StoredGraph | undefined {
    const ids = new Set(this.selected.map((node) => node.id));
    return ids.size ? cutOut(this.document.shown(), ids) : undefined;
  }

  /**
   * Adds a copied part with its top left corner at `at`, `wired` to what fed the originals. Throws an error where the result
   * cannot be loaded.
   */
  insert(fragment: StoredGraph, at: Point, label: string, wired = false): void {
    const { graph, ids } = merge(this.document.shown(), fragment, at, wired);
    this.document.replaceShown(graph, label, { select: ids });
  }

  /** `by`: how far from the originals, in graph units. */
  duplicateSelected(wired = false, by: Readonly<Point> = [DUPLICATE_OFFSET, DUPLICATE_OFFSET]): void {
    const part = this.copySelected();
    if (!part) return;
    const corner = (axis: 0 | 1): number => Math.min(...part.nodes.map((node) => node.pos?.[axis] ?? 0));
    const at: Point = [corner(0) + by[0], corner(1) + by[1]];
    this.insert(part, at, `duplicate ${titlesOf(this.selected)}`, wired);
  }

  /** Selects a new node, and brings it into view with the nodes it is joined to. */
  #select(node: LGraphNode, ...joined: readonly LGraphNode[]): void {
    this.canvas.selectNodes([node]);
    if (!this.canvas.isInView(node)) this.canvas.reveal([node, ...joined]);
  }

  /** Where a new node covers nothing: near its top left corner's point, or in the middle of the view. */
  #placeFor(node: LGraphNode, at?: Point, planned?: readonly Planned[]): Point {
    const [x, y] = this.canvas.middle();
    const wanted: Point = at ?? [x - node.size[0] / 2, y - node.size[1] / 2];
    return placeNode(this.document.graph, node, wanted, planned) as Point;
  }
}

/** The first slot of a type; -1 without one. */
function slotOf(node: LGraphNode, side: "input" | "output", type: string | number): number {
  const slots: readonly { type: unknown }[] = (side === "input" ? node.inputs : node.outputs) ?? [];
  return slots.findIndex((slot) => slot.type === type);
}
