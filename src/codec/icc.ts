/**
 * ICC profiles made of curves and a matrix (RGB) or of one curve (grey): the kind cameras, screens and editors embed, such
 * as Display P3, Adobe RGB and ProPhoto. Source: ICC.1:2022, sections 7 to 10 and annex F.3. Profiles made of tables are left
 * to the host's own decoder.
 */
import { type Curve, type Matrix, NEUTRAL, type Profile, product, transposed, XYZ_TO_SRGB } from "./colour";

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

/** Luminance Y, 0 to 1, of CIE lightness L*, 0 to 100. */
function luminance(lightness: number): number {
  const f = (lightness + 16) / 116;
  return f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29);
}

/**
 * Reads an ICC profile. "tables" where it is one of lookup tables, undefined where it is damaged or is for something other
 * than RGB or grey.
 */
export function readProfile(icc: Uint8Array): Profile | "tables" | undefined {
  if (icc.length < 132 || ascii(icc, 36) !== "acsp") return undefined;
  const [colours, connected] = [ascii(icc, 16), ascii(icc, 20)];
  try {
    const found = tags(icc, new DataView(icc.buffer, icc.byteOffset, icc.byteLength));
    const named = (name: string) => {
      const data = found.get(name);
      return data && readCurve(data);
    };
    if (colours === "GRAY") {
      const curve = named("kTRC");
      return (
        curve && { space: "grey", curves: [connected === "Lab " ? (x) => luminance(100 * curve(x)) : curve], matrix: NEUTRAL }
      );
    }
    if (colours !== "RGB ") return undefined;
    if (found.has("A2B0") || found.has("D2B0")) return "tables";
    const curves = [named("rTRC"), named("gTRC"), named("bTRC")];
    const colorants = ["rXYZ", "gXYZ", "bXYZ"]
      .map((name) => found.get(name))
      .map((xyz) => xyz && [fixed(xyz, 8), fixed(xyz, 12), fixed(xyz, 16)]);
    if (!curves.every((c) => c !== undefined) || !colorants.every((c) => c !== undefined)) return undefined;
    return { space: "rgb", curves, matrix: product(XYZ_TO_SRGB, transposed(colorants as unknown as Matrix)) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
