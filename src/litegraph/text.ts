/** Text on a canvas, within a width. */

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

/** Text cut to a width, wherever that is in it. */
export function clip(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  const whole = text.slice(0, MOST_CHARACTERS).replace(/\s+/g, "\u00a0");
  const [line = ""] = wrap(whole, width, 1, (part) => ctx.measureText(part).width);
  return line.replaceAll("\u00a0", " ");
}
