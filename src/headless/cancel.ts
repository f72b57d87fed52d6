/** Ctrl+C, and what else asks the program to stop. */

import { EXIT } from "./failure";
import { printError } from "./terminal";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Milliseconds in which what runs may come to its end; then the program ends without it. */
export const GRACE = 5000;

/**
 * A signal that aborts at the first SIGINT or SIGTERM: work then stops between two tiles, with nothing half written. Where it
 * has not stopped after `GRACE` the program ends with exit code 130. Both need the event loop, which one tile of WebAssembly
 * holds up for as long as it takes; so a second SIGINT or SIGTERM is left to the operating system, which ends the program at
 * once, whatever it is at. Where `endsItself` says so, the program is given all the time it takes.
 */
export function cancellation(exit: (code: number) => void = process.exit, endsItself: () => boolean = () => false): AbortSignal {
  const controller = new AbortController();
  const cancel = () => {
    for (const name of SIGNALS) process.off(name, cancel);
    controller.abort();
    if (endsItself()) return;
    const late = setTimeout(() => {
      printError("cancelled");
      exit(EXIT.cancelled);
    }, GRACE);
    late.unref();
  };
  for (const name of SIGNALS) process.on(name, cancel);
  return controller.signal;
}
