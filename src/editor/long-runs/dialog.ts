/** The question before a long run, in the page's own dialog. */

import { aboutText } from "../../time-text";
import { answering } from "../ask";
import { button, h } from "../dom";
import type { Remedy } from "./remedies";

/** What was chosen: to run all the same, one of the remedies, or nothing. */
export function askBefore(message: string, remedies: readonly Remedy[]): Promise<"run" | Remedy | undefined> {
  return new Promise<"run" | Remedy | undefined>((resolve) => {
    const dialog = h("dialog", { class: "ask", "aria-label": "A long run", "aria-describedby": "long-run" });
    const end = answering(dialog, resolve);
    dialog.append(
      h("p", { id: "long-run" }, [message]),
      h("div", { class: "ask-choices" }, [
        ...remedies.map((remedy) =>
          button(
            undefined,
            `${remedy.label}: ${aboutText(remedy.ms)}. One step of undo`,
            () => end(remedy),
            `${remedy.label} · ${aboutText(remedy.ms)}`,
          ),
        ),
        button(undefined, "Run it as it is", () => end("run"), "Run anyway", "primary"),
        button(undefined, "Run nothing", () => end(), "Cancel"),
      ]),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
