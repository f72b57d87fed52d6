/** What reaches the editor from outside its controls: files and nodes dropped, the clipboard, keys. */
import { readGraph } from "../graph/clean";
import type { GraphCanvas } from "./canvas";
import type { FileImport } from "./file-import";
import { closeMenu } from "./menu";
import type { NodeActions } from "./node-actions";
import { DRAG_TYPE } from "./node-list";
import type { Toasts } from "./toasts";
import { onMac } from "./toolbar";

/** Longer text on the clipboard is not looked at. */
const CLIPBOARD_LIMIT = 4e6;

/** What has the focus takes letters itself; sliders do not. */
const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type="range"]), textarea, select'));

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
    if (typing(event.target) || !getSelection()?.isCollapsed) return false;
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
  const typed = (event: ClipboardEvent): boolean => event.defaultPrevented || typing(event.target);
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

export interface KeyActions {
  run(): void;
  stop(): void;
  undo(): void;
  redo(): void;
  save(): void;
  open(): void;
  duplicate(): void;
  remove(): void;
  selectAll(): void;
  showAll(): void;
  find(): void;
  /** Shows or hides the takes; keeps one. */
  takes(): void;
  keep(): void;
  help(): void;
}

/** Keys of the whole page, and those that delete nodes while the graph or nothing has the focus. */
export function listenToKeys(surface: HTMLElement, actions: KeyActions): void {
  /** `command` is Ctrl, or Cmd on a Mac. */
  function actionOf(event: KeyboardEvent): (() => void) | undefined {
    const key = event.key.toLowerCase();
    const command = onMac ? event.metaKey : event.ctrlKey;
    const anywhere: Record<string, () => void> = { enter: actions.run, s: actions.save, o: actions.open };
    if (command && Object.hasOwn(anywhere, key)) return anywhere[key];
    if (typing(event.target)) return undefined;
    if (key === "escape")
      return () => {
        closeMenu();
        actions.stop();
      };
    const commands: Record<string, () => void> = {
      z: event.shiftKey ? actions.redo : actions.undo,
      y: actions.redo,
      d: actions.duplicate,
      a: actions.selectAll,
    };
    if (command) return Object.hasOwn(commands, key) ? commands[key] : undefined;
    if (event.altKey || event.repeat || document.querySelector(".menu")) return undefined;
    const plain: Record<string, () => void> = {
      f: actions.showAll,
      "/": actions.find,
      "?": actions.help,
      t: actions.takes,
      k: actions.keep,
    };
    if (Object.hasOwn(plain, key)) return plain[key];
    const isGraphs = event.target === surface || event.target === document.body;
    return isGraphs && (key === "delete" || key === "backspace") ? actions.remove : undefined;
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    action();
  });
}
