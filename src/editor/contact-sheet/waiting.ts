/** What stands in the place of a contact sheet's cells while there are none: why, how far they have come, and a way on. */
import { button, h } from "../dom";

export interface WaitingState {
  /** The cells are there: nothing is waited for. */
  readonly hidden: boolean;
  /** Done of the sheet, from 0 to 1, while it computes; "before" while what it is made from does. */
  readonly computing?: number | "before" | undefined;
  /** One message of why there is none. */
  readonly failure?: string | undefined;
}

export interface WaitingActions {
  compute(): void;
  stop(): void;
}

export function createWaiting(actions: WaitingActions) {
  const title = h("strong", {});
  const message = h("p", {});
  const bar = h("progress", { class: "status-progress", max: 1, "aria-label": "Progress of the sheet" });
  const compute = button("run", "Compute the sheet", () => actions.compute(), "Compute", "primary");
  const stop = button("stop", "Stop computing (Esc)", () => actions.stop(), "Stop");
  const element = h("div", { class: "sheet-empty" }, [title, message, bar, compute, stop]);
  return {
    element,
    update({ hidden, computing, failure }: WaitingState): void {
      const busy = computing !== undefined;
      // The focus goes from the button that is hidden to the one that takes its place.
      const focused = document.activeElement === compute || document.activeElement === stop;
      element.hidden = hidden;
      title.textContent = busy ? "Computing the sheet" : "No sheet yet";
      if (computing === "before") message.textContent = "What it is made from is computed first.";
      else if (busy) message.textContent = `${Math.round(100 * computing)} % of twelve cells`;
      else message.textContent = failure ?? "Twelve cells are computed, each of the crop only, and kept.";
      if (typeof computing === "number") bar.value = computing;
      else bar.removeAttribute("value");
      for (const control of [bar, stop]) control.hidden = !busy;
      compute.hidden = busy;
      if (focused && !hidden) (busy ? stop : compute).focus();
    },
  };
}
