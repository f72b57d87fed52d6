/**
 * The result around the pen while a stroke is drawn: small parts that come before all of it is computed, laid over the old
 * result, or shown in an inset beside the pen where the photo is painted on. They go once the result itself is there.
 */
import type { View } from "../browser/protocol";
import { type Region, SCALE, type Size } from "../types";
import { outline } from "./paint-marks";
import type { Scene, Spot } from "./viewer";

/** Sides of the part, in low-resolution pixels: the first that holds the brush. Few, as shaders are compiled for each size. */
const SIDES = [32, 64] as const;
/** Parts shown at once; of more, the oldest go. */
const MOST_PARTS = 32;
/** How far from the pen the inset lies, in device pixels, and the longest it may be beside the view's shorter side. */
const INSET_GAP = 28;
const INSET_SHARE = 0.4;

/** The part of a result, four times as large as the picture, around a place of it. Lies on whole low-resolution pixels. */
export function partAround({ x, y }: Spot, { height, width }: Size, brush: number): Region {
  const side = SIDES.find((side) => brush <= side) ?? SIDES.at(-1)!;
  const from = (at: number, length: number, own: number) =>
    Math.max(0, Math.min(Math.round(length) - own, Math.round(at * length - own / 2)));
  const [tall, wide] = [Math.min(side, Math.round(height)), Math.min(side, Math.round(width))];
  return {
    top: SCALE * from(y, height, tall),
    left: SCALE * from(x, width, wide),
    height: SCALE * tall,
    width: SCALE * wide,
  };
}

interface Part {
  readonly region: Region;
  readonly view: View;
  /** The key of the result that it was laid over. */
  readonly over: string | undefined;
}

export class PaintPreview {
  #parts: Part[] = [];
  #computed = false;

  /** Takes a part that has come; `over` is the key of what is shown now. */
  add(region: Region, view: View, over: string | undefined): void {
    this.#parts.push({ region, view, over });
    this.#computed = false;
    for (const { view } of this.#parts.splice(0, this.#parts.length - MOST_PARTS)) view.bitmap.close();
  }

  /** The result itself has been computed: the parts are there until it is shown. */
  computed(): void {
    this.#computed = true;
  }

  clear(): void {
    for (const { view } of this.#parts) view.bitmap.close();
    this.#parts = [];
  }

  /** Over the result: where each part belongs. */
  drawOver(context: CanvasRenderingContext2D, { at, whole, key }: Scene): void {
    const last = this.#parts.at(-1);
    if (last && this.#computed && (key === last.view.key || key !== last.over)) this.clear();
    for (const { region, view } of this.#parts) {
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

  /** Beside the pen, at the zoom of the photo: the last part. */
  drawInset(context: CanvasRenderingContext2D, { at, whole }: Scene, pen: Spot | undefined): void {
    if (this.#computed) this.clear();
    const last = this.#parts.at(-1);
    if (!last || !pen) return;
    const { width, height } = context.canvas;
    const { region, view } = last;
    const scale = (at.scale * whole.width) / view.size.width;
    const most = INSET_SHARE * Math.min(width, height);
    const shrink = Math.min(1, most / (region.width * scale), most / (region.height * scale));
    const [wide, tall] = [region.width * scale * shrink, region.height * scale * shrink];
    const gap = INSET_GAP * devicePixelRatio;
    const beside = (place: number, length: number, room: number) =>
      place + gap + length <= room ? place + gap : Math.max(0, place - gap - length);
    const x = Math.round(beside(at.x + pen.x * whole.width * at.scale, wide, width));
    const y = Math.round(beside(at.y + pen.y * whole.height * at.scale, tall, height));
    context.imageSmoothingEnabled = scale * shrink < 1;
    context.drawImage(view.bitmap, x, y, wide, tall);
    const frame = new Path2D();
    frame.rect(x, y, wide, tall);
    outline(context, frame);
  }
}
