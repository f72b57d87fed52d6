/**
 * Points that a wire is led through. They are kept on the node it ends at, in `flags.routes` by the input's name, as pairs
 * relative to the node's place: so they survive in any litegraph's files, move with the node, and are copied with it. What runs
 * the graph never looks at them.
 */
import type { LGraphNode, LLink } from "litegraph.js/build/litegraph.core.js";
import type { Point } from "./geometry";

/** More points of one wire are not read. */
const MOST = 64;

interface Flags {
  routes?: unknown;
}
const flagsOf = (node: LGraphNode): Flags => node.flags as Flags;
const isPoint = (value: unknown): value is Point =>
  Array.isArray(value) && value.length === 2 && value.every((number) => typeof number === "number" && Math.abs(number) < 1e7);

/** The points on the way into an input, in graph units; a file may hold anything there. */
export function routeOf(node: LGraphNode, input: string): Point[] {
  const { routes } = flagsOf(node);
  if (typeof routes !== "object" || routes === null || !Object.hasOwn(routes, input)) return [];
  const stored = (routes as Record<string, unknown>)[input];
  if (!Array.isArray(stored)) return [];
  return stored
    .slice(0, MOST)
    .filter(isPoint)
    .map(([x, y]): Point => [node.pos[0] + x, node.pos[1] + y]);
}

/** Leads the wire into an input through these points; none: straight. */
export function setRoute(node: LGraphNode, input: string, points: readonly Point[]): void {
  const { routes } = flagsOf(node);
  const kept = Object.entries(typeof routes === "object" && routes !== null ? routes : {}).filter(([name]) => name !== input);
  const stored = points.slice(0, MOST).map(([x, y]) => [Math.round(x - node.pos[0]), Math.round(y - node.pos[1])]);
  const all = stored.length && input !== "__proto__" ? [...kept, [input, stored] as const] : kept;
  if (all.length) flagsOf(node).routes = Object.fromEntries(all);
  else delete flagsOf(node).routes;
}

/** The name of the input a link ends in. */
export const inputOf = (link: LLink, target: LGraphNode): string => target.inputs[link.target_slot]?.name ?? "";
