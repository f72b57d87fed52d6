/** What reaches the editor from outside its controls: files and nodes dropped. */
import type { GraphCanvas } from "./canvas";
import { typeFits } from "./edits/on-wire";
import type { FileImport } from "./file-import";
import type { NodeActions } from "./node-actions";
import { DRAG_TYPE, draggedNode } from "./node-list";
import type { Wire } from "./wires/wires";

/** Drops on the page: a node from the list where it falls on the canvas, on the wire there that it fits, files anywhere. `stage` is marked meanwhile. */
export function listenForDrops(stage: HTMLElement, canvas: GraphCanvas, nodes: NodeActions, fileImport: FileImport): void {
  /** The wire at the pointer that a node of this type fits. */
  const wireFor = (type: string | undefined, event: DragEvent): Wire | undefined => {
    if (!type || event.target !== canvas.canvas) return undefined;
    const wire = canvas.wires.at(canvas.graphPoint(event), canvas.wireReach(true))?.wire;
    return wire && typeFits(canvas.graph, type, wire) ? wire : undefined;
  };
  const carries = (event: DragEvent, type: string): boolean => Boolean(event.dataTransfer?.types.includes(type));
  document.addEventListener("dragover", (event) => {
    if (!carries(event, "Files") && !carries(event, DRAG_TYPE)) return;
    event.preventDefault();
    if (carries(event, "Files")) stage.classList.add("dropping");
    else canvas.wires.light(wireFor(draggedNode(), event));
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget) return;
    stage.classList.remove("dropping");
    canvas.wires.light(undefined);
  });
  document.addEventListener(
    "drop",
    (event) => {
      stage.classList.remove("dropping");
      canvas.wires.light(undefined);
      const type = event.dataTransfer?.getData(DRAG_TYPE);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (!type && !files.length) return;
      event.preventDefault();
      event.stopPropagation();
      const inside = event.target instanceof Node && stage.contains(event.target);
      const at = inside ? canvas.graphPoint(event) : canvas.middle();
      if (!type) fileImport.take(files, at, inside ? nodes.target(nodes.at(at)) : undefined);
      else if (inside) {
        const wire = wireFor(type, event);
        if (wire) nodes.insertOn(wire, type, at);
        else nodes.add(type, { at: [at[0] - 60, at[1] + 10] });
      }
    },
    // Caught on its way down: litegraph stops it at the canvas.
    true,
  );
}
