/**
 * The regions that can have a prior of their own, as the page sees them: a picture in class colours, drawn by the engine. Says
 * which places belong together, so that a region is shown before it is clicked.
 */
import { type Flooded, flood } from "../../prior/flood";
import type { RegionPick } from "../../prior/picks";
import type { Region, Size } from "../../types";
import { nearestClass } from "../painter/brush";

/** Where a region of a map lies, and its edge. */
export interface Outline {
  /** Pixels of the map: opaque on the edge, else clear. */
  readonly edge: OffscreenCanvas;
  readonly box: Region;
}

export class RegionMap {
  #last: (Flooded & { readonly outline: Outline }) | undefined;

  private constructor(
    private readonly labels: Uint8Array,
    readonly size: Size,
    /** The low-resolution picture it belongs to. */
    private readonly picture: Size,
  ) {}

  static of(bitmap: ImageBitmap, picture: Size): RegionMap {
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const known = new Map<number, number>();
    const labels = new Uint8Array(width * height);
    for (let i = 0; i < labels.length; i++) {
      const [red, green, blue] = [data[4 * i]!, data[4 * i + 1]!, data[4 * i + 2]!];
      const colour = (red << 16) | (green << 8) | blue;
      const label = known.get(colour) ?? nearestClass(red, green, blue);
      known.set(colour, label);
      labels[i] = label;
    }
    return new RegionMap(labels, { width, height }, picture);
  }

  /** The region around a place of the picture, in low-resolution pixels; undefined beside it. */
  at(place: { readonly x: number; readonly y: number }): Outline | undefined {
    const [x, y] = this.#place(place);
    if (this.#last && has(this.#last, x, y)) return this.#last.outline;
    const found = flood(this.labels, this.size, x, y);
    this.#last = found && { ...found, outline: outlineOf(found) };
    return this.#last?.outline;
  }

  /** The picks that lie outside of the region around a place: what is chosen for it anew takes the place of the others. */
  beside(picks: readonly RegionPick[], place: { readonly x: number; readonly y: number }): RegionPick[] {
    if (!this.at(place)) return [...picks];
    return picks.filter((pick) => !has(this.#last!, ...this.#place(pick)));
  }

  #place({ x, y }: { readonly x: number; readonly y: number }): [number, number] {
    return [Math.floor((x * this.size.width) / this.picture.width), Math.floor((y * this.size.height) / this.picture.height)];
  }
}

const has = ({ box, mask }: Flooded, x: number, y: number): boolean =>
  x >= box.left &&
  y >= box.top &&
  x < box.left + box.width &&
  y < box.top + box.height &&
  mask[(y - box.top) * box.width + x - box.left] === 1;

/** A light line with dark dots in it, which is seen on any picture. */
function outlineOf({ box, mask }: Flooded): Outline {
  const { width, height } = box;
  const edge = new OffscreenCanvas(width, height);
  const context = edge.getContext("2d")!;
  const pixels = context.createImageData(width, height);
  const inside = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] === 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!inside(x, y) || (inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1))) continue;
      const level = (x + y) % 8 < 5 ? 255 : 0;
      pixels.data.set([level, level, level, 255], 4 * (y * width + x));
    }
  context.putImageData(pixels, 0, 0);
  return { edge, box };
}
