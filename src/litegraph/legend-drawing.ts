/** Draws what the colours of a picture stand for: a bar of numbers, or names beside their colours. */
import { legendText, ticksOf } from "../image/legend";
import { COLOUR_MAPS } from "../image/palette";
import type { ColourBar, ColourKey, Legend } from "../plain-types";
import type { Box } from "./layout";
import { clip, setFont, widthOf } from "./text";
import type { Theme } from "./theme";

type Ctx = CanvasRenderingContext2D;

/** What a bar needs below a picture. */
export const BAR_HEIGHT = 26;
const STRIP = 8;

/** In the box's width, at its top. */
export const drawLegend = (ctx: Ctx, theme: Theme, box: Box, legend: Legend): void =>
  legend.kind === "bar" ? drawColourBar(ctx, theme, box, legend) : drawKey(ctx, theme, box, legend);

/** The colours in a strip, the numbers of its ends below them, and between these what is measured. */
function drawColourBar(ctx: Ctx, theme: Theme, box: Box, bar: ColourBar): void {
  const gradient = ctx.createLinearGradient(box.x, 0, box.x + box.width, 0);
  const colours = COLOUR_MAPS[bar.map];
  for (const [i, colour] of colours.entries()) gradient.addColorStop(i / (colours.length - 1), `#${colour}`);
  ctx.fillStyle = bar.low < bar.high ? gradient : `#${colours[(colours.length - 1) >> 1]}`;
  ctx.fillRect(box.x, box.y + 3, box.width, STRIP);
  const font = setFont(ctx, theme, "10px");
  ctx.textBaseline = "middle";
  const y = box.y + STRIP + 11;
  const ticks = ticksOf(bar);
  const [first, last] = [ticks[0]!, ticks.at(-1)!];
  ctx.textAlign = "center";
  ctx.fillStyle = theme.dim;
  if (first === last) ctx.fillText(clip(ctx, font, legendText(bar), box.width), box.x + box.width / 2, y);
  else {
    const ends = 2 * Math.max(...[first, last].map(({ text }) => widthOf(ctx, font, text))) + 12;
    ctx.fillText(clip(ctx, font, bar.label, Math.max(0, box.width - ends)), box.x + box.width / 2, y);
    ctx.fillStyle = theme.text;
    ctx.textAlign = "left";
    ctx.fillText(first.text, box.x, y);
    ctx.textAlign = "right";
    ctx.fillText(last.text, box.x + box.width, y);
  }
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
}

/** Two rows of at most four names; of more, the last place says how many there are beside them. */
function drawKey(ctx: Ctx, theme: Theme, box: Box, { entries }: ColourKey): void {
  const shown = entries.length > 8 ? entries.slice(0, 7) : entries;
  const columns = Math.min(4, shown.length);
  const font = setFont(ctx, theme, "10px");
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  const placed = (i: number) => ({
    x: box.x + (i % columns) * (box.width / columns),
    y: box.y + 7 + Math.floor(i / columns) * 15,
  });
  for (const [i, { name, colour }] of shown.entries()) {
    const { x, y } = placed(i);
    ctx.fillStyle = `rgb(${colour.join(" ")})`;
    ctx.fillRect(x, y - 4, 8, 8);
    ctx.fillStyle = theme.dim;
    ctx.fillText(clip(ctx, font, name, box.width / columns - 14), x + 12, y);
  }
  if (shown.length < entries.length) ctx.fillText(`and ${entries.length - shown.length} more`, placed(7).x, placed(7).y);
  ctx.textBaseline = "alphabetic";
}
