/**
 * Where the node of a remedy goes that is on the canvas, around the wires there. One that takes over what a node gave steps into that node's place, which moves to the left: so
 * the wires onwards stay as they are led. Where that has no room, or there is nothing to take over, near what it is wired to.
 */
import type { LGraph, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { StoredGraph } from "../../graph/stored";
import { type Box, overlap, type Point, runsThrough } from "../wires/geometry";
import { type Planned, placeNode } from "../wires/place";
import { boxOf, slotPlace, TITLE, wiresOf } from "../wires/wires";

/** Between two nodes, and between a node and a wire. */
const GAP = 50;
const CLEAR = 8;

/**
 * The places of the new node, `id` of a stored graph, and of what moves for it in `graph`, which has not got it yet; `node` is one of
 * its type.
 */
export function placesWith(graph: LGraph, { links }: StoredGraph, id: number, node: LGraphNode): ReadonlyMap<number, Point> {
  const planned = links.flatMap(([, origin, output, target, input]): Planned[] => {
    const other = graph.getNodeById(origin === id ? target : origin);
    if (!other || (origin !== id && target !== id)) return [];
    return origin === id
      ? [{ node: other, slot: input, side: "output", own: output }]
      : [{ node: other, slot: output, side: "input", own: input }];
  });
  const into = planned.find(({ side }) => side === "input");
  const onto = planned.find(({ side }) => side === "output");
  const stepped = into && onto && stepIn(graph, node, into, onto.own);
  if (stepped) return new Map([[id, stepped[0]] as const, [into.node.id, stepped[1]] as const]);
  const wanted: Point = into
    ? [into.node.pos[0] + into.node.size[0] + GAP, into.node.pos[1]]
    : [(onto?.node.pos[0] ?? 0) - node.size[0] - GAP, onto?.node.pos[1] ?? 0];
  return new Map([[id, placeNode(graph, node, wanted, planned)]]);
}

/** The new node's place, its output where that of `source` is, and the one that `source` moves to; undefined where there is no room. */
function stepIn(graph: LGraph, node: LGraphNode, { node: source, slot }: Planned, output: number): [Point, Point] | undefined {
  const [x, y] = slotPlace(source, "output", slot);
  const own = slotPlace(node, "output", output);
  const place: Point = [x - (own[0] - node.pos[0]), y - (own[1] - node.pos[1])];
  const moved: Point = [place[0] - GAP - source.size[0], source.pos[1]];
  const others = (graph as unknown as { _nodes: LGraphNode[] })._nodes.filter((other) => other !== source).map(boxOf);
  const wires = wiresOf(graph).filter(({ from }) => from !== source);
  const isFree = (box: Box): boolean =>
    !others.some((other) => overlap(box, other, CLEAR)) && !wires.some(({ line }) => runsThrough(line, box));
  const boxAt = ([left, top]: Point, [width, height]: ArrayLike<number> & Iterable<number>): Box => [
    left,
    top - TITLE,
    width!,
    height! + TITLE,
  ];
  return isFree(boxAt(place, node.size)) && isFree(boxAt(moved, source.size)) ? [place, moved] : undefined;
}
