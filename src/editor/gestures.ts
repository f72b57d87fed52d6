/** What reaches the editor from outside its controls: files and nodes dropped, the clipboard. */
import { readGraph } from "../graph/clean";
import type { GraphCanvas } from "./canvas";
import { isTyping } from "./commands/keys";
import type { FileImport } from "./file-import";
import type { NodeActions } from "./node-actions";
import { DRAG_TYPE } from "./node-list";
import type { Toasts } from "./toasts";

/** Longer text on the clipboard is not looked at. */
const CLIPBOARD_LIMIT = 4e6;

/** Drops on the page: a node from the list where it falls on the canvas, files anywhere. `stage` is marked meanwhile. */
export function listenForDrops(stage: HTMLElement, canvas: GraphCanvas, nodes: NodeActions, fileImport: FileImport): void {
  const carries = (event: DragEvent, type: string): boolean => Boolean(event.dataTransfer?.types.includes(type));
  document.addEventListener("dragover", (event) => {
    if (!carries(event, "Files") && !carries(event, DRAG_TYPE)) return;
    event.preventDefault();
    if (carries(event, "Files")) stage.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) stage.classList.remove("dropping");
  });
  document.addEventListener(
    "drop",
    (event) => {
      stage.classList.remove("dropping");
      const type = event.dataTransfer?.getData(DRAG_TYPE);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (!type && !files.length) return;
      event.preventDefault();
      event.stopPropagation();
      const inside = event.target instanceof Node && stage.contains(event.target);
      const at = inside ? canvas.graphPoint(event) : canvas.middle();
      if (!type) fileImport.take(files, at, inside ? nodes.target(nodes.at(at)) : undefined);
      else if (inside) nodes.add(type, [at[0] - 60, at[1] + 10]);
    },
    // Caught on its way down: litegraph stops it at the canvas.
    true,
  );
}

/** Copy, cut and paste of nodes as the text of a graph; paste of files, onto the one selected node if it takes files. */
export function listenToClipboard(canvas: GraphCanvas, nodes: NodeActions, fileImport: FileImport, toasts: Toasts): void {
  const copy = (event: ClipboardEvent): boolean => {
    if (isTyping(event.target) || !getSelection()?.isCollapsed) return false;
    const part = nodes.copySelected();
    if (!part) return false;
    event.clipboardData?.setData("text/plain", JSON.stringify(part));
    event.preventDefault();
    return true;
  };
  document.addEventListener("copy", copy);
  document.addEventListener("cut", (event) => {
    if (copy(event)) nodes.removeSelected();
  });
  const typed = (event: ClipboardEvent): boolean => event.defaultPrevented || isTyping(event.target);
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
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (typed(event) || !text.trimStart().startsWith("{") || text.length > CLIPBOARD_LIMIT) return;
    const [x, y] = canvas.middle();
    toasts.attempt(() => nodes.insert(readGraph(text), [x - 100, y - 60], "paste"));
    event.preventDefault();
  });
}
