/** Pictures through standard input and output. */
import { UsageError } from "./failure";
import { LARGEST } from "./files";

/** All of standard input. Throws an error where nobody gives any, where it is too much, or where the signal aborts. */
export async function readInput(signal: AbortSignal): Promise<Uint8Array> {
  if (process.stdin.isTTY) throw new UsageError('standard input is a terminal: give a picture by "<" or "|"');
  const parts: Uint8Array[] = [];
  let length = 0;
  const stop = () => process.stdin.destroy(signal.reason as Error);
  signal.addEventListener("abort", stop);
  try {
    for await (const part of process.stdin as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > LARGEST) throw new Error("standard input is larger than 2 GB: give a smaller picture");
      parts.push(part);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** Throws UsageError where a picture would be written to the terminal. */
export function refuseTerminal(): void {
  if (process.stdout.isTTY) throw new UsageError('standard output is a terminal: send it on by ">" or "|", or name a file');
}

/** What cannot be written ends the program: see cli.ts. */
export const writeOutput = (bytes: Uint8Array | string): Promise<void> =>
  new Promise((resolve) => {
    process.stdout.write(bytes, () => resolve());
  });
