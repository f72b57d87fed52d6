/** What passes between the process that makes inputs and the one that reads them. */

export interface Request {
  readonly kind: string;
  readonly input: unknown;
}

export interface Answer {
  /** Whether a value was read; undefined where something broke. */
  readonly read?: boolean;
  readonly broken?: string;
  /** Of the processor, all threads. */
  readonly milliseconds: number;
  /** The most the process has held so far. */
  readonly bytes: number;
}

/** The signal that says that the process took more memory than it may. */
export const OUT_OF_MEMORY = "SIGUSR2";
