/** Steps of undo, and what they are called. */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";

export interface Change {
  /** For people, such as "move Segment" or "change SFT ResBlock×N: blocks". */
  readonly label: string;
  /** Changes with one key made shortly after another are one step of undo. */
  readonly merge?: string;
  /** It is one step with the one before, whatever that was, under this label. */
  readonly joins?: boolean;
  /** Only positions, sizes, titles or groups: what the graph computes is the same. */
  readonly cosmetic: boolean;
  /** Another graph took the place of the one there was. */
  readonly replaced?: boolean;
}

export const titleOf = (node: LGraphNode): string => node.getTitle() || node.type || "node";

/** "Segment", or "3 nodes". */
export const titlesOf = (nodes: readonly LGraphNode[]): string =>
  nodes.length === 1 ? titleOf(nodes[0]!) : `${nodes.length} nodes`;

/** "Segment → Condition Net". */
export const wireTitle = ({ from, to }: { readonly from: LGraphNode; readonly to: LGraphNode }): string =>
  `${titleOf(from)} → ${titleOf(to)}`;

/** "change Load LR: file". */
export const settingLabel = (title: string, names: readonly string[]): string => `change ${title}: ${names.join(", ")}`;

/** Parameters of a node are set; set again shortly after, they are still the same step. */
export const settingOf = (node: LGraphNode, names: readonly string[]): Change & { readonly merge: string } => ({
  label: settingLabel(titleOf(node), names),
  merge: `${node.id}.${names.join()}`,
  cosmetic: false,
});
