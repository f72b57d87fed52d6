/**
 * What the scene is painted on: colour, class and distance of every sample, nine samples to a pixel. Later strokes cover
 * earlier ones in all three, so the label picture and the depth picture are exact. Lengths are pixels of the finished picture.
 */
import { CLASSES } from "../../src/types";

/** RGB, 0 to 255. */
export type Colour = readonly [number, number, number];
export type ClassName = (typeof CLASSES)[number];

/** What a stroke shows and how far away it is, in metres. */
export interface Matter {
  readonly label: ClassName;
  readonly distance: number;
}

export const blend = (a: Colour, b: Colour, t: number): Colour => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];
export const lit = (colour: Colour, light: number): Colour => [colour[0] * light, colour[1] * light, colour[2] * light];

/** Samples to a pixel, each way; odd, so that one of them is the middle. */
const SAMPLES = 3;

export class Canvas {
  readonly #rgb: Float32Array;
  readonly #label: Uint8Array;
  readonly #distance: Float32Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    const count = width * height * SAMPLES ** 2;
    this.#rgb = new Float32Array(3 * count);
    this.#label = new Uint8Array(count);
    this.#distance = new Float32Array(count);
  }

  /** Paints every sample of a rectangle for which `shade` gives a colour; `matter` may depend on the place. */
  fill(
    [left, top, right, bottom]: readonly [number, number, number, number],
    matter: Matter | ((x: number, y: number) => Matter),
    shade: (x: number, y: number) => Colour | undefined,
  ): void {
    const columns = this.width * SAMPLES;
    const from = Math.max(0, Math.floor(left * SAMPLES));
    const to = Math.min(columns, Math.ceil(right * SAMPLES));
    const end = Math.min(this.height * SAMPLES, Math.ceil(bottom * SAMPLES));
    for (let j = Math.max(0, Math.floor(top * SAMPLES)); j < end; j++) {
      for (let i = from; i < to; i++) {
        const [x, y] = [(i + 0.5) / SAMPLES, (j + 0.5) / SAMPLES];
        const colour = shade(x, y);
        if (!colour) continue;
        const { label, distance } = typeof matter === "function" ? matter(x, y) : matter;
        const at = j * columns + i;
        this.#rgb.set(colour, 3 * at);
        this.#label[at] = CLASSES.indexOf(label);
        this.#distance[at] = distance;
      }
    }
  }

  /** An ellipse turned by `angle`. `shade` is given the place in it: -1 to 1 along both axes. */
  ellipse(
    x: number,
    y: number,
    a: number,
    b: number,
    angle: number,
    matter: Matter,
    shade: (u: number, v: number) => Colour,
  ): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [w, h] = [Math.hypot(a * cos, b * sin), Math.hypot(a * sin, b * cos)];
    this.fill([x - w, y - h, x + w, y + h], matter, (px, py) => {
      const u = ((px - x) * cos + (py - y) * sin) / a;
      const v = ((py - y) * cos - (px - x) * sin) / b;
      return u * u + v * v <= 1 ? shade(u, v) : undefined;
    });
  }

  /** A blade from (x, y), `width` across at its foot and pointed, `height` up and leaning `lean` to the right at its tip. */
  blade(x: number, y: number, width: number, height: number, lean: number, matter: Matter, shade: (t: number) => Colour): void {
    const left = Math.min(x, x + lean) - width;
    this.fill([left, y - height, Math.max(x, x + lean) + width, y], matter, (px, py) => {
      const t = (y - py) / height;
      return Math.abs(px - x - lean * t * t) <= (width / 2) * (1 - t) ? shade(t) : undefined;
    });
  }

  /** Darkens what is there, `shade` giving how much light is left, 0 to 1. Class and distance stay. */
  shadow([left, top, right, bottom]: readonly [number, number, number, number], shade: (x: number, y: number) => number): void {
    const columns = this.width * SAMPLES;
    for (let j = Math.max(0, Math.floor(top * SAMPLES)); j < Math.min(this.height, bottom) * SAMPLES; j++) {
      for (let i = Math.max(0, Math.floor(left * SAMPLES)); i < Math.min(this.width, right) * SAMPLES; i++) {
        const light = shade((i + 0.5) / SAMPLES, (j + 0.5) / SAMPLES);
        for (let c = 0; c < 3; c++) this.#rgb[3 * (j * columns + i) + c]! *= light;
      }
    }
  }

  /** The picture as 8-bit RGB, the mean of each pixel's samples; class and distance of the sample in its middle. */
  finish(): { rgb: Uint8Array; labels: Uint8Array; distance: Float32Array } {
    const { width, height } = this;
    const rgb = new Uint8Array(3 * width * height);
    const labels = new Uint8Array(width * height);
    const distance = new Float32Array(width * height);
    const columns = width * SAMPLES;
    const middle = (SAMPLES - 1) / 2;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = y * width + x;
        const corner = y * SAMPLES * columns + x * SAMPLES;
        for (let c = 0; c < 3; c++) {
          let sum = 0;
          for (let j = 0; j < SAMPLES; j++) {
            for (let i = 0; i < SAMPLES; i++) sum += this.#rgb[3 * (corner + j * columns + i) + c]!;
          }
          rgb[3 * at + c] = Math.round(Math.min(Math.max(sum / SAMPLES ** 2, 0), 255));
        }
        labels[at] = this.#label[corner + middle * columns + middle]!;
        distance[at] = this.#distance[corner + middle * columns + middle]!;
      }
    }
    return { rgb, labels, distance };
  }
}
