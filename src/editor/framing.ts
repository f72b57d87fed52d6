/** What part of the graph is seen: fitted to nodes, or moved to show some more. Points and boxes are in graph units, rooms in CSS pixels. */

/** A point at `p` is drawn at (p + offset) · scale. */
export interface View {
  readonly scale: number;
  readonly offset: readonly [number, number];
}

/** Left, top, right, bottom. */
export type Frame = readonly [number, number, number, number];

/** Where the graph is seen: what lies on the canvas above `covered` is not. */
export interface Room {
  readonly width: number;
  readonly height: number;
  readonly covered: number;
}

/** What is left free around nodes. */
const MARGIN = 24;

/** The frame around boxes, which are left, top, width, height. */
export const frameOf = (boxes: readonly Readonly<ArrayLike<number>>[]): Frame => [
  Math.min(...boxes.map((box) => box[0]!)),
  Math.min(...boxes.map((box) => box[1]!)),
  Math.max(...boxes.map((box) => box[0]! + box[2]!)),
  Math.max(...boxes.map((box) => box[1]! + box[3]!)),
];

/** The view with all of a frame in its middle, as large as it fits and never enlarged. */
export function fitted([left, top, right, bottom]: Frame, { width, height, covered }: Room, least: number): View {
  const free = height - covered;
  const scale = Math.max(least, Math.min(1, (width - 2 * MARGIN) / (right - left), (free - 2 * MARGIN) / (bottom - top)));
  return { scale, offset: [width / 2 / scale - (left + right) / 2, (covered + free / 2) / scale - (top + bottom) / 2] };
}

/** Smaller than this, the words on nodes cannot be read by anybody who has not come closer yet. */
const LEGIBLE = 0.7;

/**
 * The view with all of a frame, or, where nothing could be read so, with as much of it around what it begins with as there is room
 * for at a size that can.
 */
export function begun(frame: Frame, beginning: Frame, room: Room, least: number): View {
  const all = fitted(frame, room, least);
  if (all.scale >= LEGIBLE) return all;
  const margin = MARGIN / LEGIBLE;
  const [left, top, right, bottom] = frame;
  const [width, covered, free] = [room.width / LEGIBLE, room.covered / LEGIBLE, (room.height - room.covered) / LEGIBLE];
  const x = middle(left - margin, right + margin, (beginning[0] + beginning[2]) / 2, width);
  const y = middle(top - margin, bottom + margin, (beginning[1] + beginning[3]) / 2, free);
  return { scale: LEGIBLE, offset: [width / 2 - x, covered + free / 2 - y] };
}

/** The middle of what is seen of a span: its own, or as near to a point as has no room beside the span. */
function middle(from: number, to: number, near: number, room: number): number {
  return to - from <= room ? (from + to) / 2 : Math.min(to - room / 2, Math.max(from + room / 2, near));
}

/** The view moved as little as shows a frame at the same size; undefined where there is no room for it. */
export function moved(
  { scale, offset }: View,
  [left, top, right, bottom]: Frame,
  { width, height, covered }: Room,
): View | undefined {
  const margin = MARGIN / scale;
  const x = within(left, right, margin - offset[0], width / scale - margin - offset[0]);
  const y = within(top, bottom, covered / scale + margin - offset[1], height / scale - margin - offset[1]);
  return x === undefined || y === undefined ? undefined : { scale, offset: [offset[0] + x, offset[1] + y] };
}

/** By how much a span has to move to lie between two ends; undefined where it is longer than that. */
function within(from: number, to: number, first: number, last: number): number | undefined {
  if (to - from > last - first) return undefined;
  return from < first ? first - from : Math.min(0, last - to);
}
