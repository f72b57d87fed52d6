/** Lays out a graph on the canvas anew: see arrange.ts. */
import type { LGraph, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { arrange } from "./arrange";
import type { Point } from "./geometry";
import type { Block, Join } from "./lanes";
import { inputOf, setRoute } from "./routes";
import { boxOf, slotPlace, TITLE, wiresOf } from "./wires";

/** Slots lie this far inside of a node's sides. */
const INSET = 10;

/** A frame of a group keeps this far from its nodes, and this much for its title. */
const FRAME = { margin: 20, title: 44 };

/** Arranges nodes around where they are: their top left corner stays. Frames of groups go with the nodes in them. */
export function arrangeGraph(graph: LGraph, nodes: readonly LGraphNode[]): void {
  if (!nodes.length) return;
  const groups = groupsOf(graph);
  const ids = new Set(nodes.map((node) => node.id));
  const wires = wiresOf(graph).filter(({ from, to }) => ids.has(from.id) && ids.has(to.id));
  const corner = (axis: 0 | 1): number => Math.min(...nodes.map((node) => boxOf(node)[axis]));
  const [left, top] = [corner(0), corner(1)];
  const { places, routes } = arrange(
    nodes.map(blockOf),
    wires.map(
      ({ link, from, to }): Join => ({
        id: link.id,
        from: from.id,
        output: link.origin_slot,
        to: to.id,
        input: link.target_slot,
      }),
    ),
  );
  for (const node of nodes) {
    const [x, y] = places.get(node.id)!;
    node.pos = [left + x, top + y + TITLE];
  }
  for (const { group, inside } of groups) {
    const boxes = inside.map(boxOf);
    const [x, y] = [
      Math.min(...boxes.map((box) => box[0])) - FRAME.margin,
      Math.min(...boxes.map((box) => box[1])) - FRAME.title,
    ];
    group.pos = [x, y];
    group.size = [
      Math.max(...boxes.map((box) => box[0] + box[2])) + FRAME.margin - x,
      Math.max(...boxes.map((box) => box[1] + box[3])) + FRAME.margin - y,
    ];
  }
  for (const { link, to } of wires)
    setRoute(
      to,
      inputOf(link, to),
      (routes.get(link.id) ?? []).map(([x, y]): Point => [left + x, top + y]),
    );
}

interface Group {
  pos: number[];
  size: number[];
  readonly _nodes: readonly LGraphNode[];
  recomputeInsideNodes(): void;
}

/** The frames that hold nodes, with the nodes in them as of now. */
function groupsOf(graph: LGraph): { readonly group: Group; readonly inside: readonly LGraphNode[] }[] {
  const { _groups: groups } = graph as unknown as { _groups: Group[] };
  return groups.flatMap((group) => {
    group.recomputeInsideNodes();
    return group._nodes.length ? [{ group, inside: [...group._nodes] }] : [];
  });
}

function blockOf(node: LGraphNode): Block {
  const box = boxOf(node);
  const offsets = (side: "input" | "output", count: number): number[] =>
    Array.from({ length: count }, (_, i) => slotPlace(node, side, i)[1] - box[1]);
  return {
    id: node.id,
    width: box[2],
    height: box[3],
    inputs: offsets("input", node.inputs?.length ?? 0),
    outputs: offsets("output", node.outputs?.length ?? 0),
    inset: INSET,
  };
}
