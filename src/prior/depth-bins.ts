/**
 * How depth is cut into bins: what the words and numbers of a cut mean, and what share of a depth falls in each bin. No
 * tensors, so that a page may draw it.
 */

import { CLASSES } from "../plain-types";
import { quoted } from "../quoted";

export interface DepthBins {
  /** The depth at which the first bin is full, 0 to 1; anything nearer belongs to it too. */
  readonly near: number;
  /** The depth at which the last bin is full, 0 to 1; anything further belongs to it too. */
  readonly far: number;
  /** The picture is a disparity, near places bright: depth is 1 minus its value. */
  readonly invert: boolean;
  /** How many, from 1. */
  readonly bins: number;
  /** Where each bin but the last gives way to the next, rising from near to far. Absent: bins are evenly spaced. */
  readonly edges?: readonly number[] | undefined;
}

/** Where one bin gives way to the next: half each at `edge`, in proportion as far as `half` to both sides. */
export interface Ramp {
  readonly edge: number;
  readonly half: number;
}

/** More bins than this are not told apart in an 8-bit depth picture. */
export const MOST_BINS = 256;

const NUMBER = /^(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** How many bins, or the class of each, of a text such as "plant, sky" or "5". Throws an error for a name that is no class. */
export function planesOf(classes: string): number | number[] {
  if (/^\s*\d+\s*$/.test(classes)) return Number(classes);
  return classes.split(",", MOST_BINS + 1).map((name) => {
    const index = (CLASSES as readonly string[]).indexOf(name.trim().toLowerCase());
    if (index < 0)
      throw new Error(`${quoted(name.trim(), 40)} is no class: name some of ${CLASSES.join(", ")}, or give a number of planes`);
    return index;
  });
}

/** The numbers of a text such as "0.2, 0.5"; undefined for an empty one. Throws an error for what is no number from 0 to 1. */
export function edgesOf(text: string): number[] | undefined {
  if (text.trim() === "") return undefined;
  const parts = text.split(",", MOST_BINS);
  return parts.map((part) => {
    const edge = NUMBER.test(part.trim()) ? Number(part) : Number.NaN;
    if (!(edge >= 0 && edge <= 1))
      throw new Error(
        `${quoted(part.trim(), 40)} is no edge: give depths from 0 to 1 and commas between them, or nothing at all`,
      );
    return edge;
  });
}

/** Edges of `bins` bins whose middles are evenly spaced from near to far. */
export const evenEdges = ({ near, far, bins }: Pick<DepthBins, "near" | "far" | "bins">): number[] =>
  Array.from({ length: bins - 1 }, (_, i) => near + ((i + 0.5) * (far - near)) / (bins - 1));

/** Throws an error where no depth can be cut so. */
export function checkDepthBins({ near, far, bins, edges }: DepthBins): void {
  if (!(near >= 0 && far <= 1 && near < far)) {
    throw new Error(
      `near ${near} and far ${far} do not bound a range of depths: give 0 ≤ near < far ≤ 1, and invert a disparity`,
    );
  }
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= MOST_BINS)) {
    throw new Error(`a depth cannot be cut into ${bins} bins: give a whole number from 1 to ${MOST_BINS}`);
  }
  if (edges && edges.length !== bins - 1)
    throw new Error(
      `${edges.length === 1 ? "there is 1 edge" : `there are ${edges.length} edges`} for ${bins} bins: give ${bins - 1}, or none for even bins`,
    );
  const wrong = (edges ?? []).findIndex((edge, i) => !(edge > (edges![i - 1] ?? near) && edge < far));
  if (wrong >= 0)
    throw new Error(
      `edge ${edges![wrong]} is not between ${wrong ? `edge ${edges![wrong - 1]}` : `near ${near}`} and far ${far}: give edges that rise from near to far`,
    );
}

/**
 * The ramps of a cut that `checkDepthBins` lets pass, one for each edge. Each is as wide as the nearer of its neighbours
 * allows: half the way to another edge, all the way to near or far. Even bins then share each depth in proportion.
 */
export function rampsOf(cut: DepthBins): Ramp[] {
  const { near, far, edges = evenEdges(cut) } = cut;
  return edges.map((edge, i) => {
    const before = i === 0 ? edge - near : (edge - edges[i - 1]!) / 2;
    const after = i === edges.length - 1 ? far - edge : (edges[i + 1]! - edge) / 2;
    return { edge, half: Math.min(before, after) };
  });
}

/** What share of a depth each bin has: sums to 1. */
export function sharesAt(depth: number, ramps: readonly Ramp[]): number[] {
  const beyond = ramps.map(({ edge, half }) => Math.min(1, Math.max(0, (depth - edge + half) / (2 * half))));
  return [1, ...beyond].map((share, i) => share - (beyond[i] ?? 0));
}
