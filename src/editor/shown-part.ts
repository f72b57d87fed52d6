/**
 * The part of a graph that the canvas shows: all of it, or what is inside of one of its nodes. The path to that node says which;
 * the whole is kept meanwhile, and where each part was looked at.
 */
import type { LGraph } from "litegraph.js/build/litegraph.core.js";
import { GraphError, lastId } from "../graph/clean";
import { withPortsOf } from "../graph/ports";
import type { StoredGraph, StoredNode } from "../graph/stored";
import { inside } from "../graph/subgraphs";
import { nodesOf } from "../litegraph/host";
import type { GraphCanvas } from "./canvas";
import type { View } from "./framing";

export const EMPTY: StoredGraph = {
  last_node_id: 0,
  last_link_id: 0,
  nodes: [],
  links: [],
  groups: [],
  config: {},
  extra: {},
  version: 0.4,
};

export class ShownPart {
  #path: readonly number[] = [];
  #whole: StoredGraph = EMPTY;
  /** Of each place that was left, by its path: where the view was. */
  readonly #views = new Map<string, View>();

  constructor(
    private readonly graph: LGraph,
    private readonly canvas: GraphCanvas,
    private readonly load: (graph: LGraph, shown: StoredGraph) => void,
  ) {}

  /** The ids of the nodes inside of which it is, the outermost first; empty where it is all. */
  get path(): readonly number[] {
    return this.#path;
  }

  get isAll(): boolean {
    return this.#path.length === 0;
  }

  /** Where it is the inside of a node: the whole as of the last step. */
  get whole(): StoredGraph {
    return this.#whole;
  }
  set whole(whole: StoredGraph) {
    this.#whole = whole;
  }

  /** The nodes on the way to it. */
  get way(): readonly StoredNode[] {
    return this.#path.flatMap(
      (id, depth) => inside(this.#whole, this.#path.slice(0, depth))?.nodes.filter((node) => node.id === id) ?? [],
    );
  }

  /** The whole, of which the graph shows this part. */
  around(shown: StoredGraph): StoredGraph {
    return this.isAll ? shown : withPortsOf(this.#whole, this.#path, shown);
  }

  /** Shows the inside of the node that a path leads to; throws an error where there is none. */
  show(whole: StoredGraph, path: readonly number[]): void {
    const shown = inside(whole, path);
    if (!shown) throw new GraphError("there is no graph in this node that can be read: choose a subgraph");
    this.load(this.graph, shown);
    this.#path = path;
    this.#whole = whole;
    // Ids are unique in all of it, those of nodes to come too.
    Object.assign(this.graph, { last_node_id: Math.max(whole.last_node_id, lastId(whole.nodes)) });
  }

  /** As `show`, or what is left of the path. */
  showNear(whole: StoredGraph, path: readonly number[]): void {
    let depth = path.length;
    while (!inside(whole, path.slice(0, depth))) depth--;
    this.show(whole, path.slice(0, depth));
  }

  /** Remembers where it is looked at. */
  keepView(): void {
    const { scale, offset } = this.canvas.ds;
    this.#views.set(this.#path.join(), { scale, offset: [offset[0], offset[1]] });
  }

  /** Looks at it as before, or anew where that was never, and at all of it where one of these nodes would be out of view. */
  look(nodes: readonly Parameters<GraphCanvas["isInView"]>[0][]): void {
    const view = this.#views.get(this.#path.join());
    if (view) this.canvas.setView(view);
    else this.canvas.showAnew();
    if (!nodes.every((node) => this.canvas.isInView(node))) this.canvas.fitNodes(nodesOf(this.graph));
  }

  forgetViews(): void {
    this.#views.clear();
  }
}
