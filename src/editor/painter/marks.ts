/** Marks over the picture that are seen on any picture: outlines and circles, dark with a bright line on them. */
import { colourOf, type Frame } from "./stroke-drawing";

/** An outline; dashed where it stands for something that is taken away. */
export function outline(context: CanvasRenderingContext2D, path: Path2D, dashed = false): void {
  context.save();
  context.lineJoin = "round";
  context.strokeStyle = "rgb(0 0 0 / 70%)";
  context.lineWidth = 3 * devicePixelRatio;
  context.stroke(path);
  if (dashed) context.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  context.strokeStyle = "#fff";
  context.lineWidth = 1.25 * devicePixelRatio;
  context.stroke(path);
  context.restore();
}

/** A circle around a place of the picture, with a dot of the class's colour in its middle; without a class it is dashed. */
export function ring(
  context: CanvasRenderingContext2D,
  at: readonly number[],
  frame: Frame,
  radius: number,
  label?: number,
): void {
  const [x, y] = [frame.x + at[0]! * frame.scale, frame.y + at[1]! * frame.scale];
  const circle = new Path2D();
  circle.arc(x, y, radius, 0, 2 * Math.PI);
  outline(context, circle, label === undefined);
  const dot = new Path2D();
  dot.arc(x, y, Math.min(3 * devicePixelRatio, radius / 2), 0, 2 * Math.PI);
  context.fillStyle = label === undefined ? "#fff" : colourOf(label);
  context.fill(dot);
}
