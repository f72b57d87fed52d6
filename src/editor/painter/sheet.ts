/** The prior with strokes over it, on a canvas of its own: one opacity is for both, and colours are picked from it. */
import type { Stroke } from "../../prior/strokes";
import type { Colour, Size } from "../../types";
import type { Scene } from "../viewer/tool";
import { drawStroke, type Frame } from "./stroke-drawing";

/** Where a picture of this size, in which strokes are measured, lies in a scene. */
export const frameOf = ({ at, whole }: Scene, { width }: Size): Frame => ({
  scale: (at.scale * whole.width) / width,
  x: at.x,
  y: at.y,
});

export class PaintSheet {
  readonly #context = document.createElement("canvas").getContext("2d")!;

  /** Draws it onto the canvas of a scene. `picture` is the size of what strokes are measured in. */
  draw(target: CanvasRenderingContext2D, scene: Scene, picture: Size, strokes: readonly Stroke[], opacity: number): void {
    const sheet = this.#context;
    const { width, height } = target.canvas;
    if (sheet.canvas.width !== width || sheet.canvas.height !== height) Object.assign(sheet.canvas, { width, height });
    sheet.setTransform(1, 0, 0, 1, 0, 0);
    sheet.clearRect(0, 0, width, height);
    scene.over(sheet);
    const frame = frameOf(scene, picture);
    sheet.save();
    sheet.beginPath();
    sheet.rect(frame.x, frame.y, picture.width * frame.scale, picture.height * frame.scale);
    sheet.clip();
    for (const stroke of strokes) drawStroke(sheet, stroke, frame);
    sheet.restore();
    target.globalAlpha = opacity;
    target.drawImage(sheet.canvas, 0, 0);
    target.globalAlpha = 1;
  }

  /** The colour under a pointer; undefined where there is nothing. */
  colourAt(event: PointerEvent): Colour | undefined {
    const box = (event.target as HTMLElement).getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top].map((length) => Math.floor(length * devicePixelRatio));
    const [red, green, blue, alpha] = this.#context.getImageData(x!, y!, 1, 1).data;
    return alpha ? [red!, green!, blue!] : undefined;
  }
}
