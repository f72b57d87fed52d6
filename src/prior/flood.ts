/** The connected region of one label around a place: what a fill fills. */
import type { Region, Size } from "../types";

export interface Flooded {
  readonly box: Region;
  /** 1 inside and 0 outside of the region, row by row of the box. */
  readonly mask: Float32Array;
}

/**
 * All places that have the label of (`x`, `y`) and can be reached from there over such places, side by side, not over
 * corners. Undefined where the place lies beside the map.
 */
export function flood(labels: ArrayLike<number>, { height, width }: Size, x: number, y: number): Flooded | undefined {
  if (!(x >= 0 && y >= 0 && x < width && y < height)) return undefined;
  const label = labels[y * width + x];
  const inside = new Uint8Array(height * width);
  let [left, top, right, bottom] = [x, y, x, y];
  const open = [y * width + x];
  inside[open[0]!] = 1;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const column = at % width;
    const row = (at - column) / width;
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    const visit = (next: number) => {
      if (inside[next] || labels[next] !== label) return;
      inside[next] = 1;
      open.push(next);
    };
    if (column > 0) visit(at - 1);
    if (column < width - 1) visit(at + 1);
    if (row > 0) visit(at - width);
    if (row < height - 1) visit(at + width);
  }
  const box = { left, top, width: right - left + 1, height: bottom - top + 1 };
  const mask = new Float32Array(box.height * box.width);
  for (let row = 0; row < box.height; row++)
    for (let column = 0; column < box.width; column++)
      mask[row * box.width + column] = inside[(top + row) * width + left + column]!;
  return { box, mask };
}
