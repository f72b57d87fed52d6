/**
 * What the mode of a stored node means. litegraph's own are always (0), on event (1), never (2) and on trigger (3); bypass (4)
 * is its forks'.
 *
 * - muted (never): it does not run. What needs it says so; an optional input that it feeds counts as not connected.
 * - bypassed: each output is what feeds the node's input of that type, see wires.ts; without such an input it counts as no wire.
 * - asked (on event, on trigger): a run comes to it when another node needs it or it is asked for, never of itself.
 */
import type { StoredNode } from "./stored";

export const MODE = { always: 0, onEvent: 1, never: 2, onTrigger: 3, bypass: 4 } as const;

export type Mode = "always" | "asked" | "muted" | "bypassed";

/** A node's mode. A number that nobody has given a meaning is "always". */
export function modeOf({ mode = MODE.always }: Pick<StoredNode, "mode">): Mode {
  switch (mode) {
    case MODE.onEvent:
    case MODE.onTrigger:
      return "asked";
    case MODE.never:
      return "muted";
    case MODE.bypass:
      return "bypassed";
    default:
      return "always";
  }
}

/** Whether nodes in this mode compute nothing. */
export const isOff = (mode: Mode): mode is "muted" | "bypassed" => mode === "muted" || mode === "bypassed";

/** Said of a node that is off and asked for all the same. */
export const OFF_MESSAGE = {
  muted: "it is muted (mode “never”) and does not run: set its mode to “always”",
  bypassed: "it is bypassed and does not run: set its mode to “always”",
} as const;
