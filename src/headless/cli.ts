#!/usr/bin/env node
/** The command line `sftgan`: finds the command, says what went wrong in one message, and ends with an exit code. */
import { version } from "../../package.json";
import { cancellation } from "./cancel";
import { check } from "./check";
import { exportOnnx } from "./export";
import { fileError } from "./files";
import { nodes } from "./nodes";
import { run } from "./run";
import { print, printError } from "./terminal";
import { upscale } from "./upscale";
import { type Command, EXIT, UsageError } from "./usage";

const COMMANDS: readonly Command[] = [upscale, run, nodes, check, exportOnnx];

const HELP = `sftgan ${version}: SFT-GAN super-resolution, ×4, from the command line

Usage: sftgan COMMAND ...

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join("\n")}

  sftgan COMMAND --help   what a command takes
  sftgan --version        the version

Ctrl+C stops between two steps, with nothing half written; pressed again, at once.
Exit codes: 0 done, 1 something failed, 2 called wrongly, 130 cancelled.`;

async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const [name, ...rest] = args;
  const before = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const command = COMMANDS.find((known) => known.name === name);
  if (before.includes("--version") || name === "-v") print(version);
  else if (before.includes("--help") || before.includes("-h")) print((command?.help ?? HELP).trimEnd());
  else if (command) return command.run(rest, signal);
  else if (name === undefined) throw new UsageError(`a command is needed: ${COMMANDS.map((known) => known.name).join(", ")}`);
  else throw new UsageError(`there is no command "${name}": choose ${COMMANDS.map((known) => known.name).join(", ")}`);
  return EXIT.done;
}

/** Aborts where standard output cannot be written, such as to a disk that is full. */
const output = new AbortController();
process.stderr.on("error", () => {}); // there is nowhere left to say it
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE" || output.signal.aborted) return; // whoever reads our output may stop reading: `sftgan nodes | head`
  printError(fileError("standard output", error).message);
  process.exitCode = EXIT.failed;
  output.abort();
});

const signal = AbortSignal.any([cancellation(), output.signal]);

try {
  const code = await main(process.argv.slice(2), signal);
  process.exitCode = output.signal.aborted ? EXIT.failed : code;
} catch (error) {
  if (output.signal.aborted) process.exitCode = EXIT.failed;
  else if (signal.aborted) {
    printError("cancelled");
    process.exitCode = EXIT.cancelled;
  } else {
    printError(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}
