/** What a press of the pointer on the graph has done by litegraph's own hand, or another person's node's, once it is released. */
import type { LGraphCanvas, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { type Change, titleOf, titlesOf } from "./change";

/** litegraph's own state of a press. */
export interface Pressed extends Pick<LGraphCanvas, "selected_nodes"> {
  readonly node_dragged?: LGraphNode | null;
  readonly resizing_node?: LGraphNode | null;
  readonly selected_group?: Frame | null;
}

interface Frame {
  readonly title: string;
  readonly pos: ArrayLike<number>;
  readonly size: ArrayLike<number>;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const pair = (of: ArrayLike<number>): [number, number] => [of[0]!, of[1]!];
/** litegraph rounds the place of a node at every release. */
const rounded = (of: ArrayLike<number>): number[] => pair(of).map(Math.round);

/** What a node keeps beside its place and its wires. */
function ownOf(node: LGraphNode): unknown {
  const { properties, flags, mode, ...own } = node.serialize() as unknown as Record<string, unknown>;
  return [properties, flags, mode, own.widgets_values];
}

/** Called once litegraph has taken the press; what it gives is called at the release. `over`: the node that is pressed. */
export function watchPress(canvas: Pressed, over: LGraphNode | undefined): () => Change | undefined {
  const group = canvas.selected_group ?? undefined;
  const frame = group && { pos: pair(group.pos), size: pair(group.size) };
  const node = canvas.node_dragged ?? canvas.resizing_node ?? over;
  const was = node && { pos: pair(node.pos), size: pair(node.size), collapsed: Boolean(node.flags.collapsed), own: ownOf(node) };
  const dragged = canvas.node_dragged ?? undefined;
  const isResized = Boolean(canvas.resizing_node);

  return () => {
    if (group && !same(frame?.size, pair(group.size))) return { label: `resize the group “${group.title}”`, cosmetic: true };
    if (group && !same(frame?.pos, pair(group.pos))) return { label: `move the group “${group.title}”`, cosmetic: true };
    if (!node || !was) return undefined;
    const collapsed = Boolean(node.flags.collapsed);
    if (collapsed !== was.collapsed) return { label: `${collapsed ? "collapse" : "expand"} ${titleOf(node)}`, cosmetic: true };
    if (dragged && !same(was.pos.map(Math.round), rounded(node.pos))) {
      const selected = Object.values(canvas.selected_nodes);
      return { label: `move ${titlesOf(selected.includes(node) ? selected : [node])}`, cosmetic: true };
    }
    if (isResized && !same(was.size, pair(node.size))) return { label: `resize ${titleOf(node)}`, cosmetic: true };
    return same(was.own, ownOf(node)) ? undefined : { label: `change ${titleOf(node)}`, cosmetic: false };
  };
}
