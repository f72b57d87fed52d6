/** Command lines: their options, and the two ways a command ends badly - called wrongly (2), or failed (1). */
import { type ParseArgsConfig, parseArgs } from "node:util";

export const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 130 } as const;

/** The command line itself is wrong; its message is for people. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Resolves to the exit code; what it throws is said in one message and is a failure. */
  run(args: readonly string[], signal: AbortSignal): Promise<number>;
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** What `parseArgs` refuses, in our words; it names the option in quotes, as in "Option '-o, --out <value>' argument missing". */
function wrongOption({ code, message }: NodeJS.ErrnoException): string {
  const option = /'([^'<]+?)(?: <value>)?'/.exec(message)?.[1] ?? "an option";
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return `there is no option ${option}`;
  if (/does not take an argument/.test(message)) return `${option} takes no value`;
  return `${option} needs a value after it, or as ${option}=VALUE where the value begins with "-"`;
}

interface Parsing<O extends Options> {
  args: string[];
  options: O;
  allowPositionals: true;
  strict: true;
}

/** Options and positional arguments. Throws UsageError for an option that does not exist or lacks its value. */
export function parse<const O extends Options>(
  command: string,
  args: readonly string[],
  options: O,
): ReturnType<typeof parseArgs<Parsing<O>>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`${wrongOption(error as NodeJS.ErrnoException)}: see "sftgan ${command} --help"`);
  }
}

/** The one positional argument a command takes. */
export function only(command: string, positionals: readonly string[], what: string): string {
  if (positionals.length === 1) return positionals[0]!;
  throw new UsageError(`${what} is needed, and ${positionals.length} arguments are given: see "sftgan ${command} --help"`);
}
