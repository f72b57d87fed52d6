/** What a node draws of its state: accent, progress, picture, legend, summary, error. Positions come from layout.ts. */
import { CLASSES, type ColourBar, type Legend } from "../plain-types";
import { colourKey } from "../prior/legend";
import type { LGraphNode } from "./host";
import { type Box, contains, fit, footerBox, isCollapsed, type Look, legendBox, pictureBox, widthDrawn } from "./layout";
import { BAR_HEIGHT, drawLegend } from "./legend-drawing";
import { type NodeState, pictureOf, runtimeOf } from "./state";
import { clip, setFont, widthOf, wrap } from "./text";
import { type Theme, themeOfNode } from "./theme";

type Ctx = CanvasRenderingContext2D;

/** Below this zoom the text of a node is too small to be read, and left out. */
const READABLE = 0.5;

export const seconds = (ms: number): string =>
  ms < 1 ? "< 1 ms" : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;

export function drawAccent(ctx: Ctx, node: LGraphNode, colour: string): void {
  ctx.fillStyle = colour;
  ctx.fillRect(0, 0, node.size[0] + 1, 2);
}

/** The edge of a node and its title, which tells it from a canvas of nearly its colour. */
export function drawOutline(ctx: Ctx, node: LGraphNode, theme: Theme, title: number): void {
  const height = isCollapsed(node) ? 0 : node.size[1];
  ctx.strokeStyle = theme.outline;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.roundRect(-0.5, -title - 0.5, widthDrawn(node) + 2, height + title + 1, 8);
  ctx.stroke();
}

/** Everything below the widgets; `scale` is the zoom. */
export function drawState(ctx: Ctx, node: LGraphNode, look: Look, state: NodeState, scale: number): void {
  const theme = themeOfNode(node);
  ctx.save();
  if (state.phase === "running") drawProgress(ctx, node, state.fraction);
  if (look.kind !== "none") {
    const { a, b } = ctx.getTransform();
    drawPictures(ctx, node, look, state, Math.hypot(a, b) || 1);
  }
  if (scale >= READABLE) {
    for (const [box, legend] of legendsOf(node, look, state)) drawLegend(ctx, theme, box, legend);
    drawFooter(ctx, theme, footerBox(node), state);
    drawMessages(ctx, node, state);
  } else drawFailure(ctx, node, state);
  ctx.restore();
}

/** Below the node: why it has failed, or what is to be known of its result. */
export function drawMessages(ctx: Ctx, node: LGraphNode, state: NodeState): void {
  const theme = themeOfNode(node);
  if (state.phase === "failed" && state.error) drawMessage(ctx, node, state.error, theme.bad, theme.badField);
  else if (state.phase === "finished" && state.warnings) {
    drawMessage(ctx, node, state.warnings.join("; "), theme.warning, theme.field);
  }
}

/** Of a node without text, or without anything below its title: how far it is, or that it has failed. */
export function drawEnd(ctx: Ctx, node: LGraphNode, state: NodeState, least = 0): void {
  if (state.phase === "running") drawProgress(ctx, node, state.fraction, least);
  drawFailure(ctx, node, state, least);
}

function drawFailure(ctx: Ctx, node: LGraphNode, state: NodeState, least = 0): void {
  if (state.phase !== "failed") return;
  const height = Math.max(6, least);
  ctx.fillStyle = themeOfNode(node).bad;
  ctx.fillRect(0, (isCollapsed(node) ? 0 : node.size[1]) - height, widthDrawn(node) + 1, height);
}

function drawProgress(ctx: Ctx, node: LGraphNode, fraction: number, least = 0): void {
  const theme = themeOfNode(node);
  const height = Math.max(4, least);
  const [top, width] = [isCollapsed(node) ? -height : 0, widthDrawn(node) + 1];
  ctx.fillStyle = theme.field;
  ctx.fillRect(0, top, width, height);
  ctx.fillStyle = theme.accent;
  ctx.fillRect(0, top, width * Math.min(1, Math.max(0.03, fraction)), height);
}

function drawFooter(ctx: Ctx, theme: Theme, box: Box, state: NodeState): void {
  const [colour, status] = {
    idle: [theme.outline, ""],
    off: [theme.outline, ""],
    waiting: [theme.dim, "waiting"],
    running: [theme.accent, `${Math.round(100 * state.fraction)} %`],
    finished: [theme.good, state.ms === undefined ? "" : seconds(state.ms)],
    failed: [theme.bad, "failed"],
  }[state.phase] as [string, string];
  const y = box.y + box.height / 2;
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(box.x + 4, y, 3, 0, 2 * Math.PI);
  ctx.fill();
  const font = setFont(ctx, theme, "11px");
  ctx.textBaseline = "middle";
  ctx.textAlign = "right";
  ctx.fillStyle = theme.dim;
  ctx.fillText(status, box.x + box.width, y);
  const left = box.width - widthOf(ctx, font, status) - 24;
  ctx.textAlign = "left";
  ctx.fillStyle = state.phase === "finished" ? theme.text : theme.dim;
  if (state.summary && left > 20) ctx.fillText(clip(ctx, font, state.summary, left), box.x + 14, y);
  ctx.textBaseline = "alphabetic";
}

/** Below the node, as wide as it; all of it is in the tooltip. */
function drawMessage(ctx: Ctx, node: LGraphNode, message: string, colour: string, field: string): void {
  const theme = themeOfNode(node);
  ctx.font = `12px ${theme.font}`;
  const width = node.size[0] + 1;
  const lines = wrap(message, width - 20, 4, (text) => ctx.measureText(text).width);
  ctx.fillStyle = field;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.roundRect(0.5, node.size[1] + 5.5, width - 1, lines.length * 16 + 10, 6);
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = colour;
  ctx.textAlign = "left";
  lines.forEach((line, i) => {
    ctx.fillText(line, 10, node.size[1] + 22 + i * 16);
  });
}

/** Before there is a picture, of a node that shows classes. */
const CLASS_KEY = colourKey(CLASSES)!;

/** The bars of the pictures on the node; equal ones are one. */
function barsOf(look: Look, state: NodeState): ColourBar[] {
  const outputs = look.kind === "compare" ? ["before", "after"] : [""];
  const bars = outputs.flatMap((output) => {
    const legend = pictureOf(state, output).view?.legend;
    return legend?.kind === "bar" ? [legend] : [];
  });
  return bars.filter((bar, i) => i === 0 || JSON.stringify(bar) !== JSON.stringify(bars[0]));
}

/** What the colours stand for, and where it is said: in the place that the node keeps for it, or at the picture's foot. */
function legendsOf(node: LGraphNode, look: Look, state: NodeState): (readonly [Box, Legend])[] {
  if (look.legend) {
    const { view } = pictureOf(state, "");
    const legend = view ? view.legend : CLASS_KEY;
    return legend ? [[legendBox(node), legend]] : [];
  }
  const bars = barsOf(look, state);
  const box = pictureBox(node, look);
  const gap = 12 * (bars.length - 1);
  const width = (box.width - gap) / bars.length;
  return bars.map((bar, i) => [{ ...box, x: box.x + i * (width + gap), y: box.y + box.height - BAR_HEIGHT, width }, bar]);
}

/** What the node shows of its results. `pixels`: device pixels for a graph unit; too few for letters leave out what is written. */
export function drawPictures(ctx: Ctx, node: LGraphNode, look: Look, state: NodeState, pixels: number): void {
  const theme = themeOfNode(node);
  const whole = pictureBox(node, look);
  const foot = !look.legend && barsOf(look, state).length ? BAR_HEIGHT : 0;
  const box = { ...whole, height: whole.height - foot };
  if (box.width < 8 || box.height < 8) return;
  ctx.fillStyle = theme.field;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  const isEarlier = !state.kept && (state.phase === "waiting" || state.phase === "running");
  ctx.globalAlpha = isEarlier || state.phase === "failed" ? 0.45 : 1;
  if (look.kind === "picture") drawPicture(ctx, node, "", state, box, pixels);
  else {
    const after = drawPicture(ctx, node, "after", state, box, pixels);
    ctx.save();
    const x = box.x + box.width * state.split;
    ctx.beginPath();
    ctx.rect(box.x, box.y, x - box.x, box.height);
    ctx.clip();
    if (after) {
      ctx.fillStyle = theme.field;
      ctx.fillRect(box.x, box.y, box.width, box.height);
    }
    const before = drawPicture(ctx, node, "before", state, box, pixels);
    ctx.restore();
    if (before && after) drawDivider(ctx, theme, box, x, pixels);
  }
  ctx.globalAlpha = 1;
  if (pixels < READABLE) return;
  const label = state.kept ? KEPT[state.kept] : isEarlier ? "earlier result" : undefined;
  if (label && [...state.pictures.values()].some(({ view }) => view)) drawMark(ctx, theme, box, label);
}

/** What is said over a picture that has not been computed in this visit. */
const KEPT = { visit: "earlier visit", package: "example result" } as const;

/** Says over a picture what it is. */
function drawMark(ctx: Ctx, theme: Theme, box: Box, text: string): void {
  const font = setFont(ctx, theme, "600 11px");
  const label = clip(ctx, font, text, box.width - 24);
  const width = widthOf(ctx, font, label) + 12;
  ctx.fillStyle = theme.field;
  ctx.strokeStyle = theme.warning;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.roundRect(box.x + 4.5, box.y + 4.5, width, 17, 4);
  ctx.fill();
  ctx.stroke();
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillStyle = theme.warning;
  ctx.fillText(label, box.x + 10.5, box.y + 13.5);
  ctx.textBaseline = "alphabetic";
}

/** Asks for the picture as often as needed; true if something was drawn. */
function drawPicture(ctx: Ctx, node: LGraphNode, output: string, state: NodeState, box: Box, pixels: number): boolean {
  const { view } = pictureOf(state, output);
  const place = view ? fit(box, view.size) : box;
  runtimeOf(node)?.want(node, output, Math.ceil(place.width * pixels), Math.ceil(place.height * pixels));
  if (!view) return false;
  ctx.imageSmoothingEnabled = view.size.width > place.width * pixels;
  ctx.drawImage(view.bitmap, place.x, place.y, place.width, place.height);
  return true;
}

function drawDivider(ctx: Ctx, theme: Theme, box: Box, x: number, pixels: number): void {
  ctx.fillStyle = theme.text;
  ctx.fillRect(x - 0.75, box.y, 1.5, box.height);
  if (pixels < READABLE) return;
  ctx.beginPath();
  ctx.arc(x, box.y + box.height / 2, 6, 0, 2 * Math.PI);
  ctx.fill();
  const font = setFont(ctx, theme, "10px");
  ctx.textBaseline = "middle";
  ctx.textAlign = "center";
  for (const [label, right] of [
    ["before", false],
    ["after", true],
  ] as const) {
    const width = widthOf(ctx, font, label) + 12;
    const left = right ? box.x + box.width - width - 4 : box.x + 4;
    ctx.fillStyle = theme.field;
    ctx.beginPath();
    ctx.roundRect(left, box.y + 4, width, 16, 4);
    ctx.fill();
    ctx.fillStyle = theme.text;
    ctx.fillText(label, left + width / 2, box.y + 12.5);
  }
  ctx.textBaseline = "alphabetic";
  ctx.textAlign = "left";
}

/** The divider for a pointer at `pos`; undefined where that is not on the picture. */
export function splitAt(node: LGraphNode, look: Look, pos: readonly [number, number], outside = false): number | undefined {
  const box = pictureBox(node, look);
  if (look.kind !== "compare" || (!outside && !contains(box, pos))) return undefined;
  return Math.min(1, Math.max(0, (pos[0] - box.x) / box.width));
}
