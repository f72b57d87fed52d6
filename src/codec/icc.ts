/**
 * ICC profiles made of curves and a matrix (RGB) or of one curve (grey): the kind cameras, screens and editors embed, such
 * as Display P3, Adobe RGB and ProPhoto. Source: ICC.1:2022, sections 7 to 10 and annex F.3. Colours outside of sRGB are
 * clipped. Profiles made of tables are left to the host's own decoder.
 */
import type { Picture } from "../types";

/**
 * XYZ under D50 to linear sRGB: from the primaries and the white (x 0.3127, y 0.3290) of IEC 61966-2-1, adapted by Bradford,
 * as in CSS Color 4.
 */
const XYZ_TO_SRGB = [
  [3.1341359569958707, -1.6173863321612538, -0.4906619460083532],
  [-0.978795502912089, 1.916254567259524, 0.03344273116131949],
  [0.07195537988411677, -0.2289768264158322, 1.405386058324125],
] as const;

/** Linear light, 0 to 1, of an encoded sample, 0 to 1. */
type Curve = (encoded: number) => number;
type Row = readonly [number, number, number];

export interface Profile {
  /** "rgb" with three curves, or "grey" with one. */
  readonly space: "rgb" | "grey";
  readonly curves: readonly Curve[];
  /** Linear RGB of the profile to linear sRGB; rows. */
  readonly matrix: readonly [Row, Row, Row];
}

const ascii = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/** Where each tag's data lies. */
function tags(icc: Uint8Array, view: DataView): Map<string, DataView> {
  const found = new Map<string, DataView>();
  const count = Math.min(view.getUint32(128), 100);
  for (let at = 132; at < 132 + count * 12 && at + 12 <= icc.length; at += 12) {
    const offset = view.getUint32(at + 4);
    const size = view.getUint32(at + 8);
    if (offset + size <= icc.length) found.set(ascii(icc, at), new DataView(icc.buffer, icc.byteOffset + offset, size));
  }
  return found;
}

const type = (data: DataView) => String.fromCharCode(data.getUint8(0), data.getUint8(1), data.getUint8(2), data.getUint8(3));
const fixed = (data: DataView, at: number) => data.getInt32(at) / 65536;

/** The parametric curve types 0 to 4: parameters used, and Y of X. */
const PARAMETRIC: readonly { count: number; of: (p: readonly number[]) => Curve }[] = [
  {
    count: 1,
    of:
      ([g]) =>
      (x) =>
        x ** g!,
  },
  {
    count: 3,
    of:
      ([g, a, b]) =>
      (x) =>
        x >= -b! / a! ? (a! * x + b!) ** g! : 0,
  },
  {
    count: 4,
    of:
      ([g, a, b, c]) =>
      (x) =>
        x >= -b! / a! ? (a! * x + b!) ** g! + c! : c!,
  },
  {
    count: 5,
    of:
      ([g, a, b, c, d]) =>
      (x) =>
        x >= d! ? (a! * x + b!) ** g! : c! * x,
  },
  {
    count: 7,
    of:
      ([g, a, b, c, d, e, f]) =>
      (x) =>
        x >= d! ? (a! * x + b!) ** g! + e! : c! * x + f!,
  },
];

function readCurve(data: DataView): Curve | undefined {
  if (type(data) === "para") {
    const kind = PARAMETRIC[data.getUint16(8)];
    return kind?.of(Array.from({ length: kind.count }, (_, i) => fixed(data, 12 + 4 * i)));
  }
  if (type(data) !== "curv") return undefined;
  const count = data.getUint32(8);
  if (count === 0) return (x) => x;
  if (count === 1) {
    const gamma = data.getUint16(12) / 256;
    return (x) => x ** gamma;
  }
  if (12 + 2 * count > data.byteLength) return undefined;
  const table = Float64Array.from({ length: count }, (_, i) => data.getUint16(12 + 2 * i) / 65535);
  return (x) => {
    const place = x * (count - 1);
    const below = Math.min(Math.floor(place), count - 2);
    return table[below]! + (table[below + 1]! - table[below]!) * (place - below);
  };
}

/**
 * Reads an ICC profile. "tables" where it is one of lookup tables, undefined where it is damaged or is for something other
 * than RGB or grey.
 */
export function readProfile(icc: Uint8Array): Profile | "tables" | undefined {
  if (icc.length < 132 || ascii(icc, 36) !== "acsp") return undefined;
  const colours = ascii(icc, 16);
  try {
    const found = tags(icc, new DataView(icc.buffer, icc.byteOffset, icc.byteLength));
    const named = (name: string) => {
      const data = found.get(name);
      return data && readCurve(data);
    };
    if (colours === "GRAY") {
      const curve = named("kTRC");
      return (
        curve && {
          space: "grey",
          curves: [curve],
          matrix: [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ],
        }
      );
    }
    if (colours !== "RGB ") return undefined;
    if (found.has("A2B0") || found.has("D2B0")) return "tables";
    const curves = [named("rTRC"), named("gTRC"), named("bTRC")];
    const colorants = ["rXYZ", "gXYZ", "bXYZ"]
      .map((name) => found.get(name))
      .map((xyz) => xyz && [fixed(xyz, 8), fixed(xyz, 12), fixed(xyz, 16)]);
    if (!curves.every((c) => c !== undefined) || !colorants.every((c) => c !== undefined)) return undefined;
    const row = (to: Row): Row => {
      const [r, g, b] = colorants.map((xyz) => to[0] * xyz[0]! + to[1] * xyz[1]! + to[2] * xyz[2]!);
      return [r!, g!, b!];
    };
    return { space: "rgb", curves, matrix: [row(XYZ_TO_SRGB[0]), row(XYZ_TO_SRGB[1]), row(XYZ_TO_SRGB[2])] };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
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

/** Converts a picture's colours to sRGB in place, in the picture's own bits. Opacity is not touched. */
export function convertToSrgb(picture: Picture, { space, curves, matrix }: Profile): void {
  const { bits, rgb } = picture;
  const top = 2 ** bits - 1;
  const light = curves.map((curve) => Float64Array.from({ length: top + 1 }, (_, v) => curve(v / top)));
  if (space === "grey") {
    const grey = Array.from(light[0]!, (v) => Math.round(srgb(v) * top));
    for (let i = 0; i < rgb.length; i++) rgb[i] = grey[rgb[i]!]!;
    return;
  }
  const [red, green, blue] = light as [Float64Array, Float64Array, Float64Array];
  for (let i = 0; i < rgb.length; i += 3) {
    const r = red[rgb[i]!]!;
    const g = green[rgb[i + 1]!]!;
    const b = blue[rgb[i + 2]!]!;
    for (let c = 0; c < 3; c++) {
      const row = matrix[c]!;
      rgb[i + c] = Math.round(srgb(row[0] * r + row[1] * g + row[2] * b) * top);
    }
  }
}
