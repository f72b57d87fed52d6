/** What is said to people who do not see the graph, by a live region of the page. */
import { h } from "../dom";

export interface Announcer {
  readonly element: HTMLElement;
  say(text: string): void;
}

/** What is said within so many milliseconds is said together: a selection changes by several steps. */
const TOGETHER = 60;

export function createAnnouncer(): Announcer {
  const element = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite", "aria-label": "Graph" });
  let waiting: string | undefined;
  return {
    element,
    say(text) {
      const isFirst = waiting === undefined;
      waiting = text;
      if (!isFirst) return;
      setTimeout(() => {
        element.textContent = waiting ?? "";
        waiting = undefined;
      }, TOGETHER);
    },
  };
}
