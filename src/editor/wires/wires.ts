/** A graph's wires and nodes as lines and boxes, where the canvas draws them. */
import type { LGraph, LGraphNode, LLink } from "litegraph.js/build/litegraph.core.js";
import {
  type Box,
  boundsOf,
  type Curve,
  curvesOf,
  flatten,
  lengthTogether,
  overlap,
  type Point,
  REACH,
  runsThrough,
} from "./geometry";
import { inputOf, routeOf } from "./routes";

export interface Wire {
  readonly link: LLink;
  readonly from: LGraphNode;
  readonly to: LGraphNode;
  /** Start, the points it is led through, end. */
  readonly points: readonly Point[];
  readonly curves: readonly Curve[];
  readonly line: readonly Point[];
  readonly bounds: Box;
}

/** Height of a node's title, which lies above its position. */
export const TITLE = 30;
/** Slots lie this far inside their node. */
const SLOT_INSET = 11;
/** What looks like one wire: more than where two ends meet. */
const TOGETHER = 30;

/** litegraph's numbers for the sides of a node that a slot may be at; 5 is none. */
const DIRECTIONS: readonly Point[] = [
  [0, 0],
  [0, -1],
  [0, 1],
  [-1, 0],
  [1, 0],
  [0, 0],
];
const direction = (side: number): Point => DIRECTIONS[side] ?? [0, 0];
/** Where a wire goes that leaves a slot at this side, and one that enters there. */
export const leaving = (side: number): Point => direction(side);
const entering = (side: number): Point => {
  const [x, y] = direction(side);
  return [-x, -y];
};

interface SlotLike {
  readonly dir?: number;
}
const sideOf = (slot: SlotLike, node: LGraphNode, side: "output" | "input"): number => {
  const across = (node as unknown as { horizontal?: boolean }).horizontal;
  return slot.dir || (side === "output" ? (across ? 2 : 4) : across ? 1 : 3);
};

/** The place of a slot. litegraph reuses the array it hands out. */
export function slotPlace(node: LGraphNode, side: "output" | "input", slot: number): Point {
  const [x, y] = node.getConnectionPos(side === "input", slot);
  return [x, y];
}

const known = new WeakMap<LLink, Wire>();
const place = new Float32Array(2);

function isAt(node: LGraphNode, side: "output" | "input", slot: number, point: Point): boolean {
  node.getConnectionPos(side === "input", slot, place as never);
  return place[0] === point[0] && place[1] === point[1];
}
/** Neither its ends nor the points it is led through have moved. */
function isStill({ link, from, to, points }: Wire): boolean {
  if (!isAt(from, "output", link.origin_slot, points[0]!) || !isAt(to, "input", link.target_slot, points.at(-1)!)) return false;
  const route = routeOf(to, inputOf(link, to));
  return route.length === points.length - 2 && route.every(([x, y], i) => points[i + 1]![0] === x && points[i + 1]![1] === y);
}

/** The wire of a link; undefined where one of its ends is missing. Made anew only when an end or a point has moved. */
export function wireOf(graph: LGraph, link: LLink): Wire | undefined {
  const from = graph.getNodeById(link.origin_id);
  const to = graph.getNodeById(link.target_id);
  const output = from?.outputs?.[link.origin_slot];
  const input = to?.inputs?.[link.target_slot];
  if (!from || !to || !output || !input) return undefined;
  const before = known.get(link);
  if (before && before.from === from && before.to === to && isStill(before)) return before;
  const points = [
    slotPlace(from, "output", link.origin_slot),
    ...routeOf(to, inputOf(link, to)),
    slotPlace(to, "input", link.target_slot),
  ];
  const curves = curvesOf(points, leaving(sideOf(output, from, "output")), entering(sideOf(input, to, "input")));
  const line = flatten(curves);
  const wire = { link, from, to, points, curves, line, bounds: boundsOf(line) };
  known.set(link, wire);
  return wire;
}

/** All wires of a graph. */
export function wiresOf(graph: LGraph): Wire[] {
  const wires: Wire[] = [];
  for (const link of Object.values(graph.links) as (LLink | undefined)[]) {
    const wire = link && wireOf(graph, link);
    if (wire) wires.push(wire);
  }
  return wires;
}

/** A wire goes no farther beyond the boxes of its nodes than this share of what they span, and this. */
const BEYOND = { share: REACH, least: 100 };

/** Wires of a graph, without most of those that lie outside a box; exact are each wire's bounds. */
export function wiresNear(graph: LGraph, [left, top, width, height]: Box): Wire[] {
  const wires: Wire[] = [];
  for (const link of Object.values(graph.links) as (LLink | undefined)[]) {
    const from = link && graph.getNodeById(link.origin_id);
    const to = link && graph.getNodeById(link.target_id);
    if (!from || !to) continue;
    if (!(to.flags as { routes?: unknown }).routes) {
      const [a, b] = [from.pos, to.pos];
      const [x, y] = [Math.min(a[0], b[0]), Math.min(a[1], b[1]) - TITLE];
      const right = Math.max(a[0] + from.size[0], b[0] + to.size[0]);
      const bottom = Math.max(a[1] + from.size[1], b[1] + to.size[1]);
      const beyond = BEYOND.share * (right - x + bottom - y) + BEYOND.least;
      if (x - beyond > left + width || right + beyond < left || y - beyond > top + height || bottom + beyond < top) continue;
    }
    const wire = wireOf(graph, link);
    if (wire) wires.push(wire);
  }
  return wires;
}

/** The wires of links by their ids, those that are there. */
export const wiresById = (graph: LGraph, ids: readonly (number | null | undefined)[] = []): Wire[] =>
  ids.flatMap((id) => {
    const link = id == null ? undefined : graph.links[id];
    return (link && wireOf(graph, link)) ?? [];
  });

/** The wires that end at a node. */
export const wiresInto = (graph: LGraph, node: LGraphNode | null): Wire[] =>
  wiresById(
    graph,
    node?.inputs?.map(({ link }) => link),
  );

/** The box of a node with its title. */
export function boxOf(node: LGraphNode): Box {
  const { collapsed } = node.flags as { collapsed?: boolean };
  const width = (collapsed && (node as unknown as { _collapsed_width?: number })._collapsed_width) || node.size[0];
  return [node.pos[0], node.pos[1] - TITLE, width, TITLE + (collapsed ? 0 : node.size[1])];
}

/** Whether a line between two nodes runs behind a node that stands in `box`; behind its own nodes it may as far as the slots lie. */
export function isBehind(line: readonly Point[], box: Box, own: boolean): boolean {
  const [left, top, width, height] = box;
  const seen: Box = own ? [left + SLOT_INSET, top, width - 2 * SLOT_INSET, height] : box;
  return overlap(boundsOf(line), seen) && runsThrough(line, seen);
}

/** A wire that cannot be followed by eye, and what hides it. */
export type Hidden =
  | { readonly wire: Wire; readonly behind: LGraphNode }
  | { readonly wire: Wire; readonly over: Wire; readonly length: number };

/** Wires of a graph that run behind nodes or lie on others. Those of one output may begin together. */
export function hiddenWires(graph: LGraph): Hidden[] {
  const wires = wiresOf(graph);
  const nodes = (graph as unknown as { _nodes: LGraphNode[] })._nodes;
  const boxes = nodes.map((node) => [node, boxOf(node)] as const);
  const hidden: Hidden[] = [];
  for (const [i, wire] of wires.entries()) {
    for (const [node, box] of boxes)
      if (isBehind(wire.line, box, node === wire.from || node === wire.to)) hidden.push({ wire, behind: node });
    for (const over of wires.slice(i + 1)) {
      if (wire.from === over.from && wire.link.origin_slot === over.link.origin_slot) continue;
      const length = lengthTogether(wire.line, over.line);
      if (length > TOGETHER) hidden.push({ wire, over, length });
    }
  }
  return hidden;
}
