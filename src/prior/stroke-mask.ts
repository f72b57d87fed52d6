/**
 * Strokes as masks on the places of a map: how much of each place a stroke covers, 0 to 1. Computed on the host, in the
 * part of the map that is asked for. Distances are in low-resolution pixels, so a brush is round whatever the map's own
 * proportions are.
 */
import type { Region, Size } from "../types";
import type { Stroke } from "./strokes";

/** A map, and the low-resolution picture whose pixels strokes are measured in. */
export interface Grid {
  readonly picture: Size;
  readonly map: Size;
}

/** Places computed between two checkpoints. */
const PLACES_PER_CHECKPOINT = 2 ** 24;
/** Lines of the outline's coverage in each row of places. */
const LINES = 4;

/** Half a place, in low-resolution pixels: edges are smoothed over one place. */
const edgeOf = ({ picture, map }: Grid) => 0.5 / Math.min(map.width / picture.width, map.height / picture.height);

const radiusAt = ({ size, pressures }: Stroke, i: number) => (size / 2) * (pressures?.[i] ?? 1);

/** The part of the map a brush, eraser or lasso can touch; undefined where it lies beside it. */
export function strokeBox(stroke: Stroke, grid: Grid): Region | undefined {
  const edge = edgeOf(grid);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; 2 * i < stroke.points.length; i++) {
    const [x, y] = [stroke.points[2 * i]!, stroke.points[2 * i + 1]!];
    const reach = stroke.tool === "lasso" ? 0 : radiusAt(stroke, i) + edge;
    left = Math.min(left, x - reach);
    right = Math.max(right, x + reach);
    top = Math.min(top, y - reach);
    bottom = Math.max(bottom, y + reach);
  }
  const { picture, map } = grid;
  const [across, down] = [map.width / picture.width, map.height / picture.height];
  const [x, y] = [Math.max(0, Math.floor(left * across)), Math.max(0, Math.floor(top * down))];
  const width = Math.min(map.width, Math.ceil(right * across)) - x;
  const height = Math.min(map.height, Math.ceil(bottom * down)) - y;
  return width > 0 && height > 0 ? { left: x, top: y, width, height } : undefined;
}

/**
 * The mask of a brush, eraser or lasso in `region` of the map, row by row, its strength included. `checkpoint` is awaited now and
 * then and may throw.
 */
export async function strokeMask(
  stroke: Stroke,
  grid: Grid,
  region: Region,
  checkpoint: () => Promise<void>,
): Promise<Float32Array> {
  const mask = new Float32Array(region.height * region.width);
  await (stroke.tool === "lasso" ? outline : brush)(stroke, grid, region, mask, pacer(checkpoint));
  for (let i = 0; i < mask.length; i++) mask[i]! *= stroke.strength;
  return mask;
}

/** Awaits the checkpoint after enough work. */
function pacer(checkpoint: () => Promise<void>): (places: number) => Promise<void> | undefined {
  let done = 0;
  return (places) => {
    done += places;
    if (done < PLACES_PER_CHECKPOINT) return undefined;
    done = 0;
    return checkpoint();
  };
}

type Pace = ReturnType<typeof pacer>;

/** Every place has the mask of the segment that covers it most: a stroke that crosses itself is no stronger there. */
async function brush(stroke: Stroke, grid: Grid, region: Region, mask: Float32Array, pace: Pace): Promise<void> {
  const { picture, map } = grid;
  const [across, down] = [map.width / picture.width, map.height / picture.height];
  const edge = edgeOf(grid);
  const { points, hardness } = stroke;
  const last = points.length / 2 - 1;
  for (let i = 0; i < Math.max(1, last); i++) {
    const j = Math.min(i + 1, last);
    const [ax, ay, bx, by] = [points[2 * i]!, points[2 * i + 1]!, points[2 * j]!, points[2 * j + 1]!];
    const [ar, br] = [radiusAt(stroke, i), radiusAt(stroke, j)];
    const reach = Math.max(ar, br) + edge;
    const from = (a: number, b: number, scale: number, start: number) =>
      Math.max(0, Math.floor((Math.min(a, b) - reach) * scale) - start);
    const to = (a: number, b: number, scale: number, start: number, length: number) =>
      Math.min(length, Math.ceil((Math.max(a, b) + reach) * scale) - start);
    const [left, right] = [from(ax, bx, across, region.left), to(ax, bx, across, region.left, region.width)];
    const [top, bottom] = [from(ay, by, down, region.top), to(ay, by, down, region.top, region.height)];
    if (right <= left || bottom <= top) continue;
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    for (let row = top; row < bottom; row++) {
      const y = (region.top + row + 0.5) / down - ay;
      for (let column = left; column < right; column++) {
        const x = (region.left + column + 0.5) / across - ax;
        const along = length > 0 ? Math.min(1, Math.max(0, (x * dx + y * dy) / length)) : 0;
        const radius = ar + (br - ar) * along;
        const outer = radius + edge;
        const [ox, oy] = [x - along * dx, y - along * dy];
        const square = ox * ox + oy * oy;
        if (square >= outer * outer) continue;
        const inner = Math.max(0, Math.min(radius * hardness, radius - edge));
        const part = Math.min(1, (outer - Math.sqrt(square)) / (outer - inner));
        const value = part * part * (3 - 2 * part);
        const at = row * region.width + column;
        if (value > mask[at]!) mask[at] = value;
      }
    }
    await pace((right - left) * (bottom - top));
  }
}

/** What the closed outline goes round, in whichever direction: a loop in it does not become a hole. */
async function outline(stroke: Stroke, grid: Grid, region: Region, mask: Float32Array, pace: Pace): Promise<void> {
  const { picture, map } = grid;
  const [across, down] = [map.width / picture.width, map.height / picture.height];
  const { points } = stroke;
  const corners = points.length / 2;
  const xs = Array.from({ length: corners }, (_, i) => points[2 * i]! * across - region.left);
  const ys = Array.from({ length: corners }, (_, i) => points[2 * i + 1]! * down - region.top);
  for (let row = 0; row < region.height; row++) {
    for (let line = 0; line < LINES; line++) {
      const y = row + (line + 0.5) / LINES;
      const crossings: { x: number; turn: number }[] = [];
      for (let i = 0; i < corners; i++) {
        const j = i + 1 < corners ? i + 1 : 0;
        const [ay, by] = [ys[i]!, ys[j]!];
        if (ay <= y === by <= y) continue;
        crossings.push({ x: xs[i]! + ((y - ay) / (by - ay)) * (xs[j]! - xs[i]!), turn: ay <= y ? 1 : -1 });
      }
      crossings.sort((a, b) => a.x - b.x);
      let turns = 0;
      for (const [i, { x, turn }] of crossings.entries()) {
        if (turns !== 0) cover(mask, row * region.width, region.width, crossings[i - 1]!.x, x);
        turns += turn;
      }
    }
    await pace(LINES * corners + region.width);
  }
  for (let i = 0; i < mask.length; i++) mask[i] = Math.min(1, mask[i]!);
}

/** Adds one line's share to the places of a row between `from` and `to`, in part where it ends inside a place. */
function cover(mask: Float32Array, row: number, width: number, from: number, to: number): void {
  const [start, end] = [Math.max(0, from), Math.min(width, to)];
  for (let column = Math.floor(start); column < end; column++)
    mask[row + column]! += Math.max(0, Math.min(end, column + 1) - Math.max(start, column)) / LINES;
}
