/**
 * How a node of ours looks where the zoom is too small for its text: its picture, blocks in the colours of its title, slots and
 * controls, and its title, controls and values in letters of their own as long as those can be read. It costs a tenth of the
 * node in full.
 */
import { drawEnd, drawMessages, drawPictures } from "./drawing";
import { definitionOf, type LGraphNode } from "./host";
import { isCollapsed, type Look, lookOf, widgetRows, widthDrawn } from "./layout";
import { drawMode, fadeOff } from "./mode";
import { stateOf } from "./state";
import { clip, setFont } from "./text";
import { type Theme, themeOfNode } from "./theme";

type Ctx = CanvasRenderingContext2D;

/** Below this many device pixels for a graph unit a node is small, as litegraph has it for its own. */
const SMALL = 0.6;
/** Down to this many, without it, controls have letters, and so have litegraph's. */
const WORDED = 0.5;
/** Below this many the title cannot be read either, and controls are not told apart. */
const TITLED = 0.28;

const TITLE = 30;
/** Letters of a title: as many device pixels high, and at most as many graph units. */
const LETTERS = { pixels: 9, most: 20 };
/** Those of a control, which is 20 units high. */
const WORDS = { pixels: 8, most: 16 };
/** Half the side of a slot. */
const SLOT = 4;

export interface Small {
  /** Device pixels for a graph unit. */
  readonly pixels: number;
  readonly isSelected: boolean;
  /** Whether the wire being dragged fits this slot; undefined where none is dragged. */
  fits?(side: "input" | "output", type: string | number): boolean;
}

/** At the context's origin. False, with nothing drawn, where the node is not small or not ours. */
export function drawSmall(ctx: Ctx, node: LGraphNode, small: Small): boolean {
  const def = definitionOf(node);
  if (small.pixels >= SMALL || !def) return false;
  const theme = themeOfNode(node);
  const { pixels, isSelected } = small;
  const [width, height] = [widthDrawn(node) + 1, isCollapsed(node) ? 0 : node.size[1]];
  const edge = (isSelected ? 3 : 1) / pixels;
  ctx.globalAlpha = 1;
  block(ctx, isSelected ? theme.text : theme.outline, -edge, -TITLE - edge, width + 2 * edge, height + TITLE + 2 * edge);
  if (height) block(ctx, node.bgcolor || theme.node, 0, 0, width, height);
  block(ctx, node.color || theme.title, 0, -TITLE, width, TITLE);
  if (pixels >= TITLED) drawTitle(ctx, theme, node, width, pixels);
  if (height) drawBody(ctx, theme, node, lookOf(def), pixels);
  drawEnd(ctx, node, stateOf(node), 2 / pixels);
  drawSlots(ctx, node, small);
  if (pixels > WORDED) drawMode(ctx, node);
  else fadeOff(ctx, node);
  return true;
}

/** What lies below the title, but for how far the node is. */
function drawBody(ctx: Ctx, theme: Theme, node: LGraphNode, look: Look, pixels: number): void {
  const accent = node.outputs[0] ?? node.inputs[0];
  if (accent?.color_on) block(ctx, accent.color_on, 0, 0, node.size[0] + 1, Math.max(2, 1 / pixels));
  if (pixels >= TITLED) drawControls(ctx, theme, node, pixels);
  const state = stateOf(node);
  if (look.kind !== "none") drawPictures(ctx, node, look, state, pixels);
  if (pixels > WORDED) drawMessages(ctx, node, state);
}

function block(ctx: Ctx, colour: string, x: number, y: number, width: number, height: number): void {
  ctx.fillStyle = colour;
  ctx.fillRect(x, y, width, height);
}

function drawTitle(ctx: Ctx, theme: Theme, node: LGraphNode, width: number, pixels: number): void {
  const letters = Math.min(LETTERS.most, LETTERS.pixels / pixels);
  const font = setFont(ctx, theme, `600 ${letters}px`);
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = theme.text;
  ctx.fillText(clip(ctx, font, node.getTitle() ?? "", width - 16), 8, 0.36 * letters - TITLE / 2);
}

function drawControls(ctx: Ctx, theme: Theme, node: LGraphNode, pixels: number): void {
  const rows = widgetRows(node);
  let font: string | undefined;
  if (rows.length && pixels > WORDED) {
    font = setFont(ctx, theme, `${Math.min(WORDS.most, WORDS.pixels / pixels)}px`);
    ctx.textBaseline = "middle";
  }
  for (const [widget, y, tall] of rows) {
    if (widget.drawSmall) widget.drawSmall(ctx, node.size[0], y, tall, font);
    else widget.draw?.(ctx, node, node.size[0], y, tall);
  }
}

function drawSlots(ctx: Ctx, node: LGraphNode, { fits, pixels }: Small): void {
  const half = Math.max(SLOT, 1 / pixels);
  const place = new Float32Array(2);
  const isFolded = isCollapsed(node);
  for (const side of ["input", "output"] as const)
    for (const [i, slot] of (side === "input" ? node.inputs : node.outputs).entries()) {
      const isLinked = "links" in slot ? Boolean(slot.links?.length) : (slot as { link?: unknown }).link != null;
      if (isFolded && !isLinked) continue; // all lie in one place
      const [x, y] = node.getConnectionPos(side === "input", i, place as never);
      ctx.globalAlpha = fits?.(side, slot.type) === false ? 0.4 : 1;
      const colour = (isLinked ? slot.color_on : slot.color_off) ?? themeOfNode(node).otherSocket;
      block(ctx, colour, x - node.pos[0] - half, y - node.pos[1] - half, 2 * half, 2 * half);
    }
  ctx.globalAlpha = 1;
}
