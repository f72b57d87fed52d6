/**
 * What the painter's hand holds: tool, class, size; the commands that change it; and how a moving pointer becomes a stroke. No DOM.
 */
import { LIMITS, type Stroke, type StrokeTool, TOOLS } from "../../prior/strokes";
import { CLASS_COLOURS, CLASSES } from "../../types";

export interface Brush {
  readonly tool: StrokeTool;
  /** Index of the class. */
  readonly label: number;
  /** Diameter in low-resolution pixels. */
  readonly size: number;
  /** 0 to 1. */
  readonly hardness: number;
  readonly strength: number;
}

export const FIRST_BRUSH: Brush = { tool: "brush", label: 1, size: 24, hardness: 0.7, strength: 1 };

/** Sizes that the slider and the keys reach. */
export const SIZES = { min: 0.5, max: 256 } as const;
const SIZE_STEP = 1.2;
const HARDNESS_STEP = 0.1;

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
/** To what a slider shows: sizes of two figures. */
const tidy = (size: number): number => Number(size.toPrecision(size < 10 ? 2 : 3));

const resized = (brush: Brush, factor: number): Brush => ({
  ...brush,
  size: within(tidy(brush.size * factor), SIZES.min, SIZES.max),
});
const hardened = (brush: Brush, by: number): Brush => ({
  ...brush,
  hardness: within(Math.round(10 * (brush.hardness + by)) / 10, 0, 1),
});

/** What the painter's commands make of a brush. A class picked with the eraser in hand takes the brush. */
export const BRUSH_COMMANDS: Readonly<Record<string, (brush: Brush) => Brush>> = {
  ...Object.fromEntries(TOOLS.map((tool) => [`paint.${tool}`, (brush: Brush): Brush => ({ ...brush, tool })])),
  ...Object.fromEntries(CLASSES.map((_, label) => [`paint.class${label}`, (brush: Brush): Brush => withClass(brush, label)])),
  "paint.smaller": (brush: Brush): Brush => resized(brush, 1 / SIZE_STEP),
  "paint.larger": (brush: Brush): Brush => resized(brush, SIZE_STEP),
  "paint.softer": (brush: Brush): Brush => hardened(brush, -HARDNESS_STEP),
  "paint.harder": (brush: Brush): Brush => hardened(brush, HARDNESS_STEP),
};

export const withClass = (brush: Brush, label: number): Brush => ({
  ...brush,
  label,
  tool: brush.tool === "eraser" ? "brush" : brush.tool,
});

/** A size that suits a picture: a tenth of its shorter side. */
export const sizeFor = ({ width, height }: { width: number; height: number }): number =>
  within(tidy(Math.min(width, height) / 10), 1, 64);

/** Sizes are spread evenly by ratio over a slider from 0 to 100. */
const SPAN = Math.log(SIZES.max / SIZES.min);
export const sizeToSlider = (size: number): number => Math.round((100 * Math.log(size / SIZES.min)) / SPAN);
export const sliderToSize = (at: number): number => tidy(SIZES.min * Math.exp((at / 100) * SPAN));

/** One position of the pointer, in low-resolution pixels; pressure 0 to 1 where a pen gives it. */
export interface Sample {
  readonly x: number;
  readonly y: number;
  readonly pressure?: number;
}

/** Points nearer to one another than this part of the brush, or of a pixel, say nothing more. */
const SPACING = 0.06;
const LEAST_SPACING = 0.25;
/** A pen that hardly presses still leaves a line. */
const LEAST_PRESSURE = 0.05;

/** Collects the pointer's positions. */
export class Trace {
  readonly #points: Sample[] = [];
  #last: Sample | undefined;
  /** A pen that is lifted presses no more, and its stroke ends as it was drawn. */
  #pressure: number | undefined;

  constructor(
    readonly brush: Brush,
    start: Sample,
  ) {
    this.#points.push(start);
    this.#pressure = start.pressure;
  }

  add(added: Sample): void {
    this.#pressure = added.pressure ?? this.#pressure;
    const sample = this.#pressure === undefined ? added : { ...added, pressure: this.#pressure };
    const { x, y } = this.#points.at(-1)!;
    const { size, tool } = this.brush;
    const spacing = Math.max(LEAST_SPACING, tool === "lasso" ? 0 : size * SPACING);
    this.#last = sample;
    if (this.#points.length >= LIMITS.points - 1 || Math.hypot(sample.x - x, sample.y - y) < spacing) return;
    this.#points.push(sample);
    this.#last = undefined;
  }

  /** The stroke so far; undefined where it is none yet, as an outline of two corners. */
  get stroke(): Stroke | undefined {
    const { tool, label, size, hardness, strength } = this.brush;
    const samples = tool === "fill" ? this.#points.slice(0, 1) : [...this.#points, ...(this.#last ? [this.#last] : [])];
    if (tool === "lasso" && samples.length < 3) return undefined;
    const pen = samples.some(({ pressure }) => pressure !== undefined);
    const hand = tool === "brush" || tool === "eraser";
    return {
      tool,
      label: tool === "eraser" ? 0 : label,
      size,
      hardness,
      strength,
      points: samples.flatMap(({ x, y }) => [within(x, -LIMITS.reach, LIMITS.reach), within(y, -LIMITS.reach, LIMITS.reach)]),
      ...(pen && hand && { pressures: samples.map(({ pressure }) => within(pressure ?? 1, LEAST_PRESSURE, 1)) }),
    };
  }
}

/** The class whose colour is nearest to what is shown. */
export function nearestClass(red: number, green: number, blue: number): number {
  const distances = CLASS_COLOURS.map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2);
  return distances.indexOf(Math.min(...distances));
}

/** What the brush does, for people: "sky", "back to the predicted prior". */
export const aim = ({ tool, label }: Brush): string => (tool === "eraser" ? "back to the predicted prior" : CLASSES[label]!);
