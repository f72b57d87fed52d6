/**
 * Mouse, pen and fingers on the large view. The tool may take the first pointer; the rest pans, and two fingers or the wheel
 * zoom. Space held down makes every drag a pan.
 */
import type { Camera, Point } from "./camera";
import type { ViewerTool } from "./tool";

export interface PointerOptions {
  readonly canvas: HTMLCanvasElement;
  readonly camera: Camera;
  readonly tool: ViewerTool | undefined;
  /** The pointer is over this pixel of the picture. */
  over(pixel: Point | undefined): void;
}

export interface Pointers {
  /** Takes from the tool what it holds. */
  release(): void;
}

const WHEEL = 0.0015;
/** Pinching on a touchpad comes as a wheel with Ctrl, in smaller steps. */
const PINCH = 0.01;
/** Pixels for a line of the wheel. */
const LINE = 20;
const MOST_AT_ONCE = 200;

export function listenToPointers(options: PointerOptions): Pointers {
  const { canvas, camera } = options;
  const down = new Map<number, Point>();
  /** The pointer that the tool has taken. */
  let taken: { readonly id: number; readonly type: string } | undefined;
  let spaceHeld = false;

  const point = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * devicePixelRatio, y: (event.clientY - box.top) * devicePixelRatio };
  };

  function drop(): void {
    if (!taken) return;
    taken = undefined;
    options.tool?.cancel();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    if (taken?.type === "pen" && event.pointerType === "touch") return; // the palm of the hand that draws
    canvas.setPointerCapture(event.pointerId);
    const alone = down.size === 0;
    const at = point(event);
    down.set(event.pointerId, at);
    const spot = camera.spotAt(at);
    if (!alone) drop();
    else if (spot && event.button === 0 && !spaceHeld && options.tool?.down(event, spot)) {
      taken = { id: event.pointerId, type: event.pointerType };
      return;
    }
    canvas.classList.add("dragging");
  });

  canvas.addEventListener("pointermove", (event) => {
    const now = point(event);
    const held = taken?.id === event.pointerId;
    if (!held) drag(event.pointerId, now);
    else down.set(event.pointerId, now);
    if (camera.placed) options.over(camera.pixelAt(now));
    const spot = camera.spotAt(now);
    if (spot) options.tool?.move(event, spot, held);
  });

  function drag(id: number, now: Point): void {
    const was = down.get(id);
    if (!was) return;
    down.set(id, now);
    const other = [...down].find(([one]) => one !== id)?.[1];
    if (other) camera.pinch(was, now, other);
    else camera.pan(now.x - was.x, now.y - was.y);
  }

  const up = (event: PointerEvent): void => {
    down.delete(event.pointerId);
    if (taken?.id === event.pointerId) {
      const spot = camera.spotAt(point(event));
      if (event.type === "pointercancel" || !spot) drop();
      else {
        taken = undefined;
        options.tool?.up(event, spot);
      }
    }
    if (!down.size) canvas.classList.remove("dragging");
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => {
    options.over(undefined);
    options.tool?.leave();
  });

  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("dblclick", (event) => {
    if (options.tool) return;
    if (camera.fitted) camera.zoomTo(1, point(event));
    else camera.fit();
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const delta = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1);
      const limited = Math.max(-MOST_AT_ONCE, Math.min(MOST_AT_ONCE, delta));
      camera.zoom(Math.exp(-limited * (event.ctrlKey ? PINCH : WHEEL)), point(event));
    },
    { passive: false },
  );

  function hold(on: boolean): void {
    spaceHeld = on;
    canvas.classList.toggle("panning", on);
  }
  const space = (on: boolean) => (event: KeyboardEvent) => {
    if (event.key !== " " || !options.tool || (on && event.target !== canvas)) return;
    hold(on);
    event.preventDefault();
  };
  canvas.addEventListener("keydown", space(true));
  document.addEventListener("keyup", space(false));

  return {
    release() {
      drop();
      hold(false);
    },
  };
}
