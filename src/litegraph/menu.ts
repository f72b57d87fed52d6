/** The pop-up menu of choices and files. A page may put its own in place of litegraph's. */
import type { Host } from "./host";
import { plain } from "./host";

export interface MenuEntry {
  readonly label: string;
  readonly checked?: boolean;
  act(): void;
}

export type OpenMenu = (entries: readonly MenuEntry[], event: MouseEvent) => void;

let custom: OpenMenu | undefined;

/** Opens the nodes' menus with `open`; with undefined, as litegraph's context menus again. */
export function useMenu(open: OpenMenu | undefined): void {
  custom = open;
}

export function openMenu(host: Host, entries: readonly MenuEntry[], event: MouseEvent): void {
  if (custom) {
    custom(entries, event);
    return;
  }
  const items = entries.map((entry) => ({
    content: `${entry.checked ? "✓ " : ""}${plain(entry.label)}`,
    callback: () => void entry.act(),
  }));
  new host.ContextMenu(items, { event });
}
