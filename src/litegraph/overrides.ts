/**
 * What a page may put in place of litegraph's by options of `register`: the pop-up menu of choices and files, and editors of its
 * own for values such as strokes painted over the photo, which in any other page keep their value and show nothing.
 */

import type { Param } from "../graph/node";
import { type LGraphNode, type LiteGraphHost, plain } from "./host";

export interface MenuEntry {
  readonly label: string;
  readonly checked?: boolean;
  act(): void;
}

export type OpenMenu = (entries: readonly MenuEntry[], event: MouseEvent) => void;

export interface ParamEditor {
  /** What the button on the node says, and its tooltip. */
  readonly label: string;
  readonly help: string;
  open(node: LGraphNode, param: string): void;
}

export type EditorKind = NonNullable<Param["editor"]>;

export interface Overrides {
  /** Opens the nodes' menus; absent: litegraph's context menus. */
  readonly menu?: OpenMenu | undefined;
  /** Edits parameters of these kinds; of others nothing does. */
  readonly editors?: Readonly<Partial<Record<EditorKind, ParamEditor>>> | undefined;
}

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
