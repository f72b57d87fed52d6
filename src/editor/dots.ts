/** The dots of the grid on the canvas. A row of them is drawn once for a zoom and put down for every row in view. */
import { GRID } from "./edits/grid";

/** The least between two dots, in CSS pixels: at smaller zooms every second one is left out, and so on. */
const LEAST_STEP = 14;
const SIDE = 1.2;

export interface DotsView {
  readonly colour: string;
  /** Device pixels for a graph unit, and for a CSS pixel. */
  readonly scale: number;
  readonly ratio: number;
  /** Graph coordinates of the view's corner, negated. */
  readonly offset: ArrayLike<number>;
}

export class Dots {
  readonly #row = document.createElement("canvas");
  /** What the row shows. */
  #drawn = "";

  /** In device pixels, over all of the context's canvas. */
  draw(context: CanvasRenderingContext2D, { colour, scale, ratio, offset }: DotsView): void {
    const { width, height } = context.canvas;
    let step = GRID * scale;
    while (step < LEAST_STEP * ratio) step *= 2;
    const side = Math.max(1, Math.round(SIDE * ratio));
    this.#draw(colour, step, side, Math.ceil(width + step));
    const first = (along: number): number => ((((along * scale) % step) + step) % step) - step;
    const left = Math.round(first(offset[0]!));
    for (let y = first(offset[1]!); y < height; y += step) context.drawImage(this.#row, left, Math.round(y));
  }

  #draw(colour: string, step: number, side: number, width: number): void {
    const wanted = [colour, step, side, width].join();
    if (this.#drawn === wanted) return;
    this.#drawn = wanted;
    Object.assign(this.#row, { width, height: side });
    const context = this.#row.getContext("2d");
    if (!context) return;
    context.fillStyle = colour;
    for (let x = 0; x < width; x += step) context.fillRect(Math.round(x), 0, side, side);
  }
}
