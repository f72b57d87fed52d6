/** What narrow pages do otherwise: see narrow.css. */
import { button } from "./dom";

/** Phones, and pages enlarged twice. */
export const isNarrow = (): boolean => matchMedia("(width <= 700px)").matches;

/** Gives the toolbar a button that shows what has no room in its row; a press elsewhere, or on one of these, hides it again. */
export function foldToolbar(toolbar: HTMLElement): void {
  const open = (on: boolean): void => {
    toolbar.classList.toggle("open", on);
    more.setAttribute("aria-expanded", String(on));
  };
  const more = button("menu", "More", () => open(!toolbar.classList.contains("open")), undefined, "more");
  more.setAttribute("aria-expanded", "false");
  toolbar.append(more);
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !toolbar.contains(target)) open(false);
  });
  toolbar.addEventListener("click", ({ target }) => {
    const pressed = target instanceof Element ? target.closest("button") : null;
    if (pressed && pressed !== more && !pressed.classList.contains("toggle")) open(false); // it acts beneath
  });
  toolbar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !toolbar.classList.contains("open")) return;
    open(false);
    more.focus();
    event.stopPropagation();
  });
}
