/** Where a new node goes so that it covers none that is there. */
import { type Box, overlap } from "./wires/geometry";

const STEP = 40;
const REACH = 60;

/**
 * The place nearest to `wanted` (its top left corner) at which it keeps `margin` from every box of `taken`, and that `fits`;
 * where there is none for 60 steps around, one that covers nothing; `wanted` itself where all is full.
 */
export function freePlace(
  wanted: Box,
  taken: readonly Box[],
  { margin = 16, fits = () => true }: { readonly margin?: number; readonly fits?: (box: Box) => boolean } = {},
): [number, number] {
  return (
    nearestPlace(wanted, (box) => taken.every((other) => !overlap(box, other, margin)) && fits(box)) ??
    nearestPlace(wanted, (box) => taken.every((other) => !overlap(box, other, margin))) ?? [wanted[0], wanted[1]]
  );
}

function nearestPlace([left, top, width, height]: Box, isFree: (box: Box) => boolean): [number, number] | undefined {
  const free = (x: number, y: number): boolean => isFree([x, y, width, height]);
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
  return undefined;
}
