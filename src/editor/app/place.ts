/** Where a node lies that an app has added to its graph, for when that is opened in the editor. No DOM. */
import type { StoredGraph, StoredNode } from "../../graph/stored";
import { freePlace } from "../free-place";
import type { Remedied } from "../long-runs/remedies";
import type { Box } from "../wires/geometry";

/** Width and height of a node whose own are not known. */
const SIZE = [230, 140] as const;
const GAP = 50;

/** The graph with its new node beside what that is wired to, on no other node. */
export function withFreePlace({ graph, node, isNew }: Remedied): StoredGraph {
  if (!isNew) return graph;
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
