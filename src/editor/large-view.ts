/**
 * The large view as a whole: in one mode at a time it shows takes, the contact sheet or the painting of the node selected last, or
 * else its picture. A node that is selected by pressing one of its controls is worked on, and what is looked at meanwhile stays.
 */
import type { View, ViewRequest } from "../browser/protocol";
import { isCovered, isTyping } from "./commands/keys";
import { sheetPlaceOf } from "./contact-sheet/place";
import type { ContactSheet } from "./contact-sheet/sheet";
import type { GraphDocument } from "./document";
import { defaultNode, type Layers, layersOf } from "./layers";
import type { NodeActions } from "./node-actions";
import { paintLayersOf } from "./painter/layers";
import type { Painter } from "./painter/painter";
import { isWide, type Mode, nextMode, type Use } from "./view-mode";
import type { Viewer } from "./viewer/viewer";

export interface LargeViewParts {
  readonly document: GraphDocument;
  readonly nodes: NodeActions;
  readonly viewer: Viewer;
  readonly painter: Painter;
  readonly contactSheet: ContactSheet;
  readonly takes: { readonly layers: Layers | undefined };
  /** One of a node's controls is pressed on the canvas. */
  readonly pressesControl: boolean;
  /** The view is open. */
  readonly isOpen: boolean;
  /** Something is being run. */
  readonly busy: boolean;
  view(request: ViewRequest): Promise<View | undefined>;
  run(targets: readonly string[]): Promise<unknown>;
  /** The view takes the whole page, or its own place again. */
  wide(on: boolean): void;
}

export class LargeView {
  readonly #parts: LargeViewParts;
  #mode: Mode = { kind: "view", node: undefined };
  /** The selected node, where it was selected by a press on one of its controls. */
  #touched: number | undefined;

  constructor(parts: LargeViewParts) {
    this.#parts = parts;
    document.addEventListener("keydown", (event) => this.#escape(event), true);
  }

  get isWide(): boolean {
    return isWide(this.#mode);
  }

  /** Another node has been selected, or the same one again. */
  choose(): void {
    this.#touched = this.#parts.pressesControl ? this.#parts.nodes.selected[0]?.id : undefined;
    this.update();
  }

  /** A pinned view stays as it is unless another picture was `asked` for. */
  update(asked = false): void {
    const { document, nodes, viewer, takes, isOpen } = this.#parts;
    if ((viewer.pinned && !asked) || !isOpen) return;
    const [only, ...more] = nodes.selected;
    this.#go(
      nextMode(this.#mode, {
        selected: more.length || only?.id === this.#touched ? undefined : only?.id,
        take: takes.layers !== undefined,
        useOf: (id) => this.#useOf(id),
        fallback: () => defaultNode(document.stored(), nodes.definition),
      }),
    );
  }

  /** The graph has changed; `restored`: by undo, redo or another graph in its place, `replaced`: by the latter. */
  graphChanged(restored: boolean, replaced: boolean): void {
    const { painter, contactSheet, viewer } = this.#parts;
    const { kind, node } = this.#mode;
    if (replaced) {
      this.#go({ kind: "view", node: undefined });
      viewer.show(undefined);
    } else if (kind === "paint" && !painter.refresh(restored)) this.#go({ kind: "view", node });
    else if (kind === "sheet" && !contactSheet.open(node)) this.#go({ kind: "view", node });
  }

  /** Paints on a node, or shows its contact sheet, on the whole page. */
  open(kind: "paint" | "sheet", node: number): void {
    this.#touched = undefined;
    if (this.#useOf(node) === kind) this.#go({ kind, node, wide: true });
  }

  /** Takes the whole page, or its own place again. */
  setWide(wide: boolean): void {
    if ("wide" in this.#mode) this.#go({ ...this.#mode, wide });
  }

  /** What was painted on, or compared, is left by its own controls. */
  leave(): void {
    this.#go({ kind: "view", node: this.#mode.node });
    this.update();
  }

  #useOf(id: number): Use {
    const { document, nodes } = this.#parts;
    const stored = document.stored();
    if (sheetPlaceOf(stored, id, nodes.definition)) return "sheet";
    if (!layersOf(stored, id, nodes.definition)) return undefined;
    return paintLayersOf(stored, id, nodes.definition) ? "paint" : "view";
  }

  #go(next: Mode): void {
    const { document, nodes, viewer, painter, contactSheet, takes } = this.#parts;
    const was = this.#mode;
    this.#mode = next;
    if (was.kind === "paint" && next.kind !== "paint") painter.close();
    if (was.kind === "sheet" && next.kind !== "sheet") contactSheet.close();
    if (isWide(was) !== isWide(next)) this.#parts.wide(isWide(next));
    const isOther = was.kind !== next.kind || was.node !== next.node;
    switch (next.kind) {
      case "take":
        viewer.show(takes.layers);
        break;
      case "view":
        viewer.show(next.node === undefined ? undefined : layersOf(document.stored(), next.node, nodes.definition));
        break;
      case "paint":
        painter.open(next.node);
        if (isOther || (next.wide && !isWide(was))) void this.#computePrior(next.node);
        break;
      case "sheet":
        contactSheet.open(next.node);
    }
    if (next.kind === "paint" && next.wide && (isOther || !isWide(was))) viewer.focus();
    if (next.kind === "sheet" && next.wide && (isOther || !isWide(was))) contactSheet.focus();
  }

  /** What is painted on is computed where that has not been done. */
  async #computePrior(id: number): Promise<void> {
    const { document, nodes, view, run } = this.#parts;
    const over = paintLayersOf(document.stored(), id, nodes.definition)?.prior;
    if (!over || this.#parts.busy) return;
    const found = await view({ node: over.node, width: 1, height: 1 }).catch(() => undefined);
    found?.bitmap.close();
    if (!found && !this.#parts.busy) await run([String(id)]);
  }

  /** Esc leaves the whole page, caught on its way down: it stops no run then. */
  #escape(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.defaultPrevented || !this.isWide || isCovered() || isTyping(event.target)) return;
    this.setWide(false);
    event.preventDefault();
    event.stopPropagation();
  }
}
