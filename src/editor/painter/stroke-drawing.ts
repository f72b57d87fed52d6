/** Draws a stroke on a canvas at once, as the engine will paint it, near enough until its own picture has come. */
import type { Stroke } from "../../prior/strokes";
import { CLASS_COLOURS } from "../../types";

/** Where low-resolution pixels lie on the canvas. */
export interface Frame {
  /** Canvas pixels for a low-resolution pixel. */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Rings that stand for a soft edge. */
const RINGS = 8;

export const colourOf = (label: number): string => `rgb(${CLASS_COLOURS[label]!.join(" ")})`;

/** Draws over what is there; the eraser takes it away. Fills are not drawn: what they fill is the engine's to say. */
export function drawStroke(context: CanvasRenderingContext2D, stroke: Stroke, frame: Frame): void {
  if (stroke.tool === "fill") return;
  context.save();
  context.fillStyle = colourOf(stroke.label);
  if (stroke.tool === "eraser") context.globalCompositeOperation = "destination-out";
  if (stroke.tool === "lasso") {
    context.globalAlpha = stroke.strength;
    context.fill(outlineOf(stroke, frame), "nonzero");
  } else {
    const rings = stroke.hardness >= 0.98 ? 1 : RINGS;
    let below = 0;
    for (let ring = 0; ring < rings; ring++) {
      const inwards = rings === 1 ? 0 : (ring + 0.5) / rings;
      const smooth = rings === 1 ? 1 : ((ring + 1) / rings) ** 2 * (3 - (2 * (ring + 1)) / rings);
      const wanted = stroke.strength * smooth;
      context.globalAlpha = Math.min(1, Math.max(0, (wanted - below) / Math.max(1e-6, 1 - below)));
      below = wanted;
      context.fill(brushOf(stroke, frame, 1 - inwards * (1 - stroke.hardness)), "nonzero");
    }
  }
  context.restore();
}

/** The closed line of an outline. */
export function outlineOf({ points }: Stroke, { scale, x, y }: Frame): Path2D {
  const path = new Path2D();
  for (let i = 0; i < points.length; i += 2) path.lineTo(x + points[i]! * scale, y + points[i + 1]! * scale);
  path.closePath();
  return path;
}

/** Discs and what lies between them, all turning the same way, as one shape: where they overlap they are no stronger. */
function brushOf({ points, size, pressures }: Stroke, { scale, x, y }: Frame, share: number): Path2D {
  const path = new Path2D();
  const at = (i: number) => ({
    x: x + points[2 * i]! * scale,
    y: y + points[2 * i + 1]! * scale,
    r: Math.max(0.5, (size / 2) * (pressures?.[i] ?? 1) * share * scale),
  });
  const count = points.length / 2;
  for (let i = 0; i < count; i++) {
    const a = at(i);
    path.moveTo(a.x + a.r, a.y);
    path.arc(a.x, a.y, a.r, 0, 2 * Math.PI);
    if (i + 1 === count) break;
    const b = at(i + 1);
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    if (length < 1e-6) continue;
    const [nx, ny] = [(b.y - a.y) / length, (a.x - b.x) / length];
    path.moveTo(a.x + nx * a.r, a.y + ny * a.r);
    path.lineTo(b.x + nx * b.r, b.y + ny * b.r);
    path.lineTo(b.x - nx * b.r, b.y - ny * b.r);
    path.lineTo(a.x - nx * a.r, a.y - ny * a.r);
    path.closePath();
  }
  return path;
}
