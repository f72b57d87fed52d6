/** The search box on the canvas: our nodes only, or those a loose wire fits. Keyboard first. */
import type { AnySchema } from "../graph/node";
import { matching } from "./catalog";
import { h } from "./dom";
import { firstType } from "./node-list";
import { dotStyle } from "./theme/themes";

const SHOWN = 9;

/** Opens at a point of the page and calls `pick` with the chosen type. A click beside it, or Escape, closes it. */
export function openSearch(x: number, y: number, nodes: readonly AnySchema[], hint: string, pick: (type: string) => void): void {
  document.querySelector(".search-box")?.remove();
  const returnTo = document.activeElement as HTMLElement | null;
  let found: AnySchema[] = [];
  let at = 0;
  const input = h("input", {
    type: "text",
    class: "field",
    placeholder: hint,
    "aria-label": hint,
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": "search-results",
    spellcheck: "false",
    autocomplete: "off",
  });
  const results = h("div", { id: "search-results", role: "listbox", "aria-label": "Nodes" });
  const box = h("div", { class: "search-box", role: "dialog", "aria-label": "Add a node" }, [input, results]);
  const shut = (): void => {
    box.remove();
    document.removeEventListener("pointerdown", outside, true);
    returnTo?.focus({ preventScroll: true });
  };
  const outside = (event: Event): void => {
    if (event.target instanceof Node && !box.contains(event.target)) shut();
  };
  const take = (node: AnySchema | undefined): void => {
    shut();
    if (node) pick(node.type);
  };
  const fill = (): void => {
    found = matching(nodes, input.value);
    at = Math.min(at, Math.max(0, found.length - 1));
    const first = Math.max(0, Math.min(at - SHOWN + 1, found.length - SHOWN));
    results.replaceChildren(
      ...found.slice(first, first + SHOWN).map((node, i) =>
        h(
          "div",
          {
            class: `node-entry${first + i === at ? " chosen" : ""}`,
            role: "option",
            id: `search-${first + i}`,
            "aria-selected": String(first + i === at),
          },
          [
            h("i", { class: "dot", style: dotStyle(firstType(node)) }),
            h("span", {}, [node.title, h("small", {}, [node.description])]),
          ],
          { click: () => take(node) },
        ),
      ),
    );
    if (!found.length) results.append(h("p", { class: "empty" }, ["No node matches."]));
    input.setAttribute("aria-activedescendant", found.length ? `search-${at}` : "");
  };
  input.addEventListener("input", () => {
    at = 0;
    fill();
  });
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "ArrowDown") at = Math.min(found.length - 1, at + 1);
    else if (event.key === "ArrowUp") at = Math.max(0, at - 1);
    else if (event.key === "Enter") return take(found[at]);
    else if (event.key === "Escape") return shut();
    else return;
    event.preventDefault();
    fill();
  });
  fill();
  document.body.append(box);
  const { width, height } = box.getBoundingClientRect();
  box.style.left = `${Math.max(4, Math.min(x - 20, innerWidth - width - 4))}px`;
  box.style.top = `${Math.max(4, Math.min(y - 20, innerHeight - height - 4))}px`;
  // After the press that opened it: litegraph focuses its canvas then.
  setTimeout(() => {
    input.focus();
    document.addEventListener("pointerdown", outside, true);
  });
}
