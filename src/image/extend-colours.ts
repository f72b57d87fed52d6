/**
 * The colours under transparent pixels. Files hold anything there, black, white, or what was cut away: nobody sees it, but
 * networks and resizing look at it from next door and give the edge a rim of it. So what is visible is carried on instead.
 *
 * Push-pull (Gortler et al., "The Lumigraph", SIGGRAPH 1996, section 3.4.2): the picture is halved until every pixel knows
 * a colour, means weighted by opacity, and what knew none is filled from the coarser one on the way back. In whole
 * numbers, so that every host gets the same; in time linear in the pixels, and a third of the picture's memory beside it.
 */
import type { Picture } from "../types";

type Samples = Picture["rgb"];

/** A picture, or it at a half, a quarter, …: how much of each pixel's colour is known, 0 to full opacity. */
interface Level {
  readonly width: number;
  readonly height: number;
  readonly rgb: Samples;
  readonly weight: Samples;
}

/**
 * Gives every fully transparent pixel of the picture, in place, a colour made of the visible ones around it; all other
 * pixels keep theirs. What the file held there makes no difference. Black where nothing is visible.
 */
export function extendColours({ width, height, bits, rgb, alpha }: Picture): void {
  if (alpha?.includes(0)) complete({ width, height, rgb, weight: alpha }, 2 ** bits - 1, 1);
}

/** Makes the colours of pixels whose weight is less than `enough` those of the coarser level, as far as weight is missing. */
function complete(level: Level, full: number, enough: number): void {
  if (level.weight.every((weight) => weight >= enough)) return;
  const coarse = halved(level, full);
  if (coarse.weight.length > 1) complete(coarse, full, full);
  push(coarse, level, full, enough);
}

/** The level at half its size, rounded up: each pixel the mean of its four, weighted; black where they weigh nothing. */
function halved({ width, height, rgb, weight }: Level, full: number): Level {
  const [columns, rows] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const samples = (count: number): Samples => (rgb instanceof Uint16Array ? new Uint16Array(count) : new Uint8Array(count));
  const coarse = { width: columns, height: rows, rgb: samples(3 * columns * rows), weight: samples(columns * rows) };
  for (let y = 0, to = 0; y < rows; y++)
    for (let x = 0; x < columns; x++, to++) {
      let sum = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let v = 2 * y; v < Math.min(2 * y + 2, height); v++)
        for (let u = 2 * x; u < Math.min(2 * x + 2, width); u++) {
          const at = v * width + u;
          const share = weight[at]!;
          if (share === 0) continue;
          sum += share;
          red += share * rgb[3 * at]!;
          green += share * rgb[3 * at + 1]!;
          blue += share * rgb[3 * at + 2]!;
        }
      if (sum === 0) continue;
      coarse.weight[to] = Math.min(sum, full);
      coarse.rgb[3 * to] = Math.round(red / sum);
      coarse.rgb[3 * to + 1] = Math.round(green / sum);
      coarse.rgb[3 * to + 2] = Math.round(blue / sum);
    }
  return coarse;
}

/** Mixes what is missing in the finer level out of the coarser one, enlarged bilinearly. */
function push(coarse: Level, { width, height, rgb, weight }: Level, full: number, enough: number): void {
  for (let y = 0, at = 0; y < height; y++) {
    const row = y >> 1;
    const otherRow = Math.min(Math.max(row + (y & 1 ? 1 : -1), 0), coarse.height - 1);
    for (let x = 0; x < width; x++, at++) {
      const known = weight[at]!;
      if (known >= enough) continue;
      const column = x >> 1;
      const otherColumn = Math.min(Math.max(column + (x & 1 ? 1 : -1), 0), coarse.width - 1);
      const near = 3 * (row * coarse.width + column);
      const beside = 3 * (row * coarse.width + otherColumn);
      const above = 3 * (otherRow * coarse.width + column);
      const across = 3 * (otherRow * coarse.width + otherColumn);
      for (let c = 0; c < 3; c++) {
        const sixteen =
          9 * coarse.rgb[near + c]! + 3 * (coarse.rgb[beside + c]! + coarse.rgb[above + c]!) + coarse.rgb[across + c]!;
        rgb[3 * at + c] =
          known === 0 ? (sixteen + 8) >> 4 : Math.round((known * rgb[3 * at + c]! + (full - known) * (sixteen / 16)) / full);
      }
    }
  }
}
