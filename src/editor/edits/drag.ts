/**
 * Nodes and groups being dragged by litegraph: held to the grid where a person wants that, and a single node that lies on a wire
 * lights it up, onto which it goes when it is let go.
 */
import type { LGraph, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { Point } from "../wires/geometry";
import type { Wire } from "../wires/wires";
import { onGrid } from "./grid";
import { wireUnder } from "./on-wire";

/** Moved by less than this, in graph units, a node stays where it is, and off wires. */
const SLACK = { grid: 3, wire: 8 };

interface Movable {
  pos: number[] | Float32Array;
}
interface Group extends Movable {
  readonly _nodes: readonly LGraphNode[];
}

/** What of the canvas is looked at. */
interface DraggingCanvas {
  readonly graph: LGraph;
  readonly selected_nodes: Readonly<Record<number, LGraphNode>>;
  readonly wires: { light(wire: Wire | undefined): void };
}
interface Dragged {
  readonly node_dragged?: LGraphNode | null;
  readonly selected_group?: Group | null;
  readonly selected_group_resizing?: boolean;
}

export class NodeDrag {
  /** Whether nodes are held to the grid. */
  snap = false;
  /** Where the pointer would have what is dragged, were there no grid. */
  #free = new Map<Movable, Point>();
  #wire: Wire | undefined;
  /** Where the node was when it was taken. */
  #from: Point | undefined;

  constructor(private readonly canvas: DraggingCanvas) {}

  /** Before litegraph moves what is dragged. */
  lift(): void {
    for (const [one, [x, y]] of this.#free) place(one, x, y);
    this.#free.clear();
  }

  /** After it has; `joins`: it may go onto a wire. */
  settle(pointer: Point, joins = true): void {
    const { node_dragged: node, selected_group: group, selected_group_resizing: resizing } = this.canvas as Dragged;
    const lead: Movable | null | undefined = node ?? (resizing ? undefined : group);
    if (!lead) {
      this.#from = undefined;
      return;
    }
    this.#from ??= [lead.pos[0]!, lead.pos[1]!];
    const all: readonly Movable[] = node ? Object.values(this.canvas.selected_nodes) : [lead, ...(group?._nodes ?? [])];
    const [x, y] = this.#from;
    const moved = (least: number): boolean => Math.hypot(lead.pos[0]! - x, lead.pos[1]! - y) > least;
    const lies = joins && node && all.length === 1 && moved(SLACK.wire);
    this.#wire = lies ? wireUnder(this.canvas.graph, node, pointer) : undefined;
    this.canvas.wires.light(this.#wire);
    if (this.snap && moved(SLACK.grid)) {
      const [dx, dy] = [onGrid(lead.pos[0]!) - lead.pos[0]!, onGrid(lead.pos[1]!) - lead.pos[1]!];
      for (const one of all) {
        this.#free.set(one, [one.pos[0]!, one.pos[1]!]);
        place(one, one.pos[0]! + dx, one.pos[1]! + dy);
      }
    }
  }

  /** At the release, before litegraph sees it: the node and the wire that it goes onto. */
  release(): { readonly node: LGraphNode; readonly wire: Wire } | undefined {
    const { node_dragged: node } = this.canvas as Dragged;
    const wire = this.#wire;
    this.#wire = undefined;
    this.#from = undefined;
    this.#free.clear();
    if (wire) this.canvas.wires.light(undefined);
    return node && wire ? { node, wire } : undefined;
  }
}

function place(one: Movable, x: number, y: number): void {
  one.pos[0] = x;
  one.pos[1] = y;
}
