/** An edited graph on litegraph's own; the page is played. */
import type { GraphCanvas } from "../../src/editor/canvas";
import { GraphDocument } from "../../src/editor/document";
import { cleanGraph } from "../../src/graph/clean";
import { load, patch, save } from "../../src/litegraph";
import { graphOf } from "../litegraph/fake";

/** A canvas that shows nothing. */
export const canvas = {
  selected_nodes: {},
  fitNodes() {},
  showAnew() {},
  setDirty() {},
  deselectAllNodes() {},
  selectNodes() {},
  setView() {},
  isInView: () => true,
  ds: { scale: 1, offset: [0, 0] },
} as unknown as GraphCanvas;

/** Needs a global `document` that is an EventTarget. */
export function edited(...types: string[]): GraphDocument {
  return new GraphDocument(graphOf(...types).graph, canvas, {
    read: cleanGraph,
    load,
    patch,
    save,
  });
}
