/** Where pasted nodes go: what is pasted twice at one place lies apart. */
type Point = [number, number];

/** How far a further paste lies from the one before, in graph units. */
const APART = 40;
/** Nearer than this, a place is the same again. */
const SAME = 4;

export class PastePlaces {
  #wanted: Readonly<Point> = [Number.NaN, Number.NaN];
  #count = 0;

  next([x, y]: Readonly<Point>): Point {
    const again = Math.abs(x - this.#wanted[0]) < SAME && Math.abs(y - this.#wanted[1]) < SAME;
    this.#count = again ? this.#count + 1 : 0;
    this.#wanted = [x, y];
    return [Math.round(x + this.#count * APART), Math.round(y + this.#count * APART)];
  }
}
