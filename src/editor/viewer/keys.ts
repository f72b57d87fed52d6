/** The keys of the large view's picture: arrows pan, with Shift they move what is read, and the commands of the view. */

import type { Camera } from "../camera";
import type { Commands } from "../commands/commands";
import { listenToKeysOf } from "../commands/keys";

/** Device pixels for an arrow key. */
const PAN = 64;
const ZOOM = 1.25;

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** `read` moves what is read by pixels of the picture. */
export function listenToViewKeys(
  canvas: HTMLCanvasElement,
  camera: Camera,
  commands: Commands,
  read: (dx: number, dy: number) => void,
): void {
  canvas.addEventListener("keydown", (event) => {
    if (!camera.placed || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(ARROWS, event.key)) return;
    const [x, y] = ARROWS[event.key]!;
    if (event.shiftKey) read(x, y);
    else camera.pan(-PAN * x, -PAN * y);
    event.preventDefault();
    event.stopPropagation();
  });
  const placed = { available: () => Boolean(camera.placed) };
  commands.provide({
    "view.zoomIn": { run: () => camera.zoom(ZOOM), ...placed },
    "view.zoomOut": { run: () => camera.zoom(1 / ZOOM), ...placed },
    "view.fit": { run: () => camera.fit(), ...placed },
    "view.100": { run: () => camera.zoomTo(1), ...placed },
    "view.200": { run: () => camera.zoomTo(2), ...placed },
    "view.400": { run: () => camera.zoomTo(4), ...placed },
  });
  listenToKeysOf(canvas, "view", commands);
}
