/** Groups on the canvas: a tinted frame and its name, in letters that can be read at any zoom. litegraph 0.7 itself draws no names. */
import type { LGraphGroup, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { clip } from "../../litegraph/text";
import type { Theme } from "../../litegraph/theme";
import type { Box } from "../wires/geometry";

/** litegraph's group; its types leave out what is used here. */
export type Group = LGraphGroup & {
  _nodes: LGraphNode[];
  readonly pos: ArrayLike<number>;
  readonly size: ArrayLike<number>;
  recomputeInsideNodes(): void;
};

export interface DrawnGroup {
  readonly title: string;
  readonly color: string;
  readonly pos: ArrayLike<number>;
  readonly size: ArrayLike<number>;
}

/** Height of a name: in graph units, within which it is so many CSS pixels where it can be; above the nodes there is room for 36. */
const LETTERS = { least: 18, most: 36, pixels: 13 };
const INSET = 8;
const CORNER = 12;
/** The height of a group's title, by which it is moved and renamed, in graph units. */
export const GROUP_TITLE = 34;
const COLOUR = "#3f5f8a";

/** Draws those that are in view, `seen` in graph units; `scale`: CSS pixels for each. */
export function drawGroups(
  context: CanvasRenderingContext2D,
  groups: readonly DrawnGroup[],
  seen: Box,
  theme: Theme,
  scale: number,
): void {
  const letters = Math.min(LETTERS.most, Math.max(LETTERS.least, LETTERS.pixels / scale));
  const font = `600 ${letters}px ${theme.font}`;
  context.save();
  for (const { title, color, pos, size } of groups) {
    const [x, y, width, height] = [pos[0]!, pos[1]!, size[0]!, size[1]!];
    if (x > seen[0] + seen[2] || y > seen[1] + seen[3] || x + width < seen[0] || y + height < seen[1]) continue;
    context.fillStyle = color || COLOUR;
    context.strokeStyle = color || COLOUR;
    context.globalAlpha = 0.25;
    context.beginPath();
    context.roundRect(x + 0.5, y + 0.5, width, height, 8);
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 1;
    context.stroke();
    context.beginPath(); // where it is made larger
    context.moveTo(x + width, y + height - CORNER);
    context.lineTo(x + width, y + height);
    context.lineTo(x + width - CORNER, y + height);
    context.fill();
    if (width < 4 * INSET) continue;
    context.font = font;
    context.textAlign = "left";
    context.fillStyle = theme.text;
    context.fillText(clip(context, font, title, width - 2 * INSET), x + INSET, y + 6 + 0.78 * letters);
  }
  context.restore();
}
