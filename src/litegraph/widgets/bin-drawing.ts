/** Draws a histogram in the colours of its bins, with the edges to drag and the bins' names below. */
import type { Colour } from "../../plain-types";
import type { Box } from "../layout";
import { clip, setFont } from "../text";
import type { Theme } from "../theme";
import { type Cut, type Handle, handlesOf, placeOf } from "./bin-cut";

type Ctx = CanvasRenderingContext2D;

export const css = (colour: Colour): string => `rgb(${colour.join(" ")})`;

/** Bars as high as the square root of their counts, so that few places are seen beside many. */
export function drawBars(ctx: Ctx, box: Box, counts: readonly number[], colourAt: (depth: number) => string): void {
  const most = Math.sqrt(Math.max(1, ...counts));
  const width = box.width / counts.length;
  for (const [i, count] of counts.entries()) {
    const height = count > 0 ? Math.max(1, (Math.sqrt(count) / most) * (box.height - 2)) : 0;
    ctx.fillStyle = colourAt((i + 0.5) / counts.length);
    ctx.fillRect(box.x + i * width, box.y + box.height - height, width + 0.25, height);
  }
}

/** A line and a grip for each handle; the one that is held says where it is. */
export function drawHandles(ctx: Ctx, theme: Theme, box: Box, cut: Cut, held: Handle | undefined): void {
  for (const handle of handlesOf(cut)) {
    const x = box.x + placeOf(cut, handle) * box.width;
    const isEdge = typeof handle === "number";
    ctx.fillStyle = handle === held ? theme.accent : isEdge ? theme.text : theme.dim;
    ctx.globalAlpha = isEdge || handle === held ? 1 : 0.7;
    ctx.fillRect(x - 0.5, box.y, 1, box.height);
    ctx.beginPath();
    if (isEdge) ctx.roundRect(x - 2.5, box.y + box.height - 12, 5, 12, 2);
    else {
      const inwards = handle === "near" ? 6 : -6;
      ctx.moveTo(x, box.y);
      ctx.lineTo(x + inwards, box.y);
      ctx.lineTo(x, box.y + 8);
      ctx.closePath();
    }
    ctx.fill();
  }
  ctx.globalAlpha = 1;
  if (held !== undefined) drawValue(ctx, theme, box, placeOf(cut, held));
}

function drawValue(ctx: Ctx, theme: Theme, box: Box, value: number): void {
  const text = String(Number(value.toFixed(3)));
  ctx.font = `11px ${theme.font}`;
  const width = ctx.measureText(text).width + 8;
  const x = Math.min(box.x + box.width - width, Math.max(box.x, box.x + value * box.width - width / 2));
  ctx.fillStyle = theme.node;
  ctx.beginPath();
  ctx.roundRect(x, box.y + 2, width, 15, 3);
  ctx.fill();
  ctx.fillStyle = theme.text;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(text, x + 4, box.y + 10);
}

/** What each bin is called, in its colour, as wide as it is. */
export function drawNames(ctx: Ctx, theme: Theme, box: Box, cut: Cut): void {
  const font = setFont(ctx, theme, "10px");
  ctx.textBaseline = "middle";
  ctx.textAlign = "center";
  for (const [i, { name, colour }] of cut.bins.entries()) {
    const start = box.x + (i === 0 ? 0 : cut.edges[i - 1]!) * box.width;
    const end = box.x + (cut.edges[i] ?? 1) * box.width;
    ctx.fillStyle = css(colour);
    ctx.fillRect(start + 0.5, box.y, Math.max(0.5, end - start - 1), box.height);
    if (end - start < 18) continue;
    ctx.fillStyle = isDark(colour) ? "#fff" : "#000";
    ctx.fillText(clip(ctx, font, name, end - start - 4), (start + end) / 2, box.y + box.height / 2 + 0.5);
  }
}

const isDark = ([r, g, b]: Colour): boolean => 0.299 * r + 0.587 * g + 0.114 * b < 140;
