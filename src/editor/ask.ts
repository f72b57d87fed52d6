/** A question with a line to type in, in the page's own dialog. */
import { button, h } from "./dom";

/** The typed text on one line, as it is stored, or undefined if the question was dismissed. */
export function ask(question: string, value: string, accept = "OK"): Promise<string | undefined> {
  return new Promise((resolve) => {
    const input = h("input", { type: "text", class: "field", value, "aria-label": question, maxlength: 200 });
    const dialog = h("dialog", { class: "ask" }, [
      h("form", { method: "dialog" }, [
        h("label", {}, [question, input]),
        h("div", { class: "ask-buttons" }, [
          button(undefined, "Cancel", () => dialog.close(), "Cancel"),
          h("button", { class: "button primary", value: "ok" }, [accept]),
        ]),
      ]),
    ]);
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "ok" ? input.value.replace(/\p{Cc}+/gu, " ") : undefined);
    });
    document.body.append(dialog);
    dialog.showModal();
    input.select();
  });
}
