/** Which node comes next for a person who goes through a graph by keys. No canvas. */

/** A node's box on the graph. */
export interface Place {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Direction = "left" | "right" | "up" | "down";

/** What lies to the side counts for so much more than what lies straight on. */
const SIDEWAYS_COST = 2;

/** As one reads: from left to right, and what begins in one column from top to bottom. */
export const inOrder = (places: readonly Place[]): Place[] => [...places].sort((a, b) => a.x - b.x || a.y - b.y || a.id - b.id);

/** The next node in reading order, or the one before; round the ends. Without a start it is the first, or the last. */
export function following(places: readonly Place[], from: number | undefined, by: 1 | -1): number | undefined {
  const order = inOrder(places);
  const at = order.findIndex(({ id }) => id === from);
  const next = at < 0 ? (by > 0 ? 0 : order.length - 1) : (at + by + order.length) % order.length;
  return order[next]?.id;
}

/** The nearest node in a direction; undefined where there is none. Without a start it is the first in reading order. */
export function towards(places: readonly Place[], from: number | undefined, direction: Direction): number | undefined {
  const start = places.find(({ id }) => id === from);
  if (!start) return following(places, undefined, 1);
  const [sx, sy] = middle(start);
  const [dx, dy] = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }[direction] as [number, number];
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const place of places) {
    const [x, y] = middle(place);
    const ahead = (x - sx) * dx + (y - sy) * dy;
    const sideways = Math.abs((x - sx) * dy) + Math.abs((y - sy) * dx);
    const cost = ahead + SIDEWAYS_COST * sideways;
    if (place === start || ahead <= 0 || sideways > SIDEWAYS_COST * ahead || cost >= least) continue;
    least = cost;
    best = place.id;
  }
  return best;
}

const middle = ({ x, y, width, height }: Place): [number, number] => [x + width / 2, y + height / 2];
