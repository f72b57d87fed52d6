/** The whole photo, small, with the crop on it: dragged, or moved with the arrow keys. */
import type { Region, Size } from "../../types";
import { h } from "../dom";

export interface Overview {
  readonly element: HTMLElement;
  /** `picture`: the photo's size in low-resolution pixels; `crop`: what of it is shown. */
  show(photo: { readonly bitmap: ImageBitmap; readonly picture: Size; readonly crop: Region } | undefined): void;
}

/** Longest sides on the page, in CSS pixels. */
export const OVERVIEW: Size = { width: 150, height: 84 };
const STEP = 4;
const LARGE_STEP = 16;

/** `move` is called once for each drag or key, with where the crop is to begin. */
export function createOverview(move: (left: number, top: number) => void): Overview {
  let shown: Parameters<Overview["show"]>[0];
  /** Where the crop is while it is dragged. */
  let dragged: Region | undefined;
  let grip = { x: 0, y: 0 };

  const canvas = h("canvas", {
    class: "sheet-overview",
    role: "application",
    tabindex: 0,
    title: "The part of the photo that is compared: drag it, or move it with the arrow keys (Shift: further)",
    "aria-label": "Crop of the photo. Arrow keys move it, with Shift further.",
    hidden: true,
  });
  const context = canvas.getContext("2d")!;

  function draw(): void {
    if (!shown) return;
    const { bitmap, picture, crop } = shown;
    const scale = Math.min(OVERVIEW.width / picture.width, OVERVIEW.height / picture.height);
    const [width, height] = [Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale))];
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    Object.assign(canvas, { width: Math.round(width * devicePixelRatio), height: Math.round(height * devicePixelRatio) });
    const [sx, sy] = [canvas.width / picture.width, canvas.height / picture.height];
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const { left, top, ...size } = dragged ?? crop;
    const box = [left * sx, top * sy, size.width * sx, size.height * sy] as const;
    const shade = new Path2D();
    shade.rect(0, 0, canvas.width, canvas.height);
    shade.rect(...box);
    context.fillStyle = "rgb(0 0 0 / 55%)";
    context.fill(shade, "evenodd");
    context.strokeStyle = "#fff";
    context.lineWidth = 1.5 * devicePixelRatio;
    context.strokeRect(...box);
  }

  /** A crop that begins there, as far as the photo allows. */
  function within(left: number, top: number): Region {
    const { picture, crop } = shown!;
    const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, Math.round(value)));
    return { ...crop, left: clamp(left, picture.width - crop.width), top: clamp(top, picture.height - crop.height) };
  }
  function place({ left, top }: Region): void {
    if (shown && (left !== shown.crop.left || top !== shown.crop.top)) move(left, top);
  }
  const point = (event: PointerEvent): { x: number; y: number } => {
    const box = canvas.getBoundingClientRect();
    const { picture } = shown!;
    return {
      x: ((event.clientX - box.left) * picture.width) / box.width,
      y: ((event.clientY - box.top) * picture.height) / box.height,
    };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (!shown || event.button) return;
    canvas.setPointerCapture(event.pointerId);
    const { crop } = shown;
    const at = point(event);
    const inside = at.x >= crop.left && at.y >= crop.top && at.x < crop.left + crop.width && at.y < crop.top + crop.height;
    grip = inside ? { x: at.x - crop.left, y: at.y - crop.top } : { x: crop.width / 2, y: crop.height / 2 };
    dragged = within(at.x - grip.x, at.y - grip.y);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!shown || !dragged) return;
    const at = point(event);
    dragged = within(at.x - grip.x, at.y - grip.y);
    draw();
  });
  canvas.addEventListener("pointerup", () => {
    const to = dragged;
    dragged = undefined;
    if (to) place(to);
  });
  canvas.addEventListener("pointercancel", () => {
    dragged = undefined;
    draw();
  });
  canvas.addEventListener("keydown", (event) => {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!shown || !arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const { left, top } = shown.crop;
    place(within(left + arrow[0]! * step, top + arrow[1]! * step));
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element: canvas,
    show(next) {
      shown = next;
      canvas.hidden = !next;
      draw();
    },
  };
}
