/**
 * The pointer on one cell of a contact sheet: a click, a drag, two fingers, the wheel. Places are device pixels of its canvas.
 */
import { h } from "../dom";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PointerActions {
  click(at: Point, event: PointerEvent): void;
  /** With every move while nothing is pressed; undefined when the pointer leaves. */
  hover(at: Point | undefined, event: PointerEvent): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point): void;
}

const WHEEL = 0.0015;
/** Moved by less, in CSS pixels, a press is a click. */
const CLICK = 4;

/** A canvas that listens. */
export function pointerCanvas(className: string, actions: PointerActions): HTMLCanvasElement {
  const canvas = h("canvas", { class: className });
  const pointers = new Map<number, Point>();
  let travelled = 0;
  const isClick = (): boolean => travelled < CLICK * devicePixelRatio;
  const point = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * devicePixelRatio, y: (event.clientY - box.top) * devicePixelRatio };
  };

  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const delta = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1);
      actions.zoom(Math.exp(-Math.max(-200, Math.min(200, delta)) * (event.ctrlKey ? 0.01 : WHEEL)), point(event));
    },
    { passive: false },
  );
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    canvas.setPointerCapture(event.pointerId);
    travelled = pointers.size || event.button ? Infinity : 0;
    pointers.set(event.pointerId, point(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const [was, now] = [pointers.get(event.pointerId), point(event)];
    if (!was) return actions.hover(now, event);
    travelled += Math.hypot(now.x - was.x, now.y - was.y);
    if (isClick()) return;
    const partner = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (partner) {
      // The middle between the fingers moves half as far as one of them, and what is under it stays there.
      const distance = (p: Point): number => Math.hypot(p.x - partner.x, p.y - partner.y);
      actions.pan((now.x - was.x) / 2, (now.y - was.y) / 2);
      actions.zoom(distance(now) / Math.max(1, distance(was)), { x: (now.x + partner.x) / 2, y: (now.y + partner.y) / 2 });
    } else actions.pan(now.x - was.x, now.y - was.y);
    pointers.set(event.pointerId, now);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (pointers.delete(event.pointerId) && isClick()) actions.click(point(event), event);
  });
  canvas.addEventListener("pointercancel", (event) => pointers.delete(event.pointerId));
  canvas.addEventListener("pointerleave", (event) => actions.hover(undefined, event));
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  return canvas;
}
