/** The question before a long run, in the page's own dialog. */

import { aboutText } from "../../time-text";
import { button, h } from "../dom";
import type { Remedy } from "./remedies";

/** What was chosen: to run all the same, one of the remedies, or nothing. */
export function askBefore(message: string, remedies: readonly Remedy[]): Promise<"run" | Remedy | undefined> {
  return new Promise((resolve) => {
    // Not at the event "close" alone: on a busy page the next keys come before it.
    const choose = (answer: "run" | Remedy | undefined) => (): void => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const dialog = h("dialog", { class: "ask", "aria-label": "A long run", "aria-describedby": "long-run" }, [
      h("p", { id: "long-run" }, [message]),
      h("div", { class: "ask-choices" }, [
        ...remedies.map((remedy) =>
          button(
            undefined,
            `${remedy.label}: ${aboutText(remedy.ms)}. One step of undo`,
            choose(remedy),
            `${remedy.label} · ${aboutText(remedy.ms)}`,
          ),
        ),
        button(undefined, "Run it as it is", choose("run"), "Run anyway", "primary"),
        button(undefined, "Run nothing", choose(undefined), "Cancel"),
      ]),
    ]);
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("close", choose(undefined));
    document.body.append(dialog);
    dialog.showModal();
  });
}
