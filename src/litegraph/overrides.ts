/** What a page may put in place of litegraph's: the pop-up menu of choices and files, and editors of its own for values such as
 * strokes painted over the photo. It says so before nodes are made; in any other page these keep their value and show nothing. */

import type { Param } from "../graph/node";
import { type Host, type LGraphNode, plain } from "./host";

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

export interface ParamEditor {
  /** What the button on the node says, and its tooltip. */
  readonly label: string;
  readonly help: string;
  open(node: LGraphNode, param: string): void;
}

export type EditorKind = NonNullable<Param["editor"]>;

const editors = new Map<EditorKind, ParamEditor>();

/** Edits parameters of this kind with `editor`; with undefined, not at all. For nodes made from now on. */
export const useParamEditor = (kind: EditorKind, editor: ParamEditor | undefined): void =>
  void (editor ? editors.set(kind, editor) : editors.delete(kind));

export const paramEditor = (kind: EditorKind): ParamEditor | undefined => editors.get(kind);
