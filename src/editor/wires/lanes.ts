/**
 * How wires run between columns of nodes that have their places. Each is led out of its column, down or up in the gap at a
 * distance of its own, and through its lanes; then every point goes that it is clear without.
 */
import { type Box, boundsOf, curvesOf, flatten, lengthTogether, overlap, type Point, runsThrough } from "./geometry";

/** A node with its title: how large, and how far below its top each slot is. */
export interface Block {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** How far inside of its sides the slots are. */
  readonly inset: number;
}

export interface Join {
  readonly id: number;
  readonly from: number;
  readonly output: number;
  readonly to: number;
  readonly input: number;
}

/** What takes up height in a column: a node, or the lane of a wire that passes. */
export interface Item {
  readonly block?: Block;
  readonly join?: Join;
  readonly height: number;
  top: number;
}
/** A wire's way through the columns: the node it leaves, the lanes it takes, the node it enters. */
export interface Chain {
  readonly join: Join;
  readonly items: readonly Item[];
  /** The column of the first. */
  readonly column: number;
}

export const widthOf = (column: readonly Item[]): number => Math.max(...column.map(({ block }) => block?.width ?? 0));

/** A wire keeps this far from nodes. */
const CLEAR = 5;
/** Wires may come together for this long. */
const TOGETHER = 24;
/** The share of a gap in which one wire changes its height. */
const BEND = 0.5;
const LEVEL = 2;

interface Drawn {
  readonly line: readonly Point[];
  readonly bounds: Box;
}

export interface Routes {
  readonly routes: ReadonlyMap<number, readonly Point[]>;
  /** No wire runs behind a node or lies on another. */
  readonly areClear: boolean;
}

export function routesOf(
  blocks: readonly Block[],
  columns: readonly (readonly Item[])[],
  chains: readonly Chain[],
  lefts: readonly number[],
  places: ReadonlyMap<number, Point>,
): Routes {
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const boxes = blocks.map(({ id, width, height, inset }) => ({ id, inset, box: [...places.get(id)!, width, height] as Box }));
  const rights = columns.map((column, i) => lefts[i]! + widthOf(column));

  // Exactly as on the canvas, where nodes are drawn wider by one.
  const draw = ({ from, output, to, input }: Join, route: readonly Point[]): Drawn => {
    const [a, b] = [byId.get(from)!, byId.get(to)!];
    const [p, q] = [places.get(from)!, places.get(to)!];
    const start: Point = [p[0] + a.width + 1 - a.inset, p[1] + (a.outputs[output] ?? 0)];
    const end: Point = [q[0] + b.inset, q[1] + (b.inputs[input] ?? 0)];
    const line = flatten(curvesOf([start, ...route, end]));
    return { line, bounds: boundsOf(line) };
  };

  const routes = new Map<number, readonly Point[]>(fullRoutes(chains, lefts, rights, places));
  const drawn = new Map(chains.map(({ join }) => [join, draw(join, routes.get(join.id)!)]));
  const isClear = (join: Join, { line, bounds }: Drawn): boolean => {
    for (const { id, inset, box } of boxes) {
      const own = id === join.from || id === join.to;
      const [x, y] = own ? [-inset - 1, 0] : [CLEAR, CLEAR];
      const kept: Box = [box[0] - x, box[1] - y, box[2] + 2 * x, box[3] + 2 * y];
      if (overlap(bounds, kept) && runsThrough(line, kept)) return false;
    }
    for (const [other, theirs] of drawn) {
      if (other === join || (other.from === join.from && other.output === join.output)) continue;
      if (!overlap(bounds, theirs.bounds, CLEAR)) continue;
      // Measured along either: a wire may run for longer beside the other than that beside it.
      if (lengthTogether(line, theirs.line) > TOGETHER || lengthTogether(theirs.line, line) > TOGETHER) return false;
    }
    return true;
  };
  const takes = (join: Join, route: readonly Point[]): boolean => {
    const drawing = draw(join, route);
    if (!isClear(join, drawing)) return false;
    routes.set(join.id, route);
    drawn.set(join, drawing);
    return true;
  };
  for (const { join } of chains) {
    const full = routes.get(join.id)!;
    const isSimple = [...simpleRoutes(full)].some((route) => takes(join, route));
    for (let i = full.length - 1; !isSimple && i >= 0; i--) takes(join, routes.get(join.id)!.toSpliced(i, 1));
  }
  const areClear = chains.every(({ join }) => isClear(join, drawn.get(join)!));
  for (const [id, route] of routes) if (!route.length) routes.delete(id);
  return { routes, areClear };
}

/** Every point that keeps a wire off the others, whether it is needed or not. */
function* fullRoutes(
  chains: readonly Chain[],
  lefts: readonly number[],
  rights: readonly number[],
  places: ReadonlyMap<number, Point>,
): Generator<[number, Point[]]> {
  const heights = (chain: Chain): number[] =>
    chain.items.map((item, i) => {
      if (!item.block) return Math.round(item.top);
      const slots = i ? item.block.inputs : item.block.outputs;
      return places.get(item.block.id)![1] + (slots[i ? chain.join.input : chain.join.output] ?? 0);
    });
  // In each gap, those that change their height: wires of one output bend together.
  const bends = new Map<number, Map<string, number>>();
  const source = ({ join, items }: Chain, i: number): string =>
    items[i]!.block ? `${join.from}.${join.output}` : `lane ${join.id}`;
  for (const chain of chains) {
    const ys = heights(chain);
    for (let i = 0; i + 1 < ys.length; i++) {
      if (Math.abs(ys[i]! - ys[i + 1]!) < LEVEL) continue;
      const gap = bends.get(chain.column + i) ?? new Map<string, number>();
      bends.set(chain.column + i, gap.set(source(chain, i), ys[i]!));
    }
  }
  const order = new Map(
    [...bends].map(([gap, sources]) => {
      const sorted = [...sources].sort((a, b) => a[1] - b[1]).map(([name]) => name);
      return [gap, new Map(sorted.map((name, i) => [name, sorted.length > 1 ? i / (sorted.length - 1) : 0.5]))];
    }),
  );
  for (const chain of chains) {
    const ys = heights(chain);
    const route: Point[] = [];
    for (let i = 0; i + 1 < ys.length; i++) {
      const gap = chain.column + i;
      const [from, to] = [rights[gap]!, lefts[gap + 1]!];
      const share = order.get(gap)?.get(source(chain, i)) ?? 0.5;
      const begin = from + (1 - BEND) * share * (to - from);
      if (i) route.push([lefts[gap]!, ys[i]!]);
      if (Math.abs(ys[i]! - ys[i + 1]!) >= LEVEL)
        route.push([Math.round(begin), ys[i]!], [Math.round(begin + BEND * (to - from)), ys[i + 1]!]);
      else if (i || from > places.get(chain.join.from)![0]) route.push([from, ys[i]!]);
    }
    yield [chain.join.id, route];
  }
}

/** No points of a route, one of them, or two neighbours. */
function* simpleRoutes(route: readonly Point[]): Generator<Point[]> {
  for (const length of [0, 1, 2])
    for (let from = 0; from + length <= route.length && length < route.length; from += length ? 1 : route.length + 1)
      yield route.slice(from, from + length);
}
