/** The keys of the large view's picture: arrows pan, and the commands of the view. */

import type { Camera } from "../camera";
import type { Commands } from "../commands/commands";
import { listenToKeysOf } from "../commands/keys";

/** Device pixels for an arrow key. */
const PAN = 64;
const ZOOM = 1.25;

export function listenToViewKeys(canvas: HTMLCanvasElement, camera: Camera, commands: Commands): void {
  const arrows: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => camera.pan(PAN, 0),
    ArrowRight: () => camera.pan(-PAN, 0),
    ArrowUp: () => camera.pan(0, PAN),
    ArrowDown: () => camera.pan(0, -PAN),
  };
  canvas.addEventListener("keydown", (event) => {
    if (!camera.placed || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(arrows, event.key)) return;
    arrows[event.key]!();
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
