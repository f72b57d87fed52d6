/** Text on a canvas, within a width. What has been measured is kept: the same words are drawn in every frame. */
import type { Theme } from "./theme";

interface Measured {
  width?: number;
  /** The room it was last cut to, and what was left. */
  room?: number;
  line?: string;
}
/** Beyond so many fonts, or texts of one, all are measured anew. */
const MOST = { fonts: 64, texts: 2000 };
const measured = new Map<string, Map<string, Measured>>();

function kept<V>(known: Map<string, V>, key: string, most: number, make: () => V): V {
  const found = known.get(key);
  if (found) return found;
  if (known.size >= most) known.clear();
  const made = make();
  known.set(key, made);
  return made;
}
const measuredOf = (font: string, text: string): Measured =>
  kept(
    kept(measured, font, MOST.fonts, () => new Map<string, Measured>()),
    text,
    MOST.texts,
    () => ({}),
  );

/** Sets the context's font, and hands it on to whoever measures. `style`: weight and size. */
export function setFont(ctx: CanvasRenderingContext2D, theme: Theme, style: string): string {
  const font = `${style} ${theme.font}`;
  ctx.font = font;
  return font;
}

/** How wide a short text is in a font, which is the context's: asking a context for its own takes as long as measuring. */
export function widthOf(ctx: CanvasRenderingContext2D, font: string, text: string): number {
  const known = measuredOf(font, text);
  known.width ??= ctx.measureText(text).width;
  return known.width;
}

/** Lines of `text` no wider than `width`; what does not fit `limit` lines ends in an ellipsis. */
export function wrap(text: string, width: number, limit: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = "";
  // No-break spaces hold words together.
  for (const word of text.split(/[^\S\u00a0]+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (measure(longer) <= width || (!line && word.length <= 1)) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = word;
    while (measure(line) > width && line.length > 1) {
      let cut = line.length - 1;
      while (cut > 1 && measure(line.slice(0, cut)) > width) cut--;
      lines.push(line.slice(0, cut));
      line = line.slice(cut);
      if (lines.length > limit) break;
    }
    if (lines.length > limit) break;
  }
  lines.push(line);
  if (lines.length <= limit) return lines;
  const last = lines[limit - 1]!;
  return [...lines.slice(0, limit - 1), `${last.slice(0, Math.max(0, last.length - 1))}…`];
}

/**
 * No node is wide enough for more: a file's text may be of any length, and measuring all of it again and again takes for ever.
 */
const MOST_CHARACTERS = 1000;

/** Text cut to a width, wherever that is in it. The font is the context's. */
export function clip(ctx: CanvasRenderingContext2D, font: string, text: string, width: number): string {
  const start = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text;
  const known = measuredOf(font, start);
  if (known.room !== width || known.line === undefined) {
    const [line = ""] = wrap(start.replace(/\s+/g, "\u00a0"), width, 1, (part) => ctx.measureText(part).width);
    known.room = width;
    known.line = line.replaceAll("\u00a0", " ");
  }
  return known.line;
}
