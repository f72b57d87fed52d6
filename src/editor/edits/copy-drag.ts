/** A drag of nodes with Alt: at its end they are where they were, and copies of them where they have been dragged to. */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { Point } from "../wires/geometry";

/** Moved by less than this, in graph units, nothing is copied. */
const LEAST = 8;

/** To be called as the drag begins; what it gives, at its end: that puts them back, and says how far they were dragged, or undefined. */
export function watchCopyDrag(nodes: readonly LGraphNode[]): () => Point | undefined {
  const from = nodes.map(({ pos: [x, y] }): Point => [x, y]);
  return () => {
    const [[x, y] = [0, 0]] = nodes.map(({ pos }) => pos);
    const [left, top] = from[0]!;
    for (const [i, node] of nodes.entries()) node.pos = [from[i]![0], from[i]![1]];
    const by: Point = [x - left, y - top];
    return Math.hypot(...by) < LEAST ? undefined : by;
  };
}
