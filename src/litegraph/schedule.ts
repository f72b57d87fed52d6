/** When the graph is run: one run at a time, at most one that waits, and the latest wins. */

/**
 * Milliseconds without a change before a run that no longer computes what is wanted is stopped for one that does. While a
 * slider is dragged it goes on to its end instead, so that something is seen; the latest value is run next.
 */
const QUIET = 350;
/** Milliseconds between runs for what changes all the time. */
const PAUSE = 300;

export class Schedule {
  readonly #run: () => void;
  #auto: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts runs; a run whose number is not the latest has been stopped. */
  #turn = 0;
  #busy = false;
  /** What was in focus of the run under way has been shown. */
  #shown = false;
  /** Something has changed since the run under way began: milliseconds from its end to the next. */
  #next: number | undefined;

  /** `run` is to `begin` a run. Without `auto` it is never called. */
  constructor(run: () => void, auto: boolean) {
    this.#run = run;
    this.#auto = auto;
  }

  get auto(): boolean {
    return this.#auto;
  }
  set auto(on: boolean) {
    this.#auto = on;
    if (on) this.soon();
    else clearTimeout(this.#timer);
  }

  /** A run is under way. */
  get busy(): boolean {
    return this.#busy;
  }

  /** A run begins, and stops the one under way. What is returned says whether the new one has been stopped since. */
  begin(): () => boolean {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    this.#busy = true;
    this.#shown = false;
    this.#next = undefined;
    return () => turn !== this.#turn;
  }

  /** The run under way is over. Not for one that has been stopped. */
  end(): void {
    this.#busy = false;
    this.#runNext();
  }

  /** Stops the run under way and the one that waits. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#turn++;
    this.#busy = false;
  }

  /** Runs soon: after as many milliseconds, or after the run under way unless changes stop coming before. */
  soon(after = 0): void {
    if (!this.#auto) return;
    clearTimeout(this.#timer);
    if (this.#busy) this.#next = after;
    this.#timer = setTimeout(this.#run, this.#busy && !this.#shown ? QUIET : after);
  }

  /** Runs a while after the run under way, which it neither stops nor puts off: for what changes all the time. */
  later(): void {
    this.#next ??= PAUSE;
  }

  /** The part in focus of the run under way is shown: a change no longer waits for the rest. */
  partShown(): void {
    this.#shown = true;
    this.#runNext();
  }

  /** What waits is no longer wanted: the run under way computes it, or the last one has. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#next = undefined;
  }

  #runNext(): void {
    if (this.#next !== undefined) this.soon(this.#next);
  }
}
