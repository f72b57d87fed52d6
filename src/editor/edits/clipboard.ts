/**
 * Copy, cut and paste: nodes and groups as the text of a graph, which lands at the pointer; files, onto the one selected node if
 * it takes files.
 */
import { readGraph } from "../../graph/clean";
import type { GraphCanvas, Point } from "../canvas";
import type { Commands, GraphPoint } from "../commands/commands";
import { hasDialog, hasGraphKeys, isTyping } from "../commands/keys";
import type { FileImport } from "../file-import";
import type { NodeActions } from "../node-actions";
import type { Toasts } from "../toasts";
import { PastePlaces } from "./paste-places";

/** Longer text on the clipboard is not looked at. */
const CLIPBOARD_LIMIT = 4e6;

export interface ClipboardParts {
  readonly canvas: GraphCanvas;
  /** What the graph is shown on: what is cut is of it, so it has the keys. */
  readonly surface: HTMLElement;
  readonly nodes: NodeActions;
  readonly fileImport: FileImport;
  readonly commands: Commands;
  readonly toasts: Toasts;
}

export function listenToClipboard({ canvas, surface, nodes, fileImport, commands, toasts }: ClipboardParts): void {
  const places = new PastePlaces();
  /** Where the mouse is on the canvas; undefined where it is elsewhere, or there is none. */
  let pointer: Point | undefined;
  /** Ctrl+Shift+V pastes with the wires from outside. */
  let withShift = false;
  /** What was copied here last, for where the browser does not let the clipboard be read. */
  let copied = "";

  canvas.canvas.addEventListener("pointermove", (event) => {
    pointer = event.pointerType === "mouse" ? [event.clientX, event.clientY] : undefined;
  });
  canvas.canvas.addEventListener("pointerleave", () => {
    pointer = undefined;
  });
  document.addEventListener(
    "keydown",
    (event) => {
      withShift = event.shiftKey;
    },
    true,
  );

  const text = (): string | undefined => {
    const part = nodes.copySelected();
    if (part) copied = JSON.stringify(part);
    return part && copied;
  };
  /** Where the mouse is, else in the middle. */
  function place(): Point {
    if (pointer) return canvas.graphPoint({ clientX: pointer[0], clientY: pointer[1] });
    const [x, y] = canvas.middle();
    return [x - 100, y - 60];
  }
  const paste = (from: string, wired: boolean, at = place()): void =>
    void toasts.attempt(() => nodes.insert(readGraph(from), places.next(at), "paste", wired));
  const isGraph = (from: string): boolean => from.trimStart().startsWith("{") && from.length <= CLIPBOARD_LIMIT;

  const copy = (event: ClipboardEvent): boolean => {
    if (hasDialog() || isTyping(event.target) || !getSelection()?.isCollapsed) return false;
    const part = text();
    if (!part) return false;
    event.clipboardData?.setData("text/plain", part);
    event.preventDefault();
    return true;
  };
  document.addEventListener("copy", copy);
  document.addEventListener("cut", (event) => {
    if (hasGraphKeys(surface, event.target) && copy(event)) nodes.removeSelected();
  });
  const typed = (event: ClipboardEvent): boolean => event.defaultPrevented || hasDialog() || isTyping(event.target);
  document.addEventListener(
    "paste",
    (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (typed(event) || !files.length) return;
      const target = nodes.selected.length === 1 ? nodes.target(nodes.selected[0]) : undefined;
      fileImport.take(files, canvas.middle(), target?.files.length ? target : undefined);
      event.preventDefault();
      event.stopPropagation();
    },
    // Ahead of the plugin, which gives a selected node one file.
    true,
  );
  document.addEventListener("paste", (event) => {
    const from = event.clipboardData?.getData("text/plain") ?? "";
    if (typed(event) || !isGraph(from)) return;
    paste(from, withShift);
    event.preventDefault();
  });

  /** From a menu, where there is no event of the clipboard. */
  const put = (): void => {
    const part = text();
    if (part) void navigator.clipboard?.writeText(part).catch(() => {}); // kept here then
  };
  const take = async (wired: boolean, [x, y] = place() as GraphPoint): Promise<void> => {
    const read = await navigator.clipboard?.readText?.().catch(() => "");
    const from = read && isGraph(read) ? read : copied;
    if (from) paste(from, wired, [x, y]);
    else toasts.show("Nothing that was copied from a graph is on the clipboard");
  };
  const hasSelection = (): boolean => nodes.selected.length > 0;
  commands.provide({
    "edit.copy": { run: put, available: hasSelection },
    "edit.cut": {
      run() {
        put();
        nodes.removeSelected();
      },
      available: hasSelection,
    },
    "edit.paste": (at) => take(false, at),
    "edit.pasteWired": (at) => take(true, at),
  });
}
