/** How this folder's errors spell names, shapes and sizes. Names come from files nobody vouches for: they are escaped and cut. */

const LONGEST_NAME = 80;

/** A name in double quotes, control characters escaped: at most 80 characters, escapes counted as they are shown. */
export function quoted(name: string): string {
  const shown = Array.from(name.slice(0, LONGEST_NAME + 1), escaped);
  const isWhole = name.length <= LONGEST_NAME && shown.join("").length <= LONGEST_NAME;
  while (!isWhole && shown.join("").length >= LONGEST_NAME) shown.pop();
  return `"${shown.join("")}${isWhole ? "" : "…"}"`;
}

/** JSON.stringify leaves the control characters past 0x7e as they are, and the line separators. */
const escaped = (character: string): string =>
  JSON.stringify(character)
    .slice(1, -1)
    .replace(/[\u007f-\u009f\u2028\u2029]/, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A shape such as `[64, 3, 3, 3]`; of a shape with more than eight dimensions, the first eight. */
export function shapeText(shape: readonly (number | bigint)[]): string {
  return `[${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", …" : ""}]`;
}

/** `1 byte`, `1,024 bytes`. */
export function bytesText(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "byte" : "bytes"}`;
}
