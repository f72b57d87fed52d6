/** Pop-up menus, for the toolbar and for right clicks. They replace litegraph's, which write titles into the page as HTML. */
import { h } from "./dom";

export interface MenuItem {
  readonly label: string;
  /** A second line, smaller. */
  readonly detail?: string;
  /** Keys or another remark at the right. */
  readonly hint?: string;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  act(): void;
}
/** A string is a heading, null a line between groups. */
export type MenuEntry = MenuItem | string | null;

let close: (() => void) | undefined;

export const closeMenu = (): void => close?.();

/**
 * Opens a menu at a point of the page, or below an element. Arrow keys, Home, End, Enter and Escape work in it; `look` is a
 * class of it.
 */
export function openMenu(
  at: { x: number; y: number } | HTMLElement,
  entries: readonly MenuEntry[],
  name: string,
  look = "",
): void {
  close?.();
  const returnTo = document.activeElement as HTMLElement | null;
  const items: HTMLButtonElement[] = [];
  const shut = (): void => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("blur", shut);
    if (at instanceof HTMLElement) at.setAttribute("aria-expanded", "false");
    close = undefined;
  };
  const outside = (event: Event): void => {
    if (event.target instanceof Node && (menu.contains(event.target) || (at instanceof HTMLElement && at.contains(event.target))))
      return;
    shut();
  };
  const menu = h(
    "div",
    { class: `menu ${look}`.trim(), role: "menu", "aria-label": name },
    entries.map((entry) => {
      if (entry === null) return h("hr");
      if (typeof entry === "string") return h("div", { class: "menu-heading", role: "presentation" }, [entry]);
      const item = h(
        "button",
        {
          type: "button",
          class: "menu-item",
          role: entry.checked === undefined ? "menuitem" : "menuitemcheckbox",
          "aria-checked": entry.checked === undefined ? undefined : String(entry.checked),
          disabled: entry.disabled,
          tabindex: -1,
        },
        [
          h("span", { class: "menu-label" }, [entry.label, entry.detail ? h("small", {}, [entry.detail]) : undefined]),
          entry.hint ? h("kbd", {}, [entry.hint]) : undefined,
        ],
        {
          click: () => {
            shut();
            returnTo?.focus({ preventScroll: true });
            entry.act();
          },
        },
      );
      if (!entry.disabled) items.push(item);
      return item;
    }),
    {
      keydown: (event) => {
        const here = items.indexOf(document.activeElement as HTMLButtonElement);
        const go = { ArrowDown: here + 1, ArrowUp: here - (here < 0 ? 0 : 1), Home: 0, End: -1 }[event.key];
        if (go !== undefined) items.at(go % items.length)?.focus();
        else if (event.key === "Escape" || event.key === "Tab") {
          shut();
          returnTo?.focus({ preventScroll: true });
        } else return;
        event.preventDefault();
        event.stopPropagation();
      },
      contextmenu: (event) => event.preventDefault(),
    },
  );
  document.body.append(menu);
  const { width, height } = menu.getBoundingClientRect();
  const anchor = at instanceof HTMLElement ? at.getBoundingClientRect() : undefined;
  const x = anchor ? anchor.left : (at as { x: number }).x;
  const y = anchor ? anchor.bottom + 4 : (at as { y: number }).y;
  menu.style.left = `${Math.max(4, Math.min(x, innerWidth - width - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(y, innerHeight - height - 4))}px`;
  if (at instanceof HTMLElement) at.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("blur", shut);
  close = shut;
  items[0]?.focus({ preventScroll: true });
}
