/** The grid of dots that the canvas shows, and that nodes may be held to. */

/** Between two dots, in graph units. */
export const GRID = 24;

/** The line of the grid nearest to a coordinate. */
export const onGrid = (at: number): number => Math.round(at / GRID) * GRID;

/** One step along an axis, `sign` -1 or 1: onto the next line of the grid where `snap`, else by `step`. */
export function nudged(at: number, sign: number, step: number, snap: boolean): number {
  if (!snap) return at + sign * step;
  const lines = Math.max(1, Math.round(step / GRID));
  const next = sign > 0 ? Math.floor(at / GRID) + lines : Math.ceil(at / GRID) - lines;
  return next * GRID;
}
