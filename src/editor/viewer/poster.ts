/** A picture that the large view shows at once in the place of the engine's, until there is one. */
import type { Size } from "../../types";
import * as geometry from "./geometry";

export class Poster {
  #bitmap: ImageBitmap | undefined;
  /** Of the engine's picture that is there when this one is asked for: it goes with the next. */
  #before: string | undefined;
  #asked = 0;

  /** `onChange` is called when there is something else to draw. */
  constructor(private readonly onChange: () => void) {}

  get isThere(): boolean {
    return this.#bitmap !== undefined;
  }

  /** In the place of the picture `key` and of no other, once it is found; undefined: none any more. */
  async put(found: Promise<ImageBitmap | undefined> | undefined, key: string | undefined): Promise<void> {
    const asked = ++this.#asked;
    this.#drop();
    this.#before = key;
    const bitmap = await found;
    if (asked !== this.#asked) {
      bitmap?.close();
      return;
    }
    this.#bitmap = bitmap;
    this.onChange();
  }

  /** Draws all of it, in the middle; false where it is not there, or the engine has another picture by now. */
  draw(context: CanvasRenderingContext2D, viewport: Size, margin: number, key: string | undefined): boolean {
    if (key !== this.#before) {
      this.#asked++;
      this.#drop();
    }
    if (!this.#bitmap) return false;
    const { width, height } = this.#bitmap;
    const { scale, x, y } = geometry.fit(this.#bitmap, viewport, margin);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, viewport.width, viewport.height);
    context.imageSmoothingEnabled = scale < 1;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#bitmap, x, y, width * scale, height * scale);
    return true;
  }

  #drop(): void {
    this.#bitmap?.close();
    this.#bitmap = undefined;
  }
}
