/** Where nodes go that are brought into line, or spread evenly. Boxes in graph units, with their titles. */
import type { Box, Point } from "../wires/geometry";

const ALIGNMENTS = ["left", "centre", "right", "top", "middle", "bottom"] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

/** Top left corners, of boxes whose sides or middles lie on that of the outermost box, or in the middle of all. */
export function aligned(boxes: readonly Box[], to: Alignment): Point[] {
  const axis = to === "left" || to === "centre" || to === "right" ? 0 : 1;
  const first = Math.min(...boxes.map((box) => box[axis]));
  const last = Math.max(...boxes.map((box) => box[axis] + box[axis + 2]!));
  const share = { left: 0, top: 0, centre: 0.5, middle: 0.5, right: 1, bottom: 1 }[to];
  return boxes.map((box) => {
    const at = first + share * (last - first - box[axis + 2]!);
    return axis === 0 ? [at, box[1]] : [box[0], at];
  });
}

/** Top left corners, of boxes with equal gaps between them along an axis; the first and the last stay. */
export function distributed(boxes: readonly Box[], axis: 0 | 1): Point[] {
  const order = boxes.map((_, i) => i).sort((a, b) => boxes[a]![axis] - boxes[b]![axis]);
  const taken = boxes.reduce((sum, box) => sum + box[axis + 2]!, 0);
  const start = Math.min(...boxes.map((box) => box[axis]));
  const end = Math.max(...boxes.map((box) => box[axis] + box[axis + 2]!));
  const gap = (end - start - taken) / Math.max(1, boxes.length - 1);
  const corners = boxes.map(([x, y]): Point => [x, y]);
  let at = start;
  for (const i of order) {
    corners[i] = axis === 0 ? [at, boxes[i]![1]] : [boxes[i]![0], at];
    at += boxes[i]![axis + 2]! + gap;
  }
  return corners;
}
