/** Failures of the backend, or of the memory it works in, told apart from what a node says itself. */

/** What engines and tfjs's backends say when they are out of memory, or have run into its end. */
const OF_BACKEND = [
  /^Aborted\(/,
  /memory access out of bounds/,
  /Failed to (allocate|grow)/i,
  /OUT_OF_MEMORY/,
  /^Unable to create WebGL(Texture|Buffer|Framebuffer)/,
];
/** What they say when an array in host memory cannot be made: the backend is as it was. */
const OF_HOST = /Array buffer allocation failed|Invalid (typed )?array (buffer )?length|out of memory/i;

/** Whether the backend itself failed, and cannot be relied on any more. */
export function isBackendFailure(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  const trapped = typeof WebAssembly !== "undefined" && error instanceof WebAssembly.RuntimeError;
  return trapped || OF_BACKEND.some((pattern) => pattern.test(message));
}

/** One message about what a node threw. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const memory = isBackendFailure(error) || (error instanceof RangeError && OF_HOST.test(message));
  if (!memory) return message;
  const cause = message
    .split(/[\n\r]/)[0]!
    .slice(0, 60)
    .replace(/(?<![.\s])[.\s]+$/, "");
  return `it ran out of memory (${cause}): give a smaller picture, or close other programs`;
}
