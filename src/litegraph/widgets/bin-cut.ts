/**
 * The cut of a histogram as a node's parameters say it, and what they are to be when an edge is moved, added or taken away.
 * Knows neither canvas nor pointer.
 */

import { CLASS_COLOURS, CLASSES, type Colour } from "../../plain-types";
import {
  checkDepthBins,
  type DepthBins,
  edgesOf,
  evenEdges,
  MOST_BINS,
  planesOf,
  rampsOf,
  sharesAt,
} from "../../prior/depth-bins";
import { channelColours } from "../../prior/legend";
import { isLinked, type Place } from "./widget";

export interface Bin {
  readonly name: string;
  readonly colour: Colour;
}

/** Something to drag: an end, or the edge with this index. */
export type Handle = "near" | "far" | number;

export interface Cut {
  readonly bins: readonly Bin[];
  readonly near: number;
  readonly far: number;
  readonly edges: readonly number[];
  /** The edges are written down, and not even ones. */
  readonly stated: boolean;
  /** Edges can be moved and bins can be added. */
  readonly free: boolean;
  /** Bins stand for classes: the index of each. */
  readonly classes?: readonly number[];
  /** The colour of a depth: its bins' colours, mixed. */
  colourAt(depth: number): Colour;
}

/** Parameters to change, by name. */
export type Changes = Readonly<Record<string, string | number>>;

/** Edges stay as far apart, and from the ends. */
const GAP = 0.002;
const END_STEP = 0.01;

/** The cut; a message where the parameters are none, or come from elsewhere. */
export function readCut(place: Place): Cut | string {
  const params = place.param.bins!;
  const { node } = place;
  const value = (name: string) => node.properties[name];
  const [mode, classesMode] = params.when;
  const free = value(mode) === classesMode;
  const used = free ? [place.name, params.classes, params.near, params.far] : [params.near, params.far];
  if (used.some((name) => isLinked({ ...place, name }))) return "A link decides: see the result";
  try {
    const planes = free ? planesOf(String(value(params.classes))) : 2;
    const bins = typeof planes === "number" ? planes : planes.length;
    const stated = free ? edgesOf(String(value(place.name))) : undefined;
    const cut: DepthBins = {
      near: Number(value(params.near)),
      far: Number(value(params.far)),
      invert: false,
      bins,
      edges: stated,
    };
    checkDepthBins(cut);
    const named = namesOf(planes, free);
    const ramps = rampsOf(cut);
    return {
      bins: named,
      near: cut.near,
      far: cut.far,
      edges: stated ?? evenEdges(cut),
      stated: stated !== undefined,
      free,
      ...(typeof planes !== "number" && { classes: planes }),
      colourAt: (depth) => mixed(sharesAt(depth, ramps), named),
    };
  } catch (error) {
    return (error as Error).message;
  }
}

function namesOf(planes: number | readonly number[], free: boolean): Bin[] {
  if (typeof planes !== "number") return planes.map((index) => ({ name: CLASSES[index]!, colour: CLASS_COLOURS[index]! }));
  // Near and far lie in the first two of eight channels, and are drawn as these are.
  const colours = channelColours(free ? planes : CLASSES.length);
  const names = free ? Array.from({ length: planes }, (_, i) => `plane ${i + 1}`) : ["near", "far"];
  return names.map((name, i) => ({ name, colour: colours[i]! }));
}

const mixed = (shares: readonly number[], bins: readonly Bin[]): Colour =>
  [0, 1, 2].map((channel) =>
    Math.round(shares.reduce((sum, share, i) => sum + share * bins[i]!.colour[channel]!, 0)),
  ) as unknown as Colour;

/** Where a handle is. */
export const placeOf = (cut: Cut, handle: Handle): number => (typeof handle === "number" ? cut.edges[handle]! : cut[handle]);

/** What can be dragged: ends last, so that an edge on top of one is taken first. */
export const handlesOf = (cut: Cut): Handle[] => [...(cut.free ? cut.edges.map((_, i) => i) : []), "near", "far"];

/** A handle moved to a depth, as far as its neighbours let it. */
export function moved(cut: Cut, handle: Handle, depth: number, { name, param }: Pick<Place, "name" | "param">): Changes {
  const { near, far } = param.bins!;
  const { edges, stated } = cut;
  if (handle === "near") return { [near]: onGrid(depth, 0, stated ? edges[0]! - GAP : cut.far - END_STEP) ?? cut.near };
  if (handle === "far") return { [far]: onGrid(depth, stated ? edges.at(-1)! + GAP : cut.near + END_STEP, 1) ?? cut.far };
  const [least, most] = [(edges[handle - 1] ?? cut.near) + GAP, (edges[handle + 1] ?? cut.far) - GAP];
  const to = least < most ? Math.min(most, Math.max(least, depth)) : edges[handle]!;
  return { [name]: written(edges.map((edge, i) => (i === handle ? to : edge))) };
}

/** The bin at a depth in two, both of its class. Undefined where there is no room, or there are too many. */
export function added(cut: Cut, depth: number, { name, param }: Pick<Place, "name" | "param">): Changes | undefined {
  const at = binAt(cut, depth);
  const room = depth - (cut.edges[at - 1] ?? cut.near) >= GAP && (cut.edges[at] ?? cut.far) - depth >= GAP;
  if (!cut.free || !room || cut.bins.length >= MOST_BINS) return undefined;
  const { classes, bins } = cut;
  return {
    [param.bins!.classes]: classes ? listed(classes.toSpliced(at, 0, classes[at]!)) : String(bins.length + 1),
    [name]: written(cut.edges.toSpliced(at, 0, depth)),
  };
}

/** The bins on both sides of an edge in one, of the wider one's class. */
export function removed(cut: Cut, edge: number, { name, param }: Pick<Place, "name" | "param">): Changes {
  const { classes, bins, edges } = cut;
  const start = edges[edge - 1] ?? cut.near;
  const end = edges[edge + 1] ?? cut.far;
  const narrower = edges[edge]! - start < end - edges[edge]! ? edge : edge + 1;
  return {
    [param.bins!.classes]: classes ? listed(classes.toSpliced(narrower, 1)) : String(bins.length - 1),
    [name]: written(edges.toSpliced(edge, 1)),
  };
}

/** A bin of another class. */
export const reclassed = (cut: Cut, bin: number, index: number, { param }: Pick<Place, "param">): Changes => ({
  [param.bins!.classes]: listed(cut.classes!.with(bin, index)),
});

/** The bin that has most of a depth. */
export const binAt = (cut: Cut, depth: number): number => cut.edges.filter((edge) => edge <= depth).length;

const listed = (classes: readonly number[]) => classes.map((index) => CLASSES[index]).join(", ");
const written = (edges: readonly number[]) => edges.map((edge) => Number(edge.toFixed(4))).join(", ");

/** The nearest number on the ends' grid between two; undefined where there is none. */
function onGrid(depth: number, least: number, most: number): number | undefined {
  const [first, last] = [Math.ceil(least / END_STEP - 1e-9), Math.floor(most / END_STEP + 1e-9)];
  if (first > last) return undefined;
  return Number((Math.min(last, Math.max(first, Math.round(depth / END_STEP))) * END_STEP).toFixed(2));
}
