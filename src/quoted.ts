/** How messages show text that comes from a file: nobody vouches for it, so it is escaped and cut. */

/** Text in double quotes: at most `most` characters of it, escapes counted as they are shown. */
export function quoted(text: string, most = 80): string {
  const shown = Array.from(text.slice(0, most + 1), (character) => visible(JSON.stringify(character).slice(1, -1)));
  const isWhole = text.length <= most && shown.join("").length <= most;
  while (!isWhole && shown.join("").length >= most) shown.pop();
  return `"${shown.join("")}${isWhole ? "" : "…"}"`;
}

/** The text with its control characters and line separators escaped, of which JSON.stringify leaves those past 0x7e as they are. */
export const visible = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029]/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);
