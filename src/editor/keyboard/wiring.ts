/** Wires by keys: the slots of a node, and where a wire from one of them may go. No page. */
import type { LGraph, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { feeds } from "../wires/dragged";
import { type Wire, wiresById } from "../wires/wires";

export interface Slot {
  readonly node: LGraphNode;
  readonly side: "input" | "output";
  readonly index: number;
  readonly name: string;
  readonly type: string | number;
}

/** Outputs first: a wire is mostly drawn the way that values flow. */
export const slotsOf = (node: LGraphNode): Slot[] => {
  const of = (side: Slot["side"]): Slot[] =>
    ((side === "input" ? node.inputs : node.outputs) ?? []).map(
      ({ name, type }, index): Slot => ({ node, side, index, name, type: type as string | number }),
    );
  return [...of("output"), ...of("input")];
};

/** The wires that hang on a slot. */
export const wiresAt = (graph: LGraph, { node, side, index }: Slot): Wire[] =>
  side === "input" ? wiresById(graph, [node.inputs[index]?.link]) : wiresById(graph, node.outputs[index]?.links ?? []);

/**
 * Slots of other nodes that a wire from this one may go to, and that it does not go to yet: those that are free first, then
 * nearest first. `fits`: whether a value of one type goes into a slot of another.
 */
export function partnersOf(
  graph: LGraph,
  nodes: readonly LGraphNode[],
  slot: Slot,
  fits: (given: string | number, taken: string | number) => boolean,
): Slot[] {
  const forward = slot.side === "output";
  const joined = wiresAt(graph, slot);
  const away = ({ node: { pos } }: Slot): number => Math.hypot(pos[0] - slot.node.pos[0], pos[1] - slot.node.pos[1]);
  const isTaken = (other: Slot): number => Number(forward && wiresAt(graph, other).length > 0);
  return nodes
    .filter((node) => node !== slot.node && !(forward ? feeds(graph, node, slot.node) : feeds(graph, slot.node, node)))
    .flatMap(slotsOf)
    .filter(
      (other) =>
        other.side !== slot.side &&
        (forward ? fits(slot.type, other.type) : fits(other.type, slot.type)) &&
        !joined.some(({ from, to, link }) =>
          forward
            ? to === other.node && link.target_slot === other.index
            : from === other.node && link.origin_slot === other.index,
        ),
    )
    .sort((a, b) => isTaken(a) - isTaken(b) || away(a) - away(b));
}
