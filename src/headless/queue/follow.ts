/** Follows a batch in the queue to its end, and says of its pictures what `upscale` says of those it enlarges itself. */
import { QueueEvents } from "bullmq";
import type { BatchReport, Outcome } from "../batch-report";
import { EXIT } from "../failure";
import { printNote } from "../terminal";
import type { Batch, Batches, JobRecord } from "./batches";
import { checkedJob, checkedReturned, exitIn, progressOf } from "./job";
import { isUnreachable, QUEUE, STEADY } from "./server";

/** Milliseconds between two looks at whether the batch is still there, and of those how many to a look at all its jobs. */
const LOOK = 2000;
const LOOKS = 10;

export interface FollowOptions {
  readonly report: BatchReport;
  /** A job's path as it is shown: of a way from the root. */
  readonly shown: (way: string) => string;
  /** Events after this one are new. */
  readonly since: string;
  /** What has ended already is counted, and not said once more. */
  readonly attached?: boolean;
  readonly signal: AbortSignal;
}

/** How following ended: with the batch, by Ctrl-C, or because somebody took the batch out of the queue. */
export type Followed = "done" | "detached" | "cancelled";

/** BullMQ's words for a job that was set aside, and ours. */
const SET_ASIDE = "job stalled more than allowable limit";
export const reasonText = (reason: string) =>
  reason === SET_ASIDE
    ? "its worker ended without a word twice while at it, perhaps for want of memory: it is set aside"
    : reason;

/** Resolves when all of a batch's jobs have ended, or nobody waits for that any more. */
export async function follow(batches: Batches, batch: Batch, options: FollowOptions): Promise<Followed> {
  return new Follower(batches, batch, options).run();
}

class Follower {
  private pending = new Set<string>();
  private readonly fractions = new Map<string, number>();
  private last: Promise<void> = Promise.resolve();
  private toldAbsent = false;
  private toldLonely = false;

  constructor(
    private readonly batches: Batches,
    private readonly batch: Batch,
    private readonly options: FollowOptions,
  ) {}

  async run(): Promise<Followed> {
    const { batches, batch, options } = this;
    this.pending = new Set(await batches.members(batch));
    if (options.attached) await this.catchUp(true);
    const events = new QueueEvents(QUEUE, {
      connection: { ...batches.address.options, ...STEADY },
      lastEventId: options.since,
      skipVersionCheck: true,
    });
    try {
      return await new Promise<Followed>((resolve, reject) => {
        const settle = (task: () => Promise<void>) => {
          this.last = this.last.then(task).then(
            () => {
              if (this.pending.size === 0) resolve("done");
            },
            (error) => (isUnreachable(error) ? this.absent() : reject(error)),
          );
        };
        if (options.signal.aborted) resolve("detached");
        options.signal.addEventListener("abort", () => resolve("detached"));
        events.on("error", (error) => (isUnreachable(error) ? this.absent() : reject(error)));
        events.on("progress", ({ jobId, data }) => this.progressed(jobId, data));
        events.on("waiting", ({ jobId }) => this.fractions.delete(jobId)); // given back, or to be tried again
        for (const name of ["completed", "failed"] as const)
          events.on(name, ({ jobId }: { jobId: string }) => {
            if (this.pending.has(jobId)) settle(() => this.end([jobId]));
          });
        settle(() => this.catchUp(false));
        this.looks(async (full) => {
          if (!(await batches.exists(batch))) return resolve("cancelled");
          this.present();
          await this.lonely();
          if (full) settle(() => this.catchUp(false));
        }, reject);
      });
    } finally {
      clearInterval(this.timer);
      this.options.report.progress.clear();
      await events.close().catch(() => {});
    }
  }

  private timer: NodeJS.Timeout | undefined;

  private looks(look: (full: boolean) => Promise<void>, failed: (error: unknown) => void): void {
    let [count, busy] = [0, false];
    this.timer = setInterval(() => {
      if (busy) return;
      busy = true;
      look(++count % LOOKS === 0)
        .catch((error) => (isUnreachable(error) ? this.absent() : failed(error)))
        .finally(() => {
          busy = false;
        });
    }, LOOK);
  }

  /** Jobs that have ended unseen: before this began, or while the server was away. */
  private async catchUp(quietly: boolean): Promise<void> {
    const { completed, failed } = await this.batches.ended(this.batch);
    await this.end(
      [...completed, ...failed].filter((id) => this.pending.has(id)),
      quietly,
    );
    await this.dropRemoved();
  }

  /** Jobs that are not in the batch any more, as it was planned again without them. Of a batch that is gone the next look tells. */
  private async dropRemoved(): Promise<void> {
    const members = new Set(await this.batches.members(this.batch));
    const removed = members.size === 0 ? [] : [...this.pending].filter((id) => !members.has(id));
    if (removed.length === 0) return;
    for (const id of removed) {
      this.pending.delete(id);
      this.fractions.delete(id);
    }
    this.options.report.dropped(removed.length);
    this.note(`the batch was planned again, without ${removed.length} of its pictures`);
  }

  private async end(ids: readonly string[], quietly = false): Promise<void> {
    const records = await this.batches.records(ids);
    for (const [i, id] of ids.entries()) {
      const record = records[i];
      if (!record || !this.pending.delete(id)) continue;
      this.fractions.delete(id);
      const { from, to } = this.paths(record);
      this.options.report.ended({ from, to }, outcomeOf(record), quietly);
    }
  }

  private paths({ data }: JobRecord): { readonly from: string; readonly to: string } {
    try {
      const { from, to } = checkedJob(data);
      return { from: this.options.shown(from), to: this.options.shown(to) };
    } catch {
      return { from: "a job of an unknown form", to: "" };
    }
  }

  private progressed(id: string, data: unknown): void {
    const progress = progressOf(data);
    if (!progress || !this.pending.has(id)) return;
    this.fractions.set(id, progress.fraction);
    const sum = [...this.fractions.values()].reduce((all, fraction) => all + fraction, 0);
    this.options.report.progress.show(`${this.fractions.size} under way, ${progress.stage} on ${progress.worker}`, sum);
  }

  private absent(): void {
    if (!this.toldAbsent) this.note(`the queue's server ${this.batches.address.shown} is away: waiting for it`);
    this.toldAbsent = true;
  }

  private present(): void {
    if (this.toldAbsent) this.note(`the queue's server ${this.batches.address.shown} is there again`);
    this.toldAbsent = false;
  }

  private async lonely(): Promise<void> {
    const isLonely = (await this.batches.workers()) === 0;
    if (isLonely && !this.toldLonely)
      this.note(
        `no worker takes pictures from the queue: start one with sftgan worker --queue ${this.batches.address.shown} --root DIR`,
      );
    this.toldLonely = isLonely;
  }

  private note(message: string): void {
    this.options.report.progress.clear();
    printNote(message);
  }
}

function outcomeOf({ returned, reason, progress }: JobRecord): Outcome {
  // A reason stays from an attempt that was followed by one that went well.
  if (returned === undefined) return { kind: "failed", message: reasonText(reason), exit: exitIn(progress) ?? EXIT.engine };
  try {
    return checkedReturned(returned);
  } catch (error) {
    return { kind: "failed", message: (error as Error).message, exit: EXIT.engine };
  }
}
