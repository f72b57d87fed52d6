/**
 * What the colours of a PNG are, by the chunk that comes first: cICP, iCCP, sRGB, then gAMA with or without cHRM (W3C PNG, third
 * edition, sections 4.3 and 13.14). A chunk that is damaged, or says what is not known, is passed over for the next. Code points:
 * ITU-T H.273.
 */
import { type Curve, fromPrimaries, NEUTRAL, type Profile } from "./colour";
import { readProfile } from "./icc";
import { inflateAtMost } from "./inflate";
import type { PngFile } from "./png-file";

/** Bytes of an ICC profile, unpacked. Larger ones are printers' tables, which no picture on screen has. */
const MAX_PROFILE = 2 ** 24;

type Point = readonly [number, number];
const D65: Point = [0.3127, 0.329];
const C: Point = [0.31, 0.316];

/** White, red, green and blue by their number in cICP. */
const PRIMARIES: ReadonlyMap<number, readonly Point[]> = new Map([
  [1, [D65, [0.64, 0.33], [0.3, 0.6], [0.15, 0.06]]],
  [4, [C, [0.67, 0.33], [0.21, 0.71], [0.14, 0.08]]],
  [5, [D65, [0.64, 0.33], [0.29, 0.6], [0.15, 0.06]]],
  [6, [D65, [0.63, 0.34], [0.31, 0.595], [0.155, 0.07]]],
  [7, [D65, [0.63, 0.34], [0.31, 0.595], [0.155, 0.07]]],
  [8, [C, [0.681, 0.319], [0.243, 0.692], [0.145, 0.049]]],
  [9, [D65, [0.708, 0.292], [0.17, 0.797], [0.131, 0.046]]],
  [
    11,
    [
      [0.314, 0.351],
      [0.68, 0.32],
      [0.265, 0.69],
      [0.15, 0.06],
    ],
  ],
  [12, [D65, [0.68, 0.32], [0.265, 0.69], [0.15, 0.06]]],
  [22, [D65, [0.63, 0.34], [0.295, 0.605], [0.155, 0.077]]],
]);

/** A power above a straight piece: `x` up to `limit` is divided by `slope`. */
const power =
  (exponent: number, offset: number, slope: number, limit: number): Curve =>
  (x) =>
    x < limit ? x / slope : ((x + offset) / (1 + offset)) ** exponent;
/** What television screens show (ITU-R BT.1886): not the inverse of what cameras record. */
const television: Curve = (x) => x ** 2.4;

/** Diffuse white in nits, which is shown as white (ITU-R BT.2408). */
const DIFFUSE_WHITE = 203;

/** SMPTE ST 2084. */
function pq(x: number): number {
  const root = x ** (1 / 78.84375);
  return (10000 / DIFFUSE_WHITE) * (Math.max(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125);
}

/** Hybrid log-gamma (ITU-R BT.2100) on a screen of 1000 nits, whose gamma of 1.2 is applied to each colour. */
function hlg(x: number): number {
  const scene = x <= 0.5 ? (x * x) / 3 : (Math.exp((x - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  return (1000 / DIFFUSE_WHITE) * scene ** 1.2;
}

/** Curves by their number in cICP. */
const TRANSFERS: ReadonlyMap<number, Curve> = new Map([
  [1, television],
  [4, (x) => x ** 2.2],
  [5, (x) => x ** 2.8],
  [6, television],
  [7, power(1 / 0.45, 0.1115, 4, 0.0913)],
  [8, (x) => x],
  [11, television],
  [13, power(2.4, 0.055, 12.92, 0.04045)],
  [14, television],
  [15, television],
  [16, pq],
  [17, (x) => (52.37 / 48) * x ** 2.6],
  [18, hlg],
]);
const HDR: ReadonlyMap<number, string> = new Map([
  [16, "PQ"],
  [18, "HLG"],
]);

export interface PngColour {
  /** Absent: sRGB. "tables": an ICC profile of tables, which the host's own decoder knows. */
  readonly profile?: Profile | "tables";
  readonly warnings: readonly string[];
}

const rgbOf = (curve: Curve, matrix = NEUTRAL): Profile => ({ space: "rgb", curves: [curve, curve, curve], matrix });

export function pngColour({ colours, channels, palette }: Pick<PngFile, "colours" | "channels" | "palette">): PngColour {
  const { cICP, iCCP, sRGB, gAMA, cHRM } = colours;
  const coded = cICP && ofCodes(cICP);
  if (coded) return coded;
  const icc = iCCP && unpacked(iCCP);
  const found = icc && readProfile(icc);
  const grey = channels < 3 && !palette;
  if (found === "tables" || (found && (found.space === "rgb" || grey))) return { profile: found, warnings: [] };
  if (sRGB?.length === 1 && sRGB[0]! <= 3) return { warnings: [] };
  const profile = gAMA?.length === 4 && ofGamma(gAMA, cHRM?.length === 32 ? cHRM : undefined);
  return { ...(profile && { profile }), warnings: [] };
}

/** Primaries, transfer, matrix (0: RGB), full range. */
function ofCodes(chunk: Uint8Array): PngColour | undefined {
  const [primaries, transfer, matrix] = chunk as unknown as [number, number, number];
  const points = PRIMARIES.get(primaries);
  const curve = TRANSFERS.get(transfer);
  if (chunk.length !== 4 || matrix !== 0 || !points || !curve) return undefined;
  const hdr = HDR.get(transfer);
  return {
    profile: rgbOf(curve, fromPrimaries(points)!),
    warnings: hdr ? [`its colours are HDR (${hdr}): what is brighter than ${DIFFUSE_WHITE} nits is white`] : [],
  };
}

/** Gammas so near to sRGB's that browsers take them for it where the primaries are not said. */
const NEAR_SRGB = 0.05;

function ofGamma(gAMA: Uint8Array, cHRM: Uint8Array | undefined): Profile | undefined {
  const numbers = (chunk: Uint8Array) => {
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    return Array.from({ length: chunk.length / 4 }, (_, i) => view.getUint32(4 * i) / 100000);
  };
  const gamma = numbers(gAMA)[0]!;
  if (gamma === 0) return undefined;
  const curve: Curve = (x) => x ** (1 / gamma);
  if (!cHRM) return Math.abs(2.2 * gamma - 1) < NEAR_SRGB ? undefined : rgbOf(curve);
  const v = numbers(cHRM);
  const matrix = fromPrimaries([0, 2, 4, 6].map((i) => [v[i]!, v[i + 1]!]));
  return matrix && rgbOf(curve, matrix);
}

/** Keyword, zero, method, compressed profile. */
function unpacked(chunk: Uint8Array): Uint8Array | undefined {
  const zero = chunk.indexOf(0);
  if (zero < 1 || zero > 79 || chunk[zero + 1] !== 0) return undefined;
  const { whole } = inflateAtMost(chunk.subarray(zero + 2), MAX_PROFILE);
  return whole;
}
