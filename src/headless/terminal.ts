/** What people read: lines without control characters, coloured only where a terminal shows colours and NO_COLOR is not set. */
import { styleText } from "node:util";

/** Text from a file or a graph with its control characters made visible, so that it cannot steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
export const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, "�");

export const print = (line: string): void => void process.stdout.write(`${line}\n`);
export const printError = (message: string): void => say(message, "red");
/** Of what is done all the same. */
export const printWarning = (message: string): void => say(`warning: ${message}`, "yellow");
/** On standard error, for what is no mistake: how far it is, or messages where standard output has a picture. */
export const printNote = (message: string): void => say(message, undefined);

type Colour = "red" | "yellow" | "cyan";

function say(message: string, colour: Colour | undefined): void {
  process.stderr.write(`${colour ? coloured("sftgan:", colour) : "sftgan:"} ${printable(message)}\n`);
}

/** Node's own `hasColors` goes by the terminal, NO_COLOR and FORCE_COLOR. */
export const coloured = (text: string, colour: Colour, stream: NodeJS.WriteStream = process.stderr): string =>
  stream.isTTY && stream.hasColors() ? styleText(colour, text, { validateStream: false }) : text;

/** Whether the cursor can be moved on it. */
export const isTerminal = (stream: NodeJS.WriteStream): boolean => stream.isTTY && process.env.TERM !== "dumb";
