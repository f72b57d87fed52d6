/** The bar above the large view: what is shown, and the buttons for how. */
import type { Size } from "../../types";
import { button, h } from "../dom";
import { type MenuEntry, openMenu } from "../menu";

export interface HeaderActions {
  /** What "compare with" offers. */
  compare(): readonly MenuEntry[];
  fit(): void;
  dock(): void;
  close(): void;
}

export interface HeaderState {
  readonly title: string;
  readonly picture: Size | undefined;
  readonly comparing: boolean;
  readonly canCompare: boolean;
  /** Something else stands in the place of the picture. */
  readonly lent: boolean;
}

export interface Header {
  readonly element: HTMLElement;
  /** The view is to stay as it is when another node is selected. */
  readonly pinned: boolean;
  update(state: HeaderState): void;
}

/** `legend` is the legend's own button. */
export function createHeader(legend: HTMLElement, actions: HeaderActions): Header {
  let pinned = false;
  const name = h("h2", { class: "viewer-name" }, ["View"]);
  const size = h("span", { class: "viewer-size" });
  const pin = button("pin", "Keep this view when another node is selected", () => {
    pinned = !pinned;
    pin.setAttribute("aria-pressed", String(pinned));
  });
  pin.setAttribute("aria-pressed", "false");
  const compare = button("compare", "Compare with another picture", () => openMenu(compare, actions.compare(), "Compare with"));
  compare.setAttribute("aria-haspopup", "menu");
  const fit = button("fit", "Fit the whole picture (0)", actions.fit);
  const dock = button("bottom", "Move the view to the other side", actions.dock, undefined, "dock-button");
  const close = button("close", "Hide the view", actions.close);
  const controls = [legend, pin, compare, fit, dock, close];
  return {
    element: h("header", { class: "panel-header" }, [name, size, h("span", { class: "spacer" }), ...controls]),
    get pinned() {
      return pinned;
    },
    update({ title, picture, comparing, canCompare, lent }) {
      name.textContent = title;
      name.title = title;
      size.textContent = picture && !lent ? `${picture.width} × ${picture.height}` : "";
      compare.setAttribute("aria-pressed", String(comparing));
      compare.hidden = !canCompare;
      for (const control of [pin, fit]) control.hidden = lent;
      fit.disabled = !picture;
    },
  };
}
