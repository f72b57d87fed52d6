/** Bypassing and muting nodes, several at once: all of them, or all of them run again. */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { MODE, type Mode, modeOf } from "../../graph/modes";

export type Off = "bypassed" | "muted";

const NUMBER: Readonly<Record<Off, number>> = { bypassed: MODE.bypass, muted: MODE.never };
const VERBS: Readonly<Record<Off, string>> = { bypassed: "bypass", muted: "mute" };

const modeOfNode = (node: LGraphNode): Mode => modeOf(node as never);

/** Whether all of these nodes are in a mode. */
export const areAll = (nodes: readonly LGraphNode[], mode: Mode): boolean =>
  nodes.length > 0 && nodes.every((node) => modeOfNode(node) === mode);

/** Takes nodes out of what runs, or back into it where all of them are out in this way. Returns the verb for the label. */
export function toggleOff(nodes: readonly LGraphNode[], mode: Off): string {
  const on = areAll(nodes, mode);
  for (const node of nodes) (node as unknown as { mode: number }).mode = on ? MODE.always : NUMBER[mode];
  return on ? "run" : VERBS[mode];
}
