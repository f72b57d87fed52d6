/** How this folder's errors spell names, shapes and sizes. Names come from files nobody vouches for: they are escaped and cut. */

/** A name in double quotes: at most 80 characters of it, control characters escaped. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name);
}

/** A shape such as `[64, 3, 3, 3]`; of a shape with more than eight dimensions, the first eight. */
export function shapeText(shape: readonly (number | bigint)[]): string {
  return `[${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", …" : ""}]`;
}

/** `1 byte`, `1,024 bytes`. */
export function bytesText(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "byte" : "bytes"}`;
}
