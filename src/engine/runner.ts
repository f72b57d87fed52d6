/**
 * Runs one after another on a backend that is started when it is first needed and replaced when it fails: the one queue, the one
 * restart and the one cancel of the worker, the page and the command line.
 */

import { unlessAborted } from "../abort";
import type { RunResult } from "../graph/running";

/** What one backend holds: an executor with its results, and the weights loaded for it. Replaced as a whole. */
export interface Session {
  /** `broken`: the backend has failed, and what is on it cannot be relied on. */
  readonly executor: { readonly broken: boolean };
  /** Aborted when the backend is gone from outside, such as a graphics context. */
  readonly lost: AbortSignal;
  /** Whether it is gone: known before `lost` tells of it. */
  isLost(): boolean;
  /** Lets go of everything at once, the backend being of no use any more. */
  abandon(): void;
  /** Disposes everything. */
  close(): void | Promise<void>;
}

export interface Job<S> {
  /** Its turn has come. */
  begin?(): void;
  /** Computes once. Ends soon after `signal` aborts, and has then ended in all it does. */
  compute(session: S, signal: AbortSignal): Promise<RunResult>;
  /** Its turn is over. */
  end?(): void;
}

/** A backend lost so often in one run is not coming back. */
const MOST_LOSSES = 3;

export class Runner<S extends Session> {
  private session: Promise<S> | undefined;
  private idle: Promise<unknown> = Promise.resolve();
  private busy = false;

  /** `notice` says what a user should know that is no node's fault. */
  constructor(private readonly parts: { start(): Promise<S>; notice?(message: string): void }) {}

  /** The session, started where there is none. */
  open(): Promise<S> {
    if (!this.session) {
      const session = this.parts.start();
      this.session = session;
      session.then(
        (opened) =>
          opened.lost.addEventListener("abort", () => {
            if (this.session !== session || this.busy) return; // a run under way sees to it itself
            this.drop(opened);
            this.parts.notice?.("The graphics context was lost: the next run starts it again.");
          }),
        () => {
          if (this.session === session) this.session = undefined; // the next one tries again
        },
      );
    }
    return this.session;
  }

  /** The session where one has been started, and has not failed to. */
  async opened(): Promise<S | undefined> {
    return this.session?.catch(() => undefined);
  }

  /**
   * Computes when all before it have ended; again on a new session where the last was lost, and once more where its memory ran
   * out. Resolves with undefined when `stop` aborts: at once while it waits or the session starts, and when the computing has
   * ended after that.
   */
  async run(job: Job<S>, stop: AbortSignal): Promise<RunResult | undefined> {
    let begun = false;
    const done = this.idle.then(async () => {
      if (stop.aborted) return undefined;
      begun = true;
      this.busy = true;
      job.begin?.();
      try {
        return await this.perform(job, stop);
      } finally {
        this.busy = false;
        job.end?.();
      }
    });
    this.idle = done.catch(() => {});
    return (await unlessAborted(done, stop)) ?? (begun ? done : undefined);
  }

  /** Computes nothing more, and disposes the session once what is under way has ended. */
  async close(): Promise<void> {
    await this.idle;
    const session = await this.opened();
    this.session = undefined;
    if (session?.executor.broken) session.abandon();
    else await session?.close();
  }

  private async perform(job: Job<S>, stop: AbortSignal): Promise<RunResult | undefined> {
    const notice = (message: string) => this.parts.notice?.(message);
    for (let losses = 1; ; losses++) {
      const session = await unlessAborted(this.open(), stop);
      if (!session || stop.aborted) return undefined;
      const outcome = await attempt(job, session, stop);
      const isLost = session.isLost();
      if (!isLost && !session.executor.broken) return outcome();
      this.drop(session);
      if (!isLost) {
        if (losses > 1 || stop.aborted) return outcome(); // it says what to do
        notice("The memory ran out: the engine is started again and the run is repeated.");
        continue;
      }
      if (stop.aborted) {
        notice("The graphics context was lost: the next run starts it again.");
        return undefined;
      }
      if (losses === MOST_LOSSES)
        throw new Error(
          `the graphics context was lost ${MOST_LOSSES} times in one run: close other pages that use the GPU, or give a smaller picture`,
        );
      notice("The graphics context was lost: it is started again and the run is repeated.");
    }
  }

  private drop(session: S): void {
    this.session = undefined;
    session.abandon();
  }
}

/** One computing in one session, which is stopped by `stop` and by the session's loss. What it resolves to says how it ended. */
async function attempt<S extends Session>(job: Job<S>, session: S, stop: AbortSignal): Promise<() => RunResult | undefined> {
  const either = new AbortController(); // not AbortSignal.any, which browsers have had for a short time only
  const abort = () => either.abort("cancelled");
  const reasons = [stop, session.lost];
  for (const reason of reasons) reason.addEventListener("abort", abort);
  if (reasons.some((reason) => reason.aborted)) abort();
  try {
    const result = await job.compute(session, either.signal);
    return () => result;
  } catch (error) {
    return () => {
      if (!stop.aborted) throw error;
      return undefined;
    };
  } finally {
    for (const reason of reasons) reason.removeEventListener("abort", abort);
  }
}
