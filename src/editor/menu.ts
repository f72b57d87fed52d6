/** Pop-up menus, for the toolbar and for right clicks. They replace litegraph's, which write titles into the page as HTML. */
import { html, nothing, render } from "lit-html";
import { h } from "./dom";

export interface MenuItem {
  readonly label: string;
  /** A second line, smaller. */
  readonly detail?: string;
  /** Keys or another remark at the right. */
  readonly hint?: string;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  /** A dot in this style stands before it. */
  readonly dot?: string;
  act(): void;
}
/** A string is a heading, null a line between groups. */
export type MenuEntry = MenuItem | string | null;

let close: (() => void) | undefined;

export const closeMenu = (): void => close?.();

const templateOf = (entries: readonly MenuEntry[], choose: (item: MenuItem) => void) =>
  entries.map((entry) => {
    if (entry === null) return html`<hr />`;
    if (typeof entry === "string") return html`<div class="menu-heading" role="presentation">${entry}</div>`;
    const { label, detail, hint, disabled = false, checked, dot } = entry;
    return html`<button
      type="button"
      class="menu-item"
      role=${checked === undefined ? "menuitem" : "menuitemcheckbox"}
      aria-checked=${checked === undefined ? nothing : String(checked)}
      ?disabled=${disabled}
      tabindex="-1"
      @click=${() => choose(entry)}
    >
      ${dot ? html`<i class="dot" .style=${dot}></i>` : nothing}
      <span class="menu-label">${label}${detail ? html`<small>${detail}</small>` : nothing}</span>
      ${hint ? html`<kbd>${hint}</kbd>` : nothing}
    </button>`;
  });

/** Puts something into the top layer of the page, at a point of it, below an element or in the upper middle, where it fits. */
export function placePopover(popover: HTMLElement, at?: { x: number; y: number } | HTMLElement): void {
  popover.popover = "manual"; // "auto" would close at the release of the button that opened it
  (document.querySelector("main, [role=main]") ?? document.body).append(popover); // within what a reader goes through
  popover.showPopover();
  const { width, height } = popover.getBoundingClientRect();
  const below = (anchor: DOMRect) => ({ x: anchor.left, y: anchor.bottom + 4 });
  const middle = { x: (innerWidth - width) / 2, y: innerHeight / 8 };
  const { x, y } = at instanceof HTMLElement ? below(at.getBoundingClientRect()) : (at ?? middle);
  popover.style.left = `${Math.max(4, Math.min(x, innerWidth - width - 4))}px`;
  popover.style.top = `${Math.max(4, Math.min(y, innerHeight - height - 4))}px`;
}

/** Opens a menu at a point of the page, or below an element. Arrow keys, Home, End, Enter and Escape work in it; `look` is a class of it. */
export function openMenu(
  at: { x: number; y: number } | HTMLElement,
  entries: readonly MenuEntry[],
  name: string,
  look = "",
): void {
  close?.();
  const returnTo = document.activeElement as HTMLElement | null;
  const opener = at instanceof HTMLElement ? at : undefined;
  const menu = h("div", { class: `menu ${look}`.trim(), role: "menu", "aria-label": name });
  const shut = (): void => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("blur", shut);
    opener?.setAttribute("aria-expanded", "false");
    close = undefined;
  };
  const shutAndReturn = (): void => {
    shut();
    returnTo?.focus({ preventScroll: true });
  };
  const outside = ({ target }: Event): void => {
    if (target instanceof Node && !menu.contains(target) && !opener?.contains(target)) shut();
  };
  render(
    templateOf(entries, (item) => {
      shutAndReturn();
      item.act();
    }),
    menu,
  );
  const items = [...menu.querySelectorAll<HTMLButtonElement>(".menu-item:not(:disabled)")];
  menu.addEventListener("contextmenu", (event) => event.preventDefault());
  menu.addEventListener("keydown", (event) => {
    const here = items.indexOf(document.activeElement as HTMLButtonElement);
    const go = { ArrowDown: here + 1, ArrowUp: here - (here < 0 ? 0 : 1), Home: 0, End: -1 }[event.key];
    if (go !== undefined) items.at(go % items.length)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") shutAndReturn();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  placePopover(menu, at);
  opener?.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("blur", shut);
  close = shut;
  items[0]?.focus({ preventScroll: true });
}
