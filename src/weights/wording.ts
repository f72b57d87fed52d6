/** How this folder's errors spell shapes and sizes. */

/** A shape such as `[64, 3, 3, 3]`; of a shape with more than eight dimensions, the first eight. */
export function shapeText(shape: readonly (number | bigint)[]): string {
  return `[${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", …" : ""}]`;
}

/** `1 byte`, `1,024 bytes`. */
export function bytesText(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "byte" : "bytes"}`;
}
