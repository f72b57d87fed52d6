/** A question with a line to type in, in the page's own dialog. */
import { button, h } from "./dom";

/** The typed text on one line, as it is stored, or undefined if the question was dismissed. */
export function ask(question: string, value: string, accept = "OK"): Promise<string | undefined> {
  return new Promise((resolve) => {
    const input = h("input", { type: "text", class: "field", value, "aria-label": question, maxlength: 200 });
    const dialog = h("dialog", { class: "ask" });
    // Not at the event "close" alone: on a busy page the next keys come before it.
    const end = (answer?: string): void => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const form = h("form", {}, [
      h("label", {}, [question, input]),
      h("div", { class: "ask-buttons" }, [
        button(undefined, "Cancel", () => end(), "Cancel"),
        h("button", { class: "button primary" }, [accept]),
      ]),
    ]);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      end(input.value.replace(/\p{Cc}+/gu, " "));
    });
    dialog.append(form);
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("close", () => end());
    document.body.append(dialog);
    dialog.showModal();
    input.select();
  });
}
