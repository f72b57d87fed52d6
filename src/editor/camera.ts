/**
 * Where a picture lies in a viewport: in the large view, and in each cell of a contact sheet. It fits until somebody moves it; then another picture of the same scene keeps the
 * same part in view. All points and lengths are device pixels of the viewport.
 */
import { sameSize } from "../region";
import type { Region, Size } from "../types";
import type { Point } from "./pointers";
import * as geometry from "./viewer/geometry";
import type { Placed, Spot } from "./viewer/tool";

export class Camera {
  #viewport: Size = { width: 0, height: 0 };
  #margin = 0;
  #whole: Size | undefined;
  #at: geometry.Placement | undefined;
  /** The picture that `#at` was made for: stays while there is none. */
  #laidOut: Size | undefined;
  /** What the picture is of, as of then. */
  #subject: string | undefined;
  #fitted = true;

  /** `onChange` is called after every change. */
  constructor(private readonly onChange: () => void) {}

  /** The picture in its place; undefined without a picture, and until there is room for one. */
  get placed(): Placed | undefined {
    return this.#whole && this.#at && { at: this.#at, whole: this.#whole };
  }
  get viewport(): Size {
    return this.#viewport;
  }
  /** All of the picture is shown, and will be of the next one. */
  get fitted(): boolean {
    return this.#fitted;
  }

  /** Another viewport; a picture that fits keeps this margin. */
  resize(viewport: Size, margin: number): void {
    this.#viewport = viewport;
    this.#margin = margin;
    this.#layOut();
  }

  /**
   * A picture of this size, or none, in the place of the last. What had its picture in another size before, by its name, is shown
   * whole again: it is another photo, or another scale of it.
   */
  show(picture: Size | undefined, subject?: string): void {
    const before = this.#laidOut;
    if (picture) {
      if (before && subject !== undefined && subject === this.#subject && !sameSize(before, picture)) this.#fitted = true;
      this.#subject = subject;
    }
    this.#whole = picture;
    this.#layOut();
  }

  fit(): void {
    this.#fitted = true;
    this.#layOut();
  }

  pan(dx: number, dy: number): void {
    const { placed } = this;
    if (placed) this.#move(geometry.pan(placed.at, dx, dy, placed.whole, this.#viewport));
  }

  /** Enlarges by a factor; the point of the picture that is under `about` stays there. */
  zoom(factor: number, about = this.#middle): void {
    const { placed } = this;
    if (placed) this.#move(this.#zoomed(placed, placed.at.scale * factor, about));
  }

  /** So many device pixels for each picture pixel, on whole ones. */
  zoomTo(to: number, about = this.#middle): void {
    const { placed } = this;
    if (!placed) return;
    const { scale, x, y } = this.#zoomed(placed, to, about);
    this.#move({ scale, x: Math.round(x), y: Math.round(y) });
  }

  /** The part of the picture in view, and a share of the viewport's sides more on each side; undefined where none is. */
  seen(spare = 0): Region | undefined {
    const { placed } = this;
    const { width, height } = this.#viewport;
    if (!placed || !width || !height) return undefined;
    const [x, y] = [Math.round(width * spare), Math.round(height * spare)];
    const { at, whole } = placed;
    const wide = { width: width + 2 * x, height: height + 2 * y };
    return geometry.visibleRegion({ ...at, x: at.x + x, y: at.y + y }, whole, wide);
  }

  /** Where in the picture a point of the viewport is; it may be beside it. */
  spotAt({ x, y }: Point): Spot | undefined {
    const { placed } = this;
    if (!placed) return undefined;
    const { at, whole } = placed;
    return { x: (x - at.x) / (at.scale * whole.width), y: (y - at.y) / (at.scale * whole.height) };
  }

  /** The picture pixel under a point of the viewport; undefined beside the picture. */
  pixelAt({ x, y }: Point): Point | undefined {
    const { placed } = this;
    return placed && geometry.pixelAt(placed.at, x, y, placed.whole);
  }

  get #middle(): Point {
    return { x: this.#viewport.width / 2, y: this.#viewport.height / 2 };
  }

  #zoomed({ at, whole }: Placed, scale: number, about: Point): geometry.Placement {
    return geometry.zoomTo(at, scale, about.x, about.y, whole, this.#viewport);
  }

  #move(to: geometry.Placement): void {
    this.#at = to;
    this.#fitted = false;
    this.onChange();
  }

  #layOut(): void {
    const whole = this.#whole;
    if (whole && this.#viewport.width && this.#viewport.height) {
      this.#at = this.#kept(whole) ?? geometry.fit(whole, this.#viewport, this.#margin);
      this.#laidOut = whole;
    }
    this.onChange();
  }

  /** The place that shows what has been in view so far; undefined where the picture is to fit. */
  #kept(whole: Size): geometry.Placement | undefined {
    const [at, from] = [this.#at, this.#laidOut];
    if (!at || !from || this.#fitted) return undefined;
    return sameSize(from, whole) ? at : geometry.carryOver(at, from, whole, this.#viewport);
  }
}
