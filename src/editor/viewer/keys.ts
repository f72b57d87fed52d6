/** The keys of the large view's picture: arrows pan, plus and minus zoom, 0 fits, 1, 2 and 4 are 100, 200 and 400 %. */
import type { Camera } from "../camera";

/** Device pixels for an arrow key. */
const PAN = 64;
const ZOOM = 1.25;

export function listenToViewKeys(canvas: HTMLCanvasElement, camera: Camera): void {
  const act: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => camera.pan(PAN, 0),
    ArrowRight: () => camera.pan(-PAN, 0),
    ArrowUp: () => camera.pan(0, PAN),
    ArrowDown: () => camera.pan(0, -PAN),
    "+": () => camera.zoom(ZOOM),
    "=": () => camera.zoom(ZOOM),
    "-": () => camera.zoom(1 / ZOOM),
    "0": () => camera.fit(),
    "1": () => camera.zoomTo(1),
    "2": () => camera.zoomTo(2),
    "4": () => camera.zoomTo(4),
  };
  canvas.addEventListener("keydown", (event) => {
    if (!camera.placed || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(act, event.key)) return;
    act[event.key]!();
    event.preventDefault();
    event.stopPropagation();
  });
}
