/** A graph in miniature: its nodes as boxes in the colours of what they give, and its wires. */
import type { StoredGraph, StoredNode } from "../graph/stored";

/** Room around the graph, in the sketch's pixels. */
const MARGIN = 6;
/** More nodes are not told apart. */
const MOST = 400;
/** No node is drawn larger than this share of its size. */
const LARGEST = 0.5;
/** Height of a node's title, above its place. */
const TITLE = 30;

export interface Placed {
  readonly id: number;
  readonly box: readonly [left: number, top: number, width: number, height: number];
  /** What its first output gives; empty for none. */
  readonly gives: string;
}

/** The nodes of a graph as boxes that fill a sketch of this size, with one scale for both axes. */
export function placed(nodes: readonly StoredNode[], width: number, height: number): Placed[] {
  const shown = nodes.slice(0, MOST);
  const boxes = shown.map(({ pos = [0, 0], size = [200, 100], flags }) => {
    const tall = (flags?.collapsed ? 0 : Math.max(20, size[1])) + TITLE;
    return [pos[0], pos[1] - TITLE, Math.max(60, size[0]), tall] as const;
  });
  const [left, top] = [Math.min(...boxes.map(([x]) => x)), Math.min(...boxes.map(([, y]) => y))];
  const wide = Math.max(1, ...boxes.map(([x, , w]) => x + w - left));
  const tall = Math.max(1, ...boxes.map(([, y, , high]) => y + high - top));
  const scale = Math.max(0, Math.min((width - 2 * MARGIN) / wide, (height - 2 * MARGIN) / tall, LARGEST));
  const [dx, dy] = [(width - wide * scale) / 2, (height - tall * scale) / 2];
  return shown.map(({ id, outputs }, i) => {
    const [x, y, w, high] = boxes[i]!;
    return {
      id,
      box: [dx + (x - left) * scale, dy + (y - top) * scale, Math.max(2, w * scale), Math.max(2, high * scale)],
      gives: String(outputs?.[0]?.type ?? ""),
    };
  });
}

/** Draws at the context's origin. `colour` is that of a type of sockets. */
export function drawSketch(
  context: CanvasRenderingContext2D,
  { nodes, links }: StoredGraph,
  width: number,
  height: number,
  colour: (type: string) => string,
): void {
  const all = placed(nodes, width, height);
  const byId = new Map(all.map((node) => [node.id, node]));
  context.lineWidth = 1;
  for (const [, from, , to, , type] of links.slice(0, 2 * MOST)) {
    const [a, b] = [byId.get(from)?.box, byId.get(to)?.box];
    if (!a || !b) continue;
    const [x1, y1, x2, y2] = [a[0] + a[2], a[1] + a[3] / 3, b[0], b[1] + b[3] / 3];
    context.strokeStyle = colour(String(type));
    context.beginPath();
    context.moveTo(x1, y1);
    context.bezierCurveTo(x1 + (x2 - x1) / 2, y1, x2 - (x2 - x1) / 2, y2, x2, y2);
    context.stroke();
  }
  for (const { box, gives } of all) {
    context.fillStyle = colour(gives);
    context.beginPath();
    context.roundRect(...(box as [number, number, number, number]), 2);
    context.fill();
  }
}
