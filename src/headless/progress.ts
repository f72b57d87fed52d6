/**
 * How far a command is, on standard error: one line that is written anew where that is a terminal - how many of how many, how
 * many a minute, the time left - and for a log a plain line now and then.
 */
import { roughTime } from "../time-text";
import { coloured, isTerminal, printable } from "./terminal";

const WIDTH = 24;
/** Milliseconds between two lines. */
const INTERVAL = 100;
const LOG_INTERVAL = 30_000;
/** The pace is that of so many of the last pictures. */
const WINDOW = 50;

export interface ProgressOptions {
  readonly stream?: NodeJS.WriteStream;
  /** Nothing is written. */
  readonly quiet?: boolean;
  /** Milliseconds. */
  readonly now?: () => number;
}

export class Progress {
  private readonly stream: NodeJS.WriteStream;
  private readonly now: () => number;
  private readonly interval: number;
  private shown = false;
  private last: number;
  private count = 0;
  /** When computing began, and when the last pictures were done. */
  private readonly times: number[] = [];

  /** `total` is the number of pictures, or 1. */
  constructor(
    private total = 1,
    private readonly options: ProgressOptions = {},
  ) {
    this.stream = options.stream ?? process.stderr;
    this.now = options.now ?? (() => performance.now());
    this.interval = isTerminal(this.stream) ? INTERVAL : LOG_INTERVAL;
    this.last = isTerminal(this.stream) ? Number.NEGATIVE_INFINITY : this.now();
  }

  /** One more is done with. Those that were there already, or failed, say nothing of the pace. */
  finished(computed: boolean): void {
    this.count++;
    if (!computed) return;
    this.times.push(this.now());
    if (this.times.length > WINDOW + 1) this.times.shift();
  }

  /** So many are not to be done any more. */
  dropped(count: number): void {
    this.total -= count;
  }

  /** What is under way, and how much of it is done: of one picture 0 to 1, of several the sum. */
  show(label: string, fraction: number): void {
    if (this.times.length === 0) this.times.push(this.now());
    if (this.options.quiet || this.now() - this.last < this.interval) return;
    this.last = this.now();
    if (isTerminal(this.stream)) this.draw(label, fraction);
    else if (this.total > 1) this.stream.write(`sftgan: ${this.pace(fraction).join(", ")}\n`);
  }

  /** Takes the line away: something else is about to be written. */
  clear(): void {
    if (!this.shown) return;
    this.stream.write("\r\u001b[K");
    this.shown = false;
    this.last = Number.NEGATIVE_INFINITY;
  }

  private draw(label: string, fraction: number): void {
    const part = Math.min(Math.max((this.count + fraction) / this.total, 0), 1);
    const full = Math.round(WIDTH * part);
    const [bar, rest] = ["█".repeat(full), "░".repeat(WIDTH - full)];
    const numbers = this.total > 1 ? this.pace(fraction) : [`${String(Math.floor(100 * part)).padStart(3)} %`];
    const room = Math.max(20, (this.stream.columns ?? 80) - 1) - WIDTH - 1;
    const text = [...numbers, printable(label)].join("  ").slice(0, room);
    this.stream.write(`\r\u001b[K${coloured(bar, "cyan", this.stream)}${rest} ${text}`);
    this.shown = true;
  }

  /** "12 of 100", "34 a minute", "3 min left" */
  private pace(fraction: number): string[] {
    const done = `${this.count} of ${this.total}`;
    const [first = 0] = this.times;
    const computed = this.times.length - 1 + fraction;
    const minutes = (this.now() - first) / 60_000;
    if (this.times.length < 2 || !(minutes > 0)) return [done];
    const rate = computed / minutes;
    const left = Math.max(0, this.total - this.count - fraction) / rate;
    return [done, rateText(rate), `${roughTime(60_000 * left)} left`];
  }
}

/** A number a minute as people read it. */
export const rateText = (rate: number): string =>
  rate < 1 ? `${(60 * rate).toFixed(1)} an hour` : `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} a minute`;
