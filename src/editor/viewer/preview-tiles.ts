/**
 * Preview tiles: parts of a picture that come before all of it is computed, laid over the old one, or shown in an inset beside
 * the pointer. They go once the picture itself is shown.
 */
import type { View } from "../../browser/protocol";
import type { Region } from "../../types";
import { outline } from "../painter/marks";
import type { Scene, Spot } from "./tool";

/** Tiles shown at once; of more, the oldest go. */
const MOST_TILES = 32;
/** How far from the pointer the inset lies, in CSS pixels, and the longest it may be beside the view's shorter side. */
const INSET_GAP = 28;
const INSET_SHARE = 0.4;

interface Tile {
  readonly region: Region;
  readonly view: View;
  /** The key of the result that it was laid over. */
  readonly over: string | undefined;
}

export class PreviewTiles {
  #tiles: Tile[] = [];
  #computed = false;

  /** Takes a tile that has come; `over` is the key of what is shown now. */
  add(region: Region, view: View, over: string | undefined): void {
    this.#tiles.push({ region, view, over });
    this.#computed = false;
    for (const { view } of this.#tiles.splice(0, this.#tiles.length - MOST_TILES)) view.bitmap.close();
  }

  /** The result itself has been computed: the tiles are there until it is shown. */
  computed(): void {
    this.#computed = true;
  }

  /** Nothing is computed any more: tiles of what has not been are no longer of anything. */
  stopped(): void {
    if (!this.#computed) this.clear();
  }

  clear(): void {
    for (const { view } of this.#tiles) view.bitmap.close();
    this.#tiles = [];
  }

  /** Over the result: where each tile belongs. */
  drawOver(context: CanvasRenderingContext2D, { at, whole, key }: Pick<Scene, "at" | "whole" | "key">): void {
    const last = this.#tiles.at(-1);
    if (last && this.#computed && (key === last.view.key || key !== last.over)) this.clear();
    for (const { region, view } of this.#tiles) {
      const scale = (at.scale * whole.width) / view.size.width;
      context.imageSmoothingEnabled = scale < 1;
      context.drawImage(
        view.bitmap,
        at.x + region.left * scale,
        at.y + region.top * scale,
        region.width * scale,
        region.height * scale,
      );
    }
  }

  /** Beside the pointer, at the zoom of the low-resolution picture that is shown: the last tile. */
  drawInset(context: CanvasRenderingContext2D, { at, whole }: Scene, pointer: Spot | undefined): void {
    if (this.#computed) this.clear();
    const last = this.#tiles.at(-1);
    if (!last || !pointer) return;
    const { width, height } = context.canvas;
    const { region, view } = last;
    const scale = (at.scale * whole.width) / view.size.width;
    const most = INSET_SHARE * Math.min(width, height);
    const shrink = Math.min(1, most / (region.width * scale), most / (region.height * scale));
    const [wide, tall] = [region.width * scale * shrink, region.height * scale * shrink];
    const gap = INSET_GAP * devicePixelRatio;
    const beside = (place: number, length: number, room: number) =>
      place + gap + length <= room ? place + gap : Math.max(0, place - gap - length);
    const x = Math.round(beside(at.x + pointer.x * whole.width * at.scale, wide, width));
    const y = Math.round(beside(at.y + pointer.y * whole.height * at.scale, tall, height));
    context.imageSmoothingEnabled = scale * shrink < 1;
    context.drawImage(view.bitmap, x, y, wide, tall);
    const frame = new Path2D();
    frame.rect(x, y, wide, tall);
    outline(context, frame);
  }
}
