/** A node in words, for those who do not see it: name, state, what is wrong, size, and what it is joined to. */
import type { LGraph, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { modeOf } from "../../graph/modes";
import type { NodeState } from "../../litegraph/state";
import { titleOf } from "../change";
import { type Wire, wiresById } from "../wires/wires";

/** What nodes are called where several have one title: "Preview 2", in the order of their ids. */
export function nameAmong(nodes: readonly LGraphNode[], node: LGraphNode): string {
  const title = titleOf(node);
  const alike = nodes.filter((one) => titleOf(one) === title).sort((a, b) => a.id - b.id);
  return alike.length > 1 ? `${title} ${alike.indexOf(node) + 1}` : title;
}

/** What is shown of a node that has yet to be computed here. */
const KEPT = { visit: "the result of an earlier visit", package: "an example" } as const;

/** "Finished, 48 × 40", "Failed: …". */
export function stateText(node: LGraphNode, { phase, summary, error, warnings = [], kept }: NodeState): string {
  const mode = modeOf(node as never);
  if (mode === "muted" || mode === "bypassed") return mode;
  if (kept && (phase === "waiting" || phase === "idle")) return `not computed yet, ${KEPT[kept]} is shown, ${summary}`;
  switch (phase) {
    case "failed":
      return `failed: ${error ?? "no reason given"}`;
    case "finished":
      return ["finished", summary, ...warnings].filter(Boolean).join(", ");
    case "running":
      return "running";
    case "waiting":
      return summary ? `changed since ${summary} was computed` : "not computed yet";
    default:
      return "not computed yet";
  }
}

/** Slots with what is joined to them: "input image from Load LR. input prior, nothing connected. output image to Save". */
function slotsText(graph: LGraph, nodes: readonly LGraphNode[], node: LGraphNode): string {
  const inputs = (node.inputs ?? []).map(({ name, link }) => {
    const [wire] = wiresById(graph, [link]);
    return `input ${name}${wire ? ` from ${nameAmong(nodes, wire.from)}` : ", nothing connected"}`;
  });
  const outputs = (node.outputs ?? []).map(({ name, links }) => {
    const to = wiresById(graph, links ?? []).map((wire: Wire) => nameAmong(nodes, wire.to));
    return `output ${name}${to.length ? ` to ${to.join(", ")}` : ", nothing connected"}`;
  });
  return [...inputs, ...outputs].join(". ");
}

export function describeNode(graph: LGraph, nodes: readonly LGraphNode[], node: LGraphNode, state: NodeState): string {
  const slots = slotsText(graph, nodes, node);
  return [`${nameAmong(nodes, node)}: ${stateText(node, state).replace(/\.$/, "")}`, ...(slots ? [slots] : [])].join(". ");
}
