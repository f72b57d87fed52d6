/** Where a new node goes: so that it covers no other, or neither nodes nor wires, and its own wires run clear. */
import type { LGraph, LGraphNode, LLink } from "litegraph.js/build/litegraph.core.js";
import { freePlace } from "../free-place";
import { type Box, boundsOf, curvesOf, flatten, overlap, type Point, runsThrough } from "./geometry";
import { boxOf, isBehind, slotPlace, TITLE, wiresOf } from "./wires";

/** A wire that the new node is going to have: its other end, and the slot of the new node. */
export interface Planned {
  readonly node: LGraphNode;
  readonly slot: number;
  /** The side of the new node. */
  readonly side: "input" | "output";
  readonly own: number;
}

/** Wires keep this far from the new node. */
const CLEAR = 8;

/** Nearest to `wanted`, the top left corner below the title. `gone`: a wire that will not be there any more. */
export function placeNode(graph: LGraph, node: LGraphNode, wanted: Point, planned: readonly Planned[] = [], gone?: LLink): Point {
  const boxes = othersOf(graph, node).map((other) => [other, boxOf(other)] as const);
  const wires = wiresOf(graph).filter(({ link, to, from }) => link !== gone && to !== node && from !== node);
  const [x, y] = node.pos;
  const slots = planned.map(({ side, own }) => {
    const at = slotPlace(node, side, own);
    return [at[0] - x, at[1] - y] as const;
  });

  const fits = ([left, top, width, height]: Box): boolean => {
    const kept: Box = [left - CLEAR, top - CLEAR, width + 2 * CLEAR, height + 2 * CLEAR];
    if (wires.some(({ bounds, line }) => overlap(bounds, kept) && runsThrough(line, kept))) return false;
    return planned.every(({ node: other, slot, side }, i) => {
      const end: Point = [left + slots[i]![0], top + TITLE + slots[i]![1]];
      const far = slotPlace(other, side === "input" ? "output" : "input", slot);
      const line = flatten(curvesOf(side === "input" ? [far, end] : [end, far]));
      const bounds = boundsOf(line);
      if (isBehind(line, [left, top, width, height], true)) return false;
      return boxes.every(([one, box]) => !overlap(bounds, box) || !isBehind(line, box, one === other));
    });
  };
  return nearest(
    node,
    wanted,
    boxes.map(([, box]) => box),
    fits,
  );
}

/** Nearest to `wanted` on no other node, whatever wires run there: for one that somebody wants to have right there. */
export const placeBeside = (graph: LGraph, node: LGraphNode, wanted: Point): Point =>
  nearest(node, wanted, othersOf(graph, node).map(boxOf));

const othersOf = (graph: LGraph, node: LGraphNode): LGraphNode[] =>
  (graph as unknown as { _nodes: LGraphNode[] })._nodes.filter((other) => other !== node);

function nearest(node: LGraphNode, wanted: Point, taken: readonly Box[], fits?: (box: Box) => boolean): Point {
  const wantedBox: Box = [wanted[0], wanted[1] - TITLE, node.size[0], node.size[1] + TITLE];
  const [left, top] = freePlace(wantedBox, taken, fits && { fits });
  return [Math.round(left), Math.round(top + TITLE)];
}
