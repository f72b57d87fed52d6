/**
 * Automatic layout: nodes in columns from left to right, so that no wire runs behind a node or lies on another. dagre chooses
 * columns and the order in each; here they get places by their slots, and wires that pass a column a lane of their own in it.
 */
import dagre from "@dagrejs/dagre";
import type { Point } from "./geometry";
import { type Block, type Chain, type Item, type Join, routesOf, widthOf } from "./lanes";

export interface Arrangement {
  /** Top left corners by node. */
  readonly places: ReadonlyMap<number, Point>;
  /** The points that wires are led through, by join; none where the straight wire is clear. */
  readonly routes: ReadonlyMap<number, readonly Point[]>;
}

/** Room between columns, and more for every wire that changes its height there. */
const COLUMN_GAP = 56;
const ROOM_PER_WIRE = 9;
/** Gaps are made so many times as wide, one after the other, until all wires are clear: in a narrow one steep wires run together. */
const WIDER = [1, 1.5, 2.25, 3.4];
/** A wire that changes its height by no more than this is level. */
const LEVEL = 12;
const ROW_GAP = 34;
const LANE_GAP = 22;
const SWEEPS = 24;

/** Two slots that a piece of a wire joins, in columns side by side: offsets below the items' tops. */
interface Tie {
  readonly left: Item;
  readonly leftOffset: number;
  readonly right: Item;
  readonly rightOffset: number;
}

export function arrange(blocks: readonly Block[], joins: readonly Join[]): Arrangement {
  if (!blocks.length) return { places: new Map(), routes: new Map() };
  const { columns, chains } = columnsOf(blocks, joins);
  const ties = tiesOf(chains);
  placeRows(columns, ties);
  const arrangedBy = (wider: number): Arrangement & { areClear: boolean } => {
    const lefts = placeColumns(columns, ties, wider);
    const places = new Map<number, Point>();
    for (const [i, column] of columns.entries())
      for (const { block, top } of column) if (block) places.set(block.id, [lefts[i]!, Math.round(top)]);
    return { places, ...routesOf(blocks, columns, chains, lefts, places) };
  };
  let narrowest: Arrangement | undefined;
  for (const wider of WIDER) {
    const arranged = arrangedBy(wider);
    if (arranged.areClear) return arranged;
    narrowest ??= arranged;
  }
  return narrowest!;
}

function columnsOf(blocks: readonly Block[], joins: readonly Join[]): { columns: Item[][]; chains: Chain[] } {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: ROW_GAP, edgesep: LANE_GAP, ranksep: COLUMN_GAP, ranker: "network-simplex" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of blocks) graph.setNode(String(id), { width, height });
  const forward = joins.filter(({ from, to }) => from !== to);
  for (const { id, from, to } of forward) graph.setEdge(String(from), String(to), { weight: 1, minlen: 1 }, String(id));
  dagre.layout(graph);

  const at = (id: number | string): { x: number; y: number } => graph.node(String(id)) as { x: number; y: number };
  const xs = [...new Set(blocks.map(({ id }) => Math.round(at(id).x)))].sort((a, b) => a - b);
  const columnOf = (x: number): number => xs.indexOf(Math.round(x));
  const drafts: { item: Item; y: number }[][] = xs.map(() => []);
  const nodes = new Map<number, Item>();
  for (const block of blocks) {
    const { x, y } = at(block.id);
    const item: Item = { block, height: block.height, top: y };
    nodes.set(block.id, item);
    drafts[columnOf(x)]!.push({ item, y });
  }
  const chains = forward.map((join): Chain => {
    const [a, b] = [columnOf(at(join.from).x), columnOf(at(join.to).x)];
    const { points } = graph.edge(String(join.from), String(join.to), String(join.id)) as { points: { x: number; y: number }[] };
    const lanes: Item[] = [];
    for (let column = a + 1; column < b; column++) {
      const near = points.reduce((best, point) =>
        Math.abs(point.x - xs[column]!) < Math.abs(best.x - xs[column]!) ? point : best,
      );
      const item: Item = { join, height: 0, top: near.y };
      lanes.push(item);
      drafts[column]!.push({ item, y: near.y });
    }
    return { join, items: [nodes.get(join.from)!, ...lanes, nodes.get(join.to)!], column: a };
  });
  const columns = drafts.map((draft) => draft.sort((a, b) => a.y - b.y).map(({ item }) => item));
  return { columns, chains };
}

function tiesOf(chains: readonly Chain[]): Tie[] {
  return chains.flatMap(({ join, items }) =>
    items.slice(1).map((right, i): Tie => {
      const left = items[i]!;
      return {
        left,
        leftOffset: left.block ? (left.block.outputs[join.output] ?? 0) : 0,
        right,
        rightOffset: right.block ? (right.block.inputs[join.input] ?? 0) : 0,
      };
    }),
  );
}

const gapBetween = (a: Item, b: Item): number => (a.block && b.block ? ROW_GAP : LANE_GAP);

/** Heights: each item is drawn to where its wires would be level, as far as the order in its column allows. */
function placeRows(columns: readonly (readonly Item[])[], ties: readonly Tie[]): void {
  const wishes = new Map<Item, { other: Item; shift: number }[]>();
  const wish = (item: Item, other: Item, shift: number): void => {
    const list = wishes.get(item);
    if (list) list.push({ other, shift });
    else wishes.set(item, [{ other, shift }]);
  };
  for (const { left, leftOffset, right, rightOffset } of ties) {
    wish(right, left, leftOffset - rightOffset);
    wish(left, right, rightOffset - leftOffset);
  }
  for (const column of columns)
    stack(
      column,
      column.map((item) => item.top - item.height / 2),
    );
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const order = sweep % 2 ? [...columns].reverse() : columns;
    for (const column of order)
      stack(
        column,
        column.map((item) => median((wishes.get(item) ?? []).map(({ other, shift }) => other.top + shift)) ?? item.top),
      );
  }
  const top = Math.min(...columns.flatMap((column) => column.map((item) => item.top)));
  for (const column of columns) for (const item of column) item.top -= top;
}

function median(values: number[]): number | undefined {
  if (!values.length) return undefined;
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 ? values[middle] : (values[middle - 1]! + values[middle]!) / 2;
}

/** Places items in their order with gaps between them, as near to where they want to be as they can, in the sense of squares. */
function stack(column: readonly Item[], wanted: readonly number[]): void {
  const runs: { from: number; count: number; mean: number; height: number }[] = [];
  for (const [i, item] of column.entries()) {
    let run = { from: i, count: 1, mean: wanted[i]!, height: item.height };
    for (let above = runs.at(-1); above; above = runs.at(-1)) {
      const gap = gapBetween(column[run.from - 1]!, column[run.from]!);
      if (above.mean + above.height + gap <= run.mean) break;
      runs.pop();
      const count = above.count + run.count;
      const shifted = run.mean - above.height - gap;
      run = {
        from: above.from,
        count,
        mean: (above.mean * above.count + shifted * run.count) / count,
        height: above.height + gap + run.height,
      };
    }
    runs.push(run);
  }
  for (const { from, count, mean } of runs)
    for (let i = from, top = mean; i < from + count; i++) {
      column[i]!.top = top;
      if (i + 1 < column.length) top += column[i]!.height + gapBetween(column[i]!, column[i + 1]!);
    }
}

/** The left edges of columns: the more wires rise and fall between two, the more room they have. */
function placeColumns(columns: readonly (readonly Item[])[], ties: readonly Tie[], wider: number): number[] {
  const columnOf = new Map(columns.flatMap((column, i) => column.map((item) => [item, i] as const)));
  const steep = columns.map(() => 0);
  for (const { left, leftOffset, right, rightOffset } of ties)
    if (Math.abs(left.top + leftOffset - right.top - rightOffset) > LEVEL) steep[columnOf.get(left)!]!++;
  let x = 0;
  return columns.map((column, i) => {
    const at = x;
    x += widthOf(column) + wider * (COLUMN_GAP + ROOM_PER_WIRE * steep[i]!);
    return at;
  });
}
