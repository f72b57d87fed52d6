/**
 * Wires under the pointer. The one pointed at is lit up; a click on it opens its menu; dragged near an end it takes that end
 * along, dragged elsewhere it is led through the place it is dragged to.
 */
import type { LGraph, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { type Change, wireTitle } from "../change";
import { type DrawnCanvas, drawLit } from "./drawing";
import { nearest, type Point } from "./geometry";
import { inputOf, routeOf, setRoute } from "./routes";
import { type Wire, wireOf, wiresById, wiresNear } from "./wires";

/** How near the pointer has to be, in CSS pixels. */
export const REACH = { mouse: 7, touch: 16 } as const;
/** A press that moves less is a click. */
const SLACK = 4;
/** The share of a wire at each end that takes the end along, and how long that is at most in CSS pixels. */
const END_SHARE = 0.35;
const MOST_END = 110;

/** A wire, and where on it. */
export interface WireSpot {
  readonly wire: Wire;
  /** From 0 at its start to 1. */
  readonly along: number;
  readonly at: Point;
  /** Which of the points it is led through is there. */
  readonly handle?: number;
}

interface Press {
  readonly spot: WireSpot;
  readonly page: Point;
  /** The point being dragged, among those the wire is led through; undefined until it is dragged. */
  bend?: number;
}

/** The canvas as its wires see it. */
interface WireCanvas extends DrawnCanvas {
  readonly canvas: HTMLCanvasElement;
  readonly dragged: { pulled(wire: Wire): void };
  setDirty(front: boolean, back: boolean): void;
}

export class WireLayer {
  #lit: readonly Wire[] = [];
  #press: Press | undefined;

  constructor(
    private readonly canvas: WireCanvas,
    private readonly openMenu: (event: MouseEvent, spot: WireSpot) => void,
  ) {}

  get #graph(): LGraph {
    return this.canvas.graph;
  }
  get lit(): readonly Wire[] {
    return this.#lit;
  }
  /** A press on a wire that may yet become a click or a drag. */
  get pressed(): boolean {
    return this.#press !== undefined;
  }

  /** The wire at a point of the graph, no farther than `reach` CSS pixels. */
  at(point: Point, reach: number = REACH.mouse): WireSpot | undefined {
    const most = reach / this.canvas.ds.scale;
    let best: WireSpot | undefined;
    let distance = most;
    for (const wire of wiresNear(this.#graph, [point[0] - most, point[1] - most, 2 * most, 2 * most])) {
      const [left, top, width, height] = wire.bounds;
      if (point[0] < left - most || point[0] > left + width + most || point[1] < top - most || point[1] > top + height + most)
        continue;
      const found = nearest(wire.line, point);
      if (found.distance > distance) continue;
      distance = found.distance;
      const handle = wire.points.slice(1, -1).findIndex(([x, y]) => Math.hypot(x - point[0], y - point[1]) <= most * 1.4);
      best = { wire, along: found.along, at: found.at, ...(handle >= 0 && { handle }) };
    }
    return best;
  }

  /** The pointer is here; on a slot all its wires are lit. */
  hover(point: Point, node: LGraphNode | undefined): void {
    const spot = node ? undefined : this.at(point);
    const lit = node ? this.#wiresAt(node, point) : spot ? [spot.wire] : [];
    if (lit.length === this.#lit.length && lit.every((wire, i) => wire.link === this.#lit[i]!.link)) return;
    const wasLit = this.#lit.length > 0;
    this.#lit = lit;
    const { canvas } = this.canvas;
    if (!node) {
      canvas.title = lit[0] ? `${wireTitle(lit[0])} (${lit[0].link.type})` : wasLit ? "" : canvas.title;
      canvas.style.cursor = lit.length ? "grab" : "";
    }
    this.canvas.setDirty(true, false);
  }

  #wiresAt(node: LGraphNode, point: Point): Wire[] {
    const slot = node.getSlotInPosition(...(point as [number, number]));
    return wiresById(this.#graph, slot?.input ? [slot.input.link] : (slot?.output?.links ?? []));
  }

  /** Lights up this wire, or none, whatever the pointer is over. */
  light(wire: Wire | undefined): void {
    if (wire?.link === this.#lit[0]?.link) return;
    this.#lit = wire ? [wire] : [];
    this.canvas.setDirty(true, false);
  }

  leave(): void {
    if (!this.#lit.length) return;
    this.#lit = [];
    this.canvas.setDirty(true, false);
  }

  draw(ctx: CanvasRenderingContext2D): void {
    for (const { link } of this.#lit) {
      const wire = this.#graph.links[link.id] === link ? wireOf(this.#graph, link) : undefined;
      if (wire) drawLit(this.canvas, ctx, wire, true);
    }
  }

  /** The wire was pressed; nothing is done before the pointer moves or is released. */
  press(event: MouseEvent, spot: WireSpot): void {
    this.#press = { spot, page: [event.clientX, event.clientY] };
    this.#lit = [spot.wire];
  }

  /** True where the move was a drag of a wire's point. A drag of an end is litegraph's own from its start on. */
  move(event: MouseEvent, point: Point): boolean {
    const press = this.#press;
    if (!press) return false;
    if (press.bend === undefined) {
      if (Math.hypot(event.clientX - press.page[0], event.clientY - press.page[1]) < SLACK) return true;
      const end = this.#endAt(press.spot);
      if (end) {
        this.#press = undefined;
        this.#pull(press.spot.wire, end);
        return false;
      }
      press.bend = this.#bendAt(press.spot);
    }
    const { link, to } = press.spot.wire;
    const route = routeOf(to, inputOf(link, to));
    route[press.bend] = point;
    setRoute(to, inputOf(link, to), route);
    this.canvas.setDirty(true, true);
    return true;
  }

  /** The end of a press: a click opens the wire's menu, and a drag has led the wire elsewhere. */
  release(event: MouseEvent): Change | undefined {
    const press = this.#press;
    this.#press = undefined;
    if (press?.bend !== undefined) return { label: `reroute ${wireTitle(press.spot.wire)}`, cosmetic: true };
    if (press) this.openMenu(event, press.spot);
    return undefined;
  }

  /** Which end a drag from here takes along. */
  #endAt({ wire, along, handle }: WireSpot): "output" | "input" | undefined {
    if (handle !== undefined) return undefined;
    const length = wire.line.reduce((sum, [x, y], i) => {
      const [px, py] = wire.line[i - 1] ?? [x, y];
      return sum + Math.hypot(x - px, y - py);
    }, 0);
    const share = Math.min(END_SHARE, MOST_END / this.canvas.ds.scale / length);
    return along < share ? "output" : along > 1 - share ? "input" : undefined;
  }

  /** A point of the wire to drag: the one there, or a new one. */
  #bendAt({ wire, handle, at }: WireSpot): number {
    if (handle !== undefined) return handle;
    return addPoint(wire, at);
  }

  #pull(wire: Wire, end: "output" | "input"): void {
    const { link, from, to } = wire;
    const state = this.canvas as unknown as Record<string, unknown>;
    this.canvas.dragged.pulled(wire);
    to.disconnectInput(link.target_slot);
    const [node, slot] = end === "input" ? [from, link.origin_slot] : [to, link.target_slot];
    Object.assign(state, {
      connecting_node: node,
      connecting_slot: slot,
      connecting_pos: node.getConnectionPos(end === "output", slot),
      [end === "input" ? "connecting_output" : "connecting_input"]: end === "input" ? node.outputs[slot] : node.inputs[slot],
      dragging_canvas: false,
    });
    this.#lit = [];
    this.canvas.setDirty(true, true);
  }
}

/** Leads a wire through one more point, which lies on it. Returns its number. */
export function addPoint({ link, to, points, line }: Wire, at: Point): number {
  const along = nearest(line, at).along;
  const index = points.slice(1, -1).filter((point) => nearest(line, point).along < along).length;
  const route = routeOf(to, inputOf(link, to));
  route.splice(index, 0, at);
  setRoute(to, inputOf(link, to), route);
  return index;
}

/** Takes one point out of a wire's way, or all. */
export function removePoint({ link, to }: Wire, index?: number): void {
  const route = index === undefined ? [] : routeOf(to, inputOf(link, to)).toSpliced(index, 1);
  setRoute(to, inputOf(link, to), route);
}

/** A wire that is gone leaves no points behind for the next one into its slot. */
export function forgetRoutes(node: LGraphNode): void {
  const flags = node.flags as { routes?: Record<string, unknown> };
  if (typeof flags.routes !== "object" || flags.routes === null) return;
  for (const { name, link } of node.inputs ?? []) if (link == null) setRoute(node, name, []);
}
