#!/usr/bin/env node
/** The command line `sftgan`: finds the command, says what went wrong in one message, and ends with an exit code. */
import { version } from "../../package.json";
import { cancellation } from "./cancel";
import { EXIT, exitOf, UsageError } from "./failure";
import { fileError } from "./files";
import { Link } from "./native/link";
import { print, printError } from "./terminal";
import type { Command } from "./usage";

/** Each is loaded when it is asked for: what computes with tensors takes a while. `computes`: by onnxruntime, where it can. */
const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly computes?: boolean; load(): Promise<Command> }>> = {
  upscale: {
    summary: "enlarge pictures: a file, a folder or a pattern",
    computes: true,
    load: async () => (await import("./upscale")).upscale,
  },
  run: {
    summary: "run a graph: set parameters, write results",
    computes: true,
    load: async () => (await import("./run")).run,
  },
  nodes: { summary: "list the nodes with their sockets and parameters", load: async () => (await import("./nodes")).nodes },
  check: { summary: "say what is wrong with a graph, and where", load: async () => (await import("./check")).check },
  worker: {
    summary: "enlarge the pictures of a queue, on any machine",
    load: async () => (await import("./queue/worker")).worker,
  },
  queue: {
    summary: "say what is in a queue; attach, retry, cancel",
    load: async () => (await import("./queue/command")).queue,
  },
  export: { summary: "write a network as an ONNX model", load: async () => (await import("./export")).exportOnnx },
};
const NAMES = Object.keys(COMMANDS).join(", ");

const HELP = `sftgan ${version}: SFT-GAN super-resolution, ×4, from the command line

Usage: sftgan COMMAND ...

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join("\n")}

  sftgan help COMMAND     what a command takes; so does sftgan COMMAND --help
  sftgan --version        the version

Ctrl+C stops between two steps, with nothing half written; pressed again, at once.
Exit codes: 0 done, 1 an input cannot be used, 2 called wrongly, 3 some of several pictures failed,
4 a result cannot be written, 5 what computes, or the queue, is not there or has ended, 130 cancelled.`;

/** What says that nothing is computed here by onnxruntime. */
const ELSEWHERE = /^--queue\b|^(--device=)?wasm$/;

let endsItself = false;

/** Throws UsageError where there is no such command. */
async function commandNamed(name: string): Promise<Command> {
  if (Object.hasOwn(COMMANDS, name)) return COMMANDS[name]!.load();
  throw new UsageError(`there is no command "${name}": choose ${NAMES}`);
}

async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const [name, ...rest] = args;
  const before = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const asksForHelp = before.includes("--help") || before.includes("-h");
  if (before.includes("--version") || name === "-v") print(version);
  else if (name === "help") print(rest[0] === undefined || asksForHelp ? HELP : (await commandNamed(rest[0])).help);
  else if (asksForHelp) print(name?.startsWith("-") === false ? (await commandNamed(name)).help : HELP);
  else if (name === undefined) throw new UsageError(`a command is needed: ${NAMES}`);
  else {
    if (COMMANDS[name]?.computes && !before.some((arg) => ELSEWHERE.test(arg))) Link.startAhead();
    const command = await commandNamed(name);
    endsItself = command.endsItself ?? false;
    return command.run(rest, signal);
  }
  return EXIT.done;
}

/** Aborts where standard output cannot be written: to a disk that is full, or to somebody who has stopped reading. */
const output = new AbortController();
let hasEnded = false;
process.stderr.on("error", () => {}); // there is nowhere left to say it
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if ((hasEnded && error.code === "EPIPE") || output.signal.aborted) return; // whoever reads our output may stop reading: `sftgan nodes | head`
  if (error.code !== "EPIPE") printError(fileError("standard output", error).message);
  process.exitCode = EXIT.output;
  output.abort();
});

const signal = AbortSignal.any([cancellation(process.exit, () => endsItself), output.signal]);

try {
  const code = await main(process.argv.slice(2), signal);
  hasEnded = true;
  process.exitCode = output.signal.aborted ? EXIT.output : code;
} catch (error) {
  if (output.signal.aborted) process.exitCode = EXIT.output;
  else if (signal.aborted) {
    printError("cancelled");
    process.exitCode = EXIT.cancelled;
  } else {
    printError(error instanceof Error ? error.message : String(error));
    process.exitCode = exitOf(error);
  }
}
