/**
 * Colours of RGB and grey made of curves and a matrix, and their conversion to sRGB. What sRGB has not is clipped. Sources: CSS
 * Color 4 (matrices), ICC.1:2022 annex E (adaptation).
 */
import type { Picture } from "../types";

/** Linear light, 0 to 1, of an encoded sample, 0 to 1. */
export type Curve = (encoded: number) => number;
type Row = readonly [number, number, number];
export type Matrix = readonly [Row, Row, Row];

export interface Profile {
  /** "rgb" with three curves, or "grey" with one. */
  readonly space: "rgb" | "grey";
  readonly curves: readonly Curve[];
  /** Linear RGB of the profile to linear sRGB; rows. */
  readonly matrix: Matrix;
}

export const NEUTRAL: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/**
 * XYZ under D50 to linear sRGB: from the primaries and the white (x 0.3127, y 0.3290) of IEC 61966-2-1, adapted by Bradford,
 * as in CSS Color 4.
 */
export const XYZ_TO_SRGB: Matrix = [
  [3.1341359569958707, -1.6173863321612538, -0.4906619460083532],
  [-0.978795502912089, 1.916254567259524, 0.03344273116131949],
  [0.07195537988411677, -0.2289768264158322, 1.405386058324125],
];

const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];
/** The white of ICC's connection space. */
const D50: Row = [0.9642, 1, 0.8249];

const times = (m: Matrix, [x, y, z]: Row): Row => m.map((row) => row[0] * x + row[1] * y + row[2] * z) as unknown as Row;
export const transposed = (m: Matrix): Matrix => [0, 1, 2].map((c) => m.map((row) => row[c]!)) as unknown as Matrix;
export const product = (a: Matrix, b: Matrix): Matrix =>
  transposed(transposed(b).map((column) => times(a, column)) as unknown as Matrix);

/** Undefined where there is none. */
function inverse(m: Matrix): Matrix | undefined {
  const minor = (r: number, c: number) => {
    const at = (i: number, j: number) => m[(r + i) % 3]![(c + j) % 3]!;
    return at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1);
  };
  const determinant = [0, 1, 2].reduce((sum, c) => sum + m[0][c]! * minor(0, c), 0);
  if (Math.abs(determinant) < 1e-6) return undefined;
  return [0, 1, 2].map((r) => [0, 1, 2].map((c) => minor(c, r) / determinant)) as unknown as Matrix;
}

/** XYZ, Y being 1, of a chromaticity. */
const xyz = (x: number, y: number): Row => [x / y, 1, (1 - x - y) / y];

/**
 * Linear RGB to linear sRGB, white to white: chromaticities `[x, y]` of white, red, green, blue. Undefined where they span no
 * colours.
 */
export function fromPrimaries(points: readonly (readonly [number, number])[]): Matrix | undefined {
  if (points.some(([x, y]) => !(x >= 0 && y > 0 && x + y <= 1))) return undefined;
  const [white, ...primaries] = points.map(([x, y]) => xyz(x, y)) as [Row, ...Row[]];
  const columns = transposed(primaries as unknown as Matrix);
  const solved = inverse(columns);
  if (!solved) return undefined;
  const amounts = times(solved, white);
  const toXyz = columns.map((row) => row.map((v, c) => v * amounts[c]!)) as unknown as Matrix;
  const [from, to] = [times(BRADFORD, white), times(BRADFORD, D50)];
  const scaled = BRADFORD.map((row, i) => row.map((v) => (v * to[i]!) / from[i]!)) as unknown as Matrix;
  return product(XYZ_TO_SRGB, product(product(inverse(BRADFORD)!, scaled), toXyz));
}

const encodeSrgb = (linear: number) => (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);

/** `encodeSrgb` at 0 to 1 in even steps, fine enough that a straight line between them is within 1e-7. */
const STEPS = 65536;
let encoded: Float64Array | undefined;

function srgb(linear: number): number {
  encoded ??= Float64Array.from({ length: STEPS + 2 }, (_, i) => encodeSrgb(i / STEPS));
  const place = Math.min(Math.max(linear, 0), 1) * STEPS;
  const below = Math.floor(place);
  return encoded[below]! + (encoded[below + 1]! - encoded[below]!) * (place - below);
}

/** An RGB or grey pixel in the profile's encoding, 0 to 1, as sRGB, 0 to 1. */
function pixelToSrgb({ curves, matrix }: Profile, rgb: Row): Row {
  const [r, g, b] = rgb.map((v, c) => (curves[c] ?? curves[0]!)(v)) as unknown as Row;
  const [red, green, blue] = matrix.map((row) => srgb(row[0] * r + row[1] * g + row[2] * b)) as unknown as Row;
  return [red, green, blue];
}

/** Whether the profile is sRGB under whatever name: nowhere half an 8-bit step away from it. */
export function isSrgb(profile: Profile): boolean {
  const levels = Array.from({ length: 18 }, (_, i) => i / 17);
  const near = (pixel: Row) => pixelToSrgb(profile, pixel).every((v, c) => Math.abs(v - pixel[c]!) < 0.5 / 255);
  if (profile.space === "grey") return levels.every((v) => near([v, v, v]));
  return levels.every((r) => levels.every((g) => levels.every((b) => near([r, g, b]))));
}

/**
 * A conversion to sRGB in place, in the picture's own bits: of `count` pixels, `first`, `first + step`, ... Opacity is not
 * touched. `grey`: the three samples of a pixel are equal, and stay so.
 */
export function toSrgb(
  { curves, matrix, space }: Profile,
  { bits, rgb }: Pick<Picture, "bits" | "rgb">,
  grey = space === "grey",
): (first: number, step: number, count: number) => void {
  const top = 2 ** bits - 1;
  const light = curves.map((curve) => Float64Array.from({ length: top + 1 }, (_, v) => curve(v / top)));
  if (grey) {
    const level = Array.from(light[0]!, (v) => Math.round(srgb(v) * top));
    return (first, step, count) => {
      for (let i = 0, at = 3 * first; i < count; i++, at += 3 * step) rgb[at] = rgb[at + 1] = rgb[at + 2] = level[rgb[at]!]!;
    };
  }
  const [red, green, blue] = light as [Float64Array, Float64Array, Float64Array];
  const [[rr, rg, rb], [gr, gg, gb], [br, bg, bb]] = matrix;
  return (first, step, count) => {
    for (let i = 0, at = 3 * first; i < count; i++, at += 3 * step) {
      const r = red[rgb[at]!]!;
      const g = green[rgb[at + 1]!]!;
      const b = blue[rgb[at + 2]!]!;
      rgb[at] = Math.round(srgb(rr * r + rg * g + rb * b) * top);
      rgb[at + 1] = Math.round(srgb(gr * r + gg * g + gb * b) * top);
      rgb[at + 2] = Math.round(srgb(br * r + bg * g + bb * b) * top);
    }
  };
}

/** Converts all of a picture to sRGB in place; `grey` as in `toSrgb`. */
export function convertToSrgb(picture: Picture, profile: Profile, grey = profile.space === "grey"): void {
  if (!isSrgb(profile)) toSrgb(profile, picture, grey)(0, 1, picture.width * picture.height);
}
