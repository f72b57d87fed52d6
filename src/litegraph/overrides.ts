/**
 * What a page may put in place of litegraph's by options of `register`: the pop-up menu of choices and files, and editors of its
 * own for values such as strokes painted over the photo, which in any other page keep their value and show nothing.
 */

import { type LiteGraphHost, plain } from "./host";
import type { EditorKind, MenuEntry, Overrides, ParamEditor } from "./page";

/** By litegraph. */
const overrides = new WeakMap<LiteGraphHost, Overrides>();

export const setOverrides = (host: LiteGraphHost, { menu, editors }: Overrides): void =>
  void overrides.set(host, { menu, editors });

export const paramEditor = (host: LiteGraphHost, kind: EditorKind): ParamEditor | undefined =>
  overrides.get(host)?.editors?.[kind];

export function openMenu(host: LiteGraphHost, entries: readonly MenuEntry[], event: MouseEvent): void {
  const menu = overrides.get(host)?.menu;
  if (menu) {
    menu(entries, event);
    return;
  }
  const items = entries.map((entry) => ({
    content: `${entry.checked ? "✓ " : ""}${plain(entry.label)}`,
    callback: () => void entry.act(),
  }));
  new host.ContextMenu(items, { event });
}
