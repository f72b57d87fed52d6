/** The rectangle that is drawn around nodes to select them, in the colours of the theme: litegraph's is white, and thin at a small zoom. */
import type { Theme } from "../litegraph/theme";

/** `box`: left, top, width and height in graph units, of which either may be negative. `scale`: CSS pixels for each. */
export function drawBand(context: CanvasRenderingContext2D, box: ArrayLike<number>, { accent }: Theme, scale: number): void {
  const [x, y, width, height] = [box[0]!, box[1]!, box[2]!, box[3]!];
  context.save();
  context.fillStyle = accent;
  context.strokeStyle = accent;
  context.lineWidth = 1.5 / scale;
  context.globalAlpha = 0.12;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
  context.strokeRect(x, y, width, height);
  context.restore();
}
