/**
 * What the large view shows: takes, the contact sheet or the painting of the node selected last, or else its picture. A node that
 * is selected by pressing one of its controls is worked on, and what is looked at meanwhile stays.
 */
import type { View, ViewRequest } from "../browser/protocol";
import type { ContactSheet } from "./contact-sheet/sheet";
import type { GraphDocument } from "./document";
import { defaultNode, type Layers, layersOf } from "./layers";
import type { NodeActions } from "./node-actions";
import { paintLayersOf } from "./painter/layers";
import type { Painter } from "./painter/painter";
import type { Viewer } from "./viewer/viewer";

export interface ShownPictureParts {
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
}

export class ShownPicture {
  readonly #parts: ShownPictureParts;
  /** The node whose picture is shown: the one selected, or the last one that was. */
  #node: number | undefined;
  /** The selected node, where it was selected by a press on one of its controls. */
  #touched: number | undefined;

  constructor(parts: ShownPictureParts) {
    this.#parts = parts;
  }

  /** Another graph has taken the place of the one there was. */
  forget(): void {
    this.#node = undefined;
    this.#parts.viewer.show(undefined);
  }

  /** Another node has been selected, or the same one again. */
  choose(): void {
    this.#touched = this.#parts.pressesControl ? this.#parts.nodes.selected[0]?.id : undefined;
    this.update();
  }

  /** The graph has changed. A pinned view stays as it is unless another picture was `asked` for. */
  update(asked = false): void {
    const { document, nodes, viewer, painter, contactSheet, takes, isOpen } = this.#parts;
    if ((viewer.pinned && !asked) || !isOpen) return;
    const [only, ...more] = nodes.selected;
    const selected = more.length || only?.id === this.#touched ? undefined : only;
    if (takes.layers) {
      painter.close();
      contactSheet.close();
      viewer.show(takes.layers);
      return;
    }
    if (selected && contactSheet.open(selected.id, false)) {
      this.#node = selected.id;
      painter.close();
      return;
    }
    if (selected) contactSheet.close();
    else if (contactSheet.node !== undefined) return;
    const stored = document.stored();
    const layers = (id: number | undefined): Layers | undefined =>
      id === undefined ? undefined : layersOf(stored, id, nodes.definition);
    if (selected && layers(selected.id) && paintLayersOf(stored, selected.id, nodes.definition)) {
      this.#node = selected.id;
      if (painter.node !== selected.id) void this.paint(selected.id, false);
      return;
    }
    if (selected || painter.node === undefined) painter.close();
    else return;
    if (layers(selected?.id)) this.#node = selected?.id;
    else if (!layers(this.#node)) this.#node = defaultNode(stored, nodes.definition);
    viewer.show(layers(this.#node));
  }

  /** Paints on a node, and computes its prior where that has not been done. */
  async paint(id: number, wide: boolean): Promise<void> {
    const { document, nodes, painter, view, run } = this.#parts;
    this.#touched = undefined;
    const over = paintLayersOf(document.stored(), id, nodes.definition)?.prior;
    if (!painter.open(id, wide) || !over || this.#parts.busy) return;
    const found = await view({ node: over.node, width: 1, height: 1 }).catch(() => undefined);
    found?.bitmap.close();
    if (!found && !this.#parts.busy) await run([String(id)]);
  }
}
