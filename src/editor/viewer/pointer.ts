/** The pointer on the large view: the tool may take it, the rest moves the picture. Space held down makes every drag a pan. */
import type { Camera } from "../camera";
import { listenToPointers, type Point, type Pointers } from "../pointers";
import { watchSpace } from "../space";
import type { ViewerTool } from "./tool";

export interface PointerOptions {
  readonly canvas: HTMLCanvasElement;
  readonly camera: Camera;
  readonly tool: ViewerTool | undefined;
  /** The pointer is over this point of the viewport. */
  over(point: Point | undefined): void;
}

export function listenToViewer(options: PointerOptions): Pointers {
  const { canvas, camera } = options;
  const space = watchSpace(canvas, () => options.tool !== undefined);

  const point = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * devicePixelRatio, y: (event.clientY - box.top) * devicePixelRatio };
  };

  const pointers = listenToPointers(
    canvas,
    {
      eager: true,
      pan: (dx, dy) => camera.pan(dx, dy),
      zoom: (factor, about) => camera.zoom(factor, about),
      take(press) {
        const spot = camera.spotAt(point(press));
        return Boolean(spot && press.button === 0 && !space.held && options.tool?.down(press, spot));
      },
      move(event, doing) {
        if (!event) {
          options.over(undefined);
          options.tool?.leave();
          return;
        }
        const now = point(event);
        options.over(now);
        const spot = camera.spotAt(now);
        if (spot) options.tool?.move(event, spot, doing === "taken");
      },
      drop(event) {
        const spot = camera.spotAt(point(event));
        if (spot) options.tool?.up(event, spot);
        else options.tool?.cancel();
      },
      giveUp: () => options.tool?.cancel(),
      busy: (on) => canvas.classList.toggle("dragging", on),
    },
    { ratio: () => devicePixelRatio },
  );

  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("dblclick", (event) => {
    if (options.tool) return;
    if (camera.fitted) camera.zoomTo(1, point(event));
    else camera.fit();
  });

  return {
    release() {
      pointers.release();
      space.release();
    },
  };
}
