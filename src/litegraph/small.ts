/**
 * How a node of ours looks where the zoom is too small for its text: its picture, blocks in the colours of its title, slots and
 * controls, and its title in letters of their own as long as those can be read. It costs a tenth of the node in full.
 */
import { drawEnd, drawPictures, READABLE } from "./drawing";
import { definitionOf, type LGraphNode } from "./host";
import { lookOf, widgetRows } from "./layout";
import { fadeOff } from "./mode";
import { stateOf } from "./state";
import { clip } from "./text";
import { type Theme, themeOfNode } from "./theme";

type Ctx = CanvasRenderingContext2D;

/** Below this many device pixels for a graph unit the title cannot be read either, and controls are but lines. */
const TITLED = 0.28;

const TITLE = 30;
/** Letters of a title: as many device pixels high, and at most as many graph units. */
const LETTERS = { pixels: 9, most: 20 };
/** Half the side of a slot. */
const SLOT = 4;

export interface Small {
  /** Device pixels for a graph unit. */
  readonly pixels: number;
  readonly isSelected: boolean;
  /** Whether the wire being dragged fits this slot; undefined where none is dragged. */
  fits?(side: "input" | "output", type: string | number): boolean;
}

/** At the context's origin. False, with nothing drawn, where the node is not small, not ours, or collapsed. */
export function drawSmall(ctx: Ctx, node: LGraphNode, small: Small): boolean {
  const def = definitionOf(node);
  if (small.pixels >= READABLE || !def || (node.flags as { collapsed?: boolean }).collapsed) return false;
  const theme = themeOfNode(node);
  const [width, height] = [node.size[0] + 1, node.size[1]];
  const { pixels, isSelected } = small;
  const edge = (isSelected ? 3 : 1) / pixels;
  ctx.globalAlpha = 1;
  block(ctx, isSelected ? theme.text : theme.outline, -edge, -TITLE - edge, width + 2 * edge, height + TITLE + 2 * edge);
  block(ctx, node.bgcolor || theme.node, 0, 0, width, height);
  block(ctx, node.color || theme.title, 0, -TITLE, width, TITLE);
  if (pixels >= TITLED) drawTitle(ctx, theme, node, pixels);
  const accent = node.outputs[0] ?? node.inputs[0];
  if (accent?.color_on) block(ctx, accent.color_on, 0, 0, width, Math.max(2, 1 / pixels));
  if (pixels >= TITLED)
    for (const [widget, y, tall] of widgetRows(node)) {
      if (widget.drawSmall) widget.drawSmall(ctx, width - 1, y, tall);
      else widget.draw?.(ctx, node, width - 1, y, tall);
    }
  const state = stateOf(node);
  const look = lookOf(def);
  if (look.kind !== "none") drawPictures(ctx, node, look, state, pixels);
  drawEnd(ctx, node, state, 2 / pixels);
  drawSlots(ctx, node, small);
  fadeOff(ctx, node);
  return true;
}

function block(ctx: Ctx, colour: string, x: number, y: number, width: number, height: number): void {
  ctx.fillStyle = colour;
  ctx.fillRect(x, y, width, height);
}

function drawTitle(ctx: Ctx, theme: Theme, node: LGraphNode, pixels: number): void {
  const letters = Math.min(LETTERS.most, LETTERS.pixels / pixels);
  ctx.font = `600 ${letters}px ${theme.font}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = theme.text;
  ctx.fillText(clip(ctx, node.getTitle() ?? "", node.size[0] - 16), 8, 0.36 * letters - TITLE / 2);
}

function drawSlots(ctx: Ctx, node: LGraphNode, { fits, pixels }: Small): void {
  const half = Math.max(SLOT, 1 / pixels);
  const place = new Float32Array(2);
  for (const side of ["input", "output"] as const)
    for (const [i, slot] of (side === "input" ? node.inputs : node.outputs).entries()) {
      const isLinked = "links" in slot ? Boolean(slot.links?.length) : (slot as { link?: unknown }).link != null;
      const [x, y] = node.getConnectionPos(side === "input", i, place as never);
      ctx.globalAlpha = fits?.(side, slot.type) === false ? 0.4 : 1;
      const colour = (isLinked ? slot.color_on : slot.color_off) ?? themeOfNode(node).otherSocket;
      block(ctx, colour, x - node.pos[0] - half, y - node.pos[1] - half, 2 * half, 2 * half);
    }
  ctx.globalAlpha = 1;
}
