/** Command lines: a table of options for each command, from which they are read and their help is printed. */
import { parseArgs } from "node:util";
import { UsageError } from "./failure";

export interface Command {
  /** What `--help` prints. */
  readonly help: string;
  /** Once cancelled it ends in a time of its own. */
  readonly endsItself?: true;
  /** Resolves to the exit code; what it throws is said in one message, and `exitOf` has its exit code. */
  run(args: readonly string[], signal: AbortSignal): Promise<number>;
}

export interface Option {
  /** What stands for its value, such as "N"; an option without takes none. */
  readonly value?: string;
  readonly short?: string;
  /** It may be given several times. */
  readonly multiple?: true;
  /** One line or more. */
  readonly help: string;
}

/** Options by their names without "--", in the order that help lists them. */
export type Options = Readonly<Record<string, Option>>;

/** What was given for the options of a table. */
export type Values<O extends Options> = {
  readonly [K in keyof O]?: O[K] extends { readonly value: string }
    ? O[K] extends { readonly multiple: true }
      ? readonly string[]
      : string
    : boolean;
};

const HELP = { short: "h", help: "prints this" } as const satisfies Option;

/** What `parseArgs` refuses, in our words; it names the option in quotes, as in "Option '-o, --out <value>' argument missing". */
function wrongOption({ code, message }: NodeJS.ErrnoException): string {
  const option = /'([^'<]+?)(?: <value>)?'/.exec(message)?.[1] ?? "an option";
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return `there is no option ${option}`;
  if (/does not take an argument/.test(message)) return `${option} takes no value`;
  return `${option} needs a value after it, or as ${option}=VALUE where the value begins with "-"`;
}

/** Options and positional arguments. Throws UsageError for an option that does not exist or lacks its value. */
export function parse<const O extends Options>(
  command: string,
  args: readonly string[],
  table: O,
): { readonly values: Values<O>; readonly positionals: readonly string[] } {
  const options = Object.entries(table).map(([name, { value, short, multiple = false }]) => {
    const type = value === undefined ? ("boolean" as const) : ("string" as const);
    return [name, { type, multiple, ...(short && { short }) }] as const;
  });
  try {
    const found = parseArgs({ args: [...args], options: Object.fromEntries(options), allowPositionals: true, strict: true });
    return { values: found.values as Values<O>, positionals: found.positionals };
  } catch (error) {
    throw new UsageError(`${wrongOption(error as NodeJS.ErrnoException)}: see "sftgan ${command} --help"`);
  }
}

/** The one positional argument a command takes. */
export function only(command: string, positionals: readonly string[], what: string): string {
  if (positionals.length === 1) return positionals[0]!;
  throw new UsageError(`${what} is needed, and ${positionals.length} arguments are given: see "sftgan ${command} --help"`);
}

/** A number among an option's values. Throws UsageError unless it is from `min` to `max`, and whole if it must be. */
export function numberOf(option: string, text: string, min: number, max: number, whole = true): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(`--${option} is "${text}": it must be a ${whole ? "whole " : ""}number from ${min} to ${max}`);
}

/** One of an option's values. Throws UsageError that lists them. */
export function choiceOf<const C extends string>(option: string, text: string, choices: readonly C[]): C {
  const found = choices.find((choice) => choice === text.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(`--${option} is "${text}": it must be one of ${choices.join(", ")}`);
}

const WIDTH = 110;
/** Options longer than this have their help below them. */
const MOST = 22;

/** Text in lines of at most `width` characters; lines it has itself stay apart, and those that fit as they are. */
const wrapped = (text: string, width: number): string[] =>
  text.split("\n").flatMap((line) => {
    if (line.length <= width) return [line];
    const lines = [""];
    for (const word of line.split(" ")) {
      const last = lines.at(-1)!;
      if (last !== "" && last.length + 1 + word.length > width) lines.push(word);
      else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
    }
    return lines;
  });

/** A command's help: how it is called, what it does, its options, and what else there is to say. */
export function helpText(usage: string, about: string, table: Options, ...rest: readonly string[]): string {
  const rows = Object.entries<Option>({ ...table, help: HELP }).map(([name, { value, short, help }]) => {
    const option = `${short ? `-${short}, ` : ""}--${name}${value === undefined ? "" : ` ${value}`}`;
    return { option, lines: (width: number) => wrapped(help, width) };
  });
  const column = Math.min(MOST, Math.max(...rows.map(({ option }) => option.length))) + 2;
  const indent = " ".repeat(column + 2);
  const listed = rows.flatMap(({ option, lines }) => {
    const [first = "", ...more] = lines(WIDTH - indent.length);
    const head = option.length + 2 > column ? [`  ${option}`, indent + first] : [`  ${option.padEnd(column)}${first}`];
    return [...head, ...more.map((line) => indent + line)];
  });
  const paragraphs = (text: string) => wrapped(text, WIDTH).join("\n");
  return [`Usage: ${usage}`, paragraphs(about), listed.join("\n"), ...rest.map(paragraphs)].join("\n\n");
}
