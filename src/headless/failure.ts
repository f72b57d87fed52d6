/** The ways a command ends, each with an exit code of its own, and the errors that say which it was. */

export const EXIT = {
  done: 0,
  /** What was given cannot be used: a file that is missing or damaged, a graph in which something is wrong. */
  input: 1,
  /** Called wrongly. */
  usage: 2,
  /** Some of several pictures failed; the others are done. */
  some: 3,
  /** A result cannot be written, or what is there must stay. */
  output: 4,
  /** What computes is not there, or has ended: a device, memory. */
  engine: 5,
  cancelled: 130,
} as const;

/** The command line itself is wrong. Messages of all of these are for people. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A result cannot be written. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/** What computes is not there, or has ended. */
export class EngineError extends Error {
  override readonly name = "EngineError";
}

/** The exit code for what a command throws. */
export function exitOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof OutputError) return EXIT.output;
  return error instanceof EngineError ? EXIT.engine : EXIT.input;
}
