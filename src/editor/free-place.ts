/** Where a new node goes so that it covers none that is there. */

/** `[left, top, width, height]` */
export type Box = readonly [number, number, number, number];

const STEP = 40;
const REACH = 60;

const overlap = (a: Box, b: Box, margin: number): boolean =>
  a[0] < b[0] + b[2] + margin && b[0] < a[0] + a[2] + margin && a[1] < b[1] + b[3] + margin && b[1] < a[1] + a[3] + margin;

/**
 * The place nearest to `wanted` (its top left corner) at which it keeps `margin` from every box of `taken`; `wanted` itself
 * where all is full for 60 steps around.
 */
export function freePlace(wanted: Box, taken: readonly Box[], margin = 16): [number, number] {
  const [left, top, width, height] = wanted;
  const free = (x: number, y: number): boolean => taken.every((box) => !overlap([x, y, width, height], box, margin));
  for (let ring = 0; ring <= REACH; ring++) {
    let best: [number, number] | undefined;
    let distance = Number.POSITIVE_INFINITY;
    for (let dx = -ring; dx <= ring; dx++)
      for (let dy = -ring; dy <= ring; dy += Math.abs(dx) === ring ? 1 : Math.max(1, 2 * ring)) {
        const away = Math.hypot(dx, dy);
        if (away >= distance || !free(left + dx * STEP, top + dy * STEP)) continue;
        best = [left + dx * STEP, top + dy * STEP];
        distance = away;
      }
    if (best) return best;
  }
  return [left, top];
}
