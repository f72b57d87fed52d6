/** What people read: lines without control characters, and a progress bar where standard error is a terminal. */

/** Text from a file or a graph with its control characters made visible, so that it cannot steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
export const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, "�");

export const print = (line: string): void => void process.stdout.write(`${line}\n`);
export const printError = (message: string): void => void process.stderr.write(`sftgan: ${printable(message)}\n`);

const WIDTH = 24;
const INTERVAL = 100;

/** One line on standard error that shows how far a run is. Nothing is written where that is no terminal. */
export class Progress {
  private shown = false;
  private last = 0;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** `fraction` is 0 to 1. */
  show(label: string, fraction: number): void {
    if (!this.stream.isTTY || performance.now() - this.last < INTERVAL) return;
    const full = Math.round(WIDTH * Math.min(Math.max(fraction, 0), 1));
    const bar = "█".repeat(full) + "░".repeat(WIDTH - full);
    const line = `${bar} ${String(Math.floor(100 * fraction)).padStart(3)} %  ${printable(label)}`;
    this.stream.write(`\r\u001b[K${line.slice(0, Math.max(20, (this.stream.columns ?? 80) - 1))}`);
    this.shown = true;
    this.last = performance.now();
  }

  clear(): void {
    if (this.shown) this.stream.write("\r\u001b[K");
    this.shown = false;
    this.last = 0;
  }
}
