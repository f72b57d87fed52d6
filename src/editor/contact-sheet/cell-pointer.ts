/** The pointer on one cell of a contact sheet. Places are device pixels of its canvas. */
import { h } from "../dom";
import { listenToPointers, type Point } from "../pointers";

export type { Point };

export interface PointerActions {
  click(at: Point, event: PointerEvent): void;
  /** With every move while nothing is pressed; undefined when the pointer leaves. */
  hover(at: Point | undefined, altKey: boolean): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point): void;
}

/** A canvas that listens. */
export function pointerCanvas(className: string, { click, hover, pan, zoom }: PointerActions): HTMLCanvasElement {
  const canvas = h("canvas", { class: className });
  const point = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * devicePixelRatio, y: (event.clientY - box.top) * devicePixelRatio };
  };
  listenToPointers(
    canvas,
    {
      pan,
      zoom,
      tap: (event) => event.button === 0 && click(point(event), event),
      move: (event, doing) => doing === "over" && hover(event && point(event), Boolean(event?.altKey)),
    },
    { ratio: () => devicePixelRatio },
  );
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  return canvas;
}
