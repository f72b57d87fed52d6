/** A link to be copied by hand, where the page may not write to the clipboard. */
import { h } from "../dom";

export function showLink(link: string): void {
  const field = h("input", { type: "text", class: "field", value: link, readonly: true, "aria-label": "Link to the app" });
  const dialog = h("dialog", { class: "ask" }, [
    h("form", { method: "dialog" }, [
      h("label", {}, ["Copy this link: whoever opens it has the app.", field]),
      h("div", { class: "ask-buttons" }, [h("button", { class: "button primary" }, ["Close"])]),
    ]),
  ]);
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  field.select();
}
