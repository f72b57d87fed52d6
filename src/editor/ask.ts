/** A question with a line to type in, in the page's own dialog. */
import { button, h } from "./dom";

/** The typed text on one line, as it is stored, or undefined if the question was dismissed. */
export function ask(question: string, value: string, accept = "OK"): Promise<string | undefined> {
  return new Promise((resolve) => {
    const input = h("input", { type: "text", class: "field", value, "aria-label": question, maxlength: 200 });
    const dialog = h("dialog", { class: "ask" });
    const end = answering(dialog, resolve);
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
    document.body.append(dialog);
    dialog.showModal();
    input.select();
  });
}

/**
 * What answers a question: the dialog is closed and gone, and `resolve` called, at once. Not at the dialog's event "close" alone: on a
 * busy page the next keys come before it. Keys pressed in the dialog stay in it; closed otherwise it is no answer.
 */
export function answering<Answer>(
  dialog: HTMLDialogElement,
  resolve: (answer: Answer | undefined) => void,
): (answer?: Answer) => void {
  const end = (answer?: Answer): void => {
    dialog.close();
    dialog.remove();
    resolve(answer);
  };
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => end());
  return end;
}
