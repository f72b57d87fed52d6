/** Where nodes lie that a remedy has added, by what is stored of those around them. No DOM. */
import type { StoredGraph, StoredNode } from "../../graph/stored";
import { findNode, inside, withInside } from "../../graph/subgraphs";
import { freePlace } from "../free-place";
import type { Box } from "../wires/geometry";
import type { Remedied } from "./remedies";

/** Width and height of a node whose own are not known. */
const SIZE = [230, 140] as const;
const GAP = 50;

/** The graph with each new node beside what that is wired to, on no other node. */
export const withFreePlaces = ({ graph, added }: Remedied): StoredGraph =>
  added.reduce((now, id) => {
    const { path = [] } = findNode(now, id) ?? {};
    const held = inside(now, path);
    return held ? withInside(now, path, withFreePlace(held, id)) : now;
  }, graph);

function withFreePlace(graph: StoredGraph, node: number): StoredGraph {
  const others = graph.nodes.filter(({ id }) => id !== node);
  const boxOf = ({ pos, size }: StoredNode): Box => [pos?.[0] ?? 0, pos?.[1] ?? 0, size?.[0] ?? SIZE[0], size?.[1] ?? SIZE[1]];
  const nodeAt = (id: number | undefined): StoredNode | undefined => others.find((one) => one.id === id);
  const before = nodeAt(graph.links.find((link) => link[3] === node)?.[1]);
  const after = nodeAt(graph.links.find((link) => link[1] === node)?.[3]);
  const [left, top, width] = before ? boxOf(before) : after ? boxOf(after) : [0, 0, 0];
  const wanted: Box = [before ? left + width + GAP : left - SIZE[0] - GAP, top, ...SIZE];
  const pos = freePlace(wanted, others.map(boxOf));
  return { ...graph, nodes: graph.nodes.map((one) => (one.id === node ? { ...one, pos } : one)) };
}
