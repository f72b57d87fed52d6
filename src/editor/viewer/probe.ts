/** The pixel that is read without a pointer: a cross on the picture, moved by keys. Pixels are the picture's, whole numbers. */
import type { Size } from "../../region";
import type { Camera } from "../camera";
import type { Point } from "../pointers";
import type { Placed } from "./tool";

/** Half of the cross, and what is left free around the pixel's middle, in device pixels. */
const ARM = 11;
const FREE = 3;

export class Probe {
  #at: Point | undefined;

  /** Undefined until it is moved. */
  get at(): Point | undefined {
    return this.#at;
  }
  clear(): void {
    this.#at = undefined;
  }

  /** First to the middle of what is in view, then by so many pixels; the camera follows where it would leave the view. */
  move(dx: number, dy: number, camera: Camera): void {
    const { placed, viewport } = camera;
    if (!placed) return;
    const { whole, at } = placed;
    const [x, y] = this.#at
      ? [this.#at.x + dx, this.#at.y + dy]
      : [viewport.width / 2, viewport.height / 2].map((middle, i) => Math.floor((middle - (i ? at.y : at.x)) / at.scale));
    this.#at = inside({ x: x!, y: y! }, whole);
    const { x: across, y: down } = onScreen(this.#at, placed);
    const [byX, byY] = [outside(across, viewport.width), outside(down, viewport.height)];
    if (byX || byY) camera.pan(-byX, -byY);
  }

  draw(context: CanvasRenderingContext2D, placed: Placed): void {
    if (!this.#at) return;
    this.#at = inside(this.#at, placed.whole); // another picture may be smaller
    const { x, y } = onScreen(this.#at, placed);
    const free = Math.max(FREE, placed.at.scale / 2);
    const path = new Path2D();
    for (const [i, j] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      path.moveTo(x + i * free, y + j * free);
      path.lineTo(x + i * (free + ARM), y + j * (free + ARM));
    }
    context.lineCap = "round";
    for (const [width, colour] of [
      [4, "rgb(0 0 0 / 80%)"],
      [2, "#fff"],
    ] as const) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke(path);
    }
  }
}

const inside = ({ x, y }: Point, { width, height }: Size): Point => ({
  x: Math.min(width - 1, Math.max(0, x)),
  y: Math.min(height - 1, Math.max(0, y)),
});
/** The middle of a pixel in the viewport. */
const onScreen = ({ x, y }: Point, { at }: Placed): Point => ({ x: at.x + (x + 0.5) * at.scale, y: at.y + (y + 0.5) * at.scale });
/** How far beyond the ends of a side. */
const outside = (at: number, length: number): number => (at < ARM ? at - ARM : at > length - ARM ? at - length + ARM : 0);
