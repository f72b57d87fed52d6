/**
 * The shape of a wire: cubic curves through its points, from an output to an input. Pure geometry in graph units; what draws
 * wires, finds them under the pointer and tests layouts asks here, so that all mean the same line.
 */

export type Point = readonly [x: number, y: number];
/** `[left, top, width, height]` */
export type Box = readonly [left: number, top: number, width: number, height: number];
/** Start, two control points, end. */
export type Curve = readonly [Point, Point, Point, Point];

/** How far a wire goes straight out of a slot: this share of its length, as litegraph has it. */
export const REACH = 0.25;
/** Where there is less room than this to the right, a wire bends beyond its ends. */
const TIGHT = 48;

const RIGHT: Point = [1, 0];

/**
 * The curves through `points`. They leave and enter level: to the right at the ends, and between them the way the wire goes.
 * `from` and `to` are the directions at the ends where slots have others; `[0, 0]` for an end that hangs at the pointer.
 */
export function curvesOf(points: readonly Point[], from: Point = RIGHT, to: Point = RIGHT): Curve[] {
  const last = points.length - 1;
  const heading = (i: number): Point => {
    if (i === 0) return from;
    if (i === last) return to;
    return [points[i + 1]![0] < points[i - 1]![0] ? -1 : 1, 0];
  };
  return points.slice(0, -1).map((a, i): Curve => {
    const b = points[i + 1]!;
    const [p, q] = [heading(i), heading(i + 1)];
    const reach = REACH * Math.hypot(b[0] - a[0], b[1] - a[1]);
    // Level and onwards, a curve keeps between its ends: so it stays in the gap between two columns of nodes.
    const ahead = (b[0] - a[0]) * p[0];
    const bound = p[0] && p[0] === q[0] && ahead > 0 ? Math.min(reach, Math.max(ahead, TIGHT)) : reach;
    return [a, [a[0] + p[0] * bound, a[1] + p[1] * bound], [b[0] - q[0] * bound, b[1] - q[1] * bound], b];
  });
}

/** The point of a curve at `t`, from 0 to 1. */
function pointOn([a, b, c, d]: Curve, t: number): Point {
  const u = 1 - t;
  const [i, j, k, l] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return [i * a[0] + j * b[0] + k * c[0] + l * d[0], i * a[1] + j * b[1] + k * c[1] + l * d[1]];
}

/** Curves as a line of short pieces, about `step` long. */
export function flatten(curves: readonly Curve[], step = 10): Point[] {
  const line: Point[] = curves.length ? [curves[0]![0]] : [];
  for (const curve of curves) {
    const [a, b, c, d] = curve;
    const length =
      Math.hypot(b[0] - a[0], b[1] - a[1]) + Math.hypot(c[0] - b[0], c[1] - b[1]) + Math.hypot(d[0] - c[0], d[1] - c[1]);
    const pieces = a[1] === d[1] && a[1] === b[1] && c[1] === d[1] ? 1 : Math.min(200, Math.max(2, Math.ceil(length / step)));
    for (let i = 1; i <= pieces; i++) line.push(pointOn(curve, i / pieces));
  }
  return line;
}

/** Where a line comes nearest to a point: how far that is, and how far along the line, from 0 to 1. */
export interface Nearest {
  readonly distance: number;
  readonly along: number;
  readonly at: Point;
  /** The piece of the line it lies on. */
  readonly piece: number;
}

export function nearest(line: readonly Point[], [x, y]: Point): Nearest {
  let best: Nearest = { distance: Number.POSITIVE_INFINITY, along: 0, at: [x, y], piece: 0 };
  let before = 0;
  let found = 0;
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1]!, line[i]!];
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const length = Math.hypot(dx, dy);
    const t = length ? Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy) / (length * length))) : 0;
    const at: Point = [a[0] + t * dx, a[1] + t * dy];
    const distance = Math.hypot(x - at[0], y - at[1]);
    if (distance < best.distance) {
      best = { distance, along: 0, at, piece: i - 1 };
      found = before + t * length;
    }
    before += length;
  }
  return { ...best, along: before ? found / before : 0 };
}

/** The smallest box around a line. */
export function boundsOf(line: readonly Point[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of line) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return [left, top, right - left, bottom - top];
}

/** Whether two boxes have points in common, or come nearer than `margin`. */
export const overlap = (a: Box, b: Box, margin = 0): boolean =>
  a[0] < b[0] + b[2] + margin && b[0] < a[0] + a[2] + margin && a[1] < b[1] + b[3] + margin && b[1] < a[1] + a[3] + margin;

/** Whether a line runs through the inside of a box. */
export function runsThrough(line: readonly Point[], box: Box): boolean {
  for (let i = 1; i < line.length; i++) if (pieceMeets(line[i - 1]!, line[i]!, box)) return true;
  return false;
}

/** Liang and Barsky's clipping of a piece of a line by a box. */
function pieceMeets(a: Point, b: Point, [left, top, width, height]: Box): boolean {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  let [enter, leave] = [0, 1];
  for (const [p, q] of [
    [-dx, a[0] - left],
    [dx, left + width - a[0]],
    [-dy, a[1] - top],
    [dy, top + height - a[1]],
  ] as const) {
    if (p === 0) {
      if (q <= 0) return false;
    } else if (p < 0) enter = Math.max(enter, q / p);
    else leave = Math.min(leave, q / p);
  }
  return enter < leave;
}

/** Nearer than this, and in nearly the same direction, two wires look like one. */
const APART = 6;
const SAME_DIRECTION = Math.cos(Math.PI / 12);
const STEP = 8;

/** How long two lines lie on each other. Lines that cross do so at a point, which does not count. */
export function lengthTogether(a: readonly Point[], b: readonly Point[]): number {
  if (!overlap(boundsOf(a), boundsOf(b), APART)) return 0;
  let together = 0;
  for (let i = 1; i < a.length; i++) {
    const [from, to] = [a[i - 1]!, a[i]!];
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const steps = Math.max(1, Math.ceil(length / STEP));
    for (let s = 0; s < steps; s++) {
      const t = (s + 0.5) / steps;
      const at: Point = [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])];
      const { distance, piece } = nearest(b, at);
      if (distance >= APART) continue;
      const [c, d] = [b[piece]!, b[piece + 1]!];
      const other = Math.hypot(d[0] - c[0], d[1] - c[1]);
      const cos = ((to[0] - from[0]) * (d[0] - c[0]) + (to[1] - from[1]) * (d[1] - c[1])) / (length * other || 1);
      if (Math.abs(cos) > SAME_DIRECTION) together += length / steps;
    }
  }
  return together;
}
