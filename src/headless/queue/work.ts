/** What a worker does with the jobs of the queue: one picture at a time, by what `upscale` does with its own. */
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Job, UnrecoverableError, WaitingError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Compute } from "../compute";
import { Enlarger, isOfFullDisk } from "../enlarger";
import { EngineError, EXIT, exitOf } from "../failure";
import { isRuntimeFailure } from "../native/link";
import { print, printable, printError, printNote } from "../terminal";
import { endingIn } from "../upscale-options";
import { removeParts } from "../write";
import { recipeKey } from "./batches";
import { checkedJob, checkedRecipe, type JobData, type Returned } from "./job";
import { makingIn, RECIPE_OPTIONS } from "./recipe";
import type { Root } from "./root";
import { type Address, isUnreachable, openServer, QUEUE, STEADY, serverError, Unreachable } from "./server";

export interface WorkOptions {
  readonly address: Address;
  readonly root: Root;
  readonly compute: Compute;
  readonly overwrite: boolean;
  /** Seconds. */
  readonly stall: number;
  /** Seconds. */
  readonly grace: number;
  readonly quiet: boolean;
}

/** Milliseconds between two looks for a server that is not there, and between two reports of one picture. */
const RETRY = 2000;
const REPORT = 1000;
/** Milliseconds for the server to hear that the last job has ended. */
const FAREWELL = 5000;

/** Resolves to the exit code when it has been told to end, or cannot go on. */
export async function work(options: WorkOptions, signal: AbortSignal): Promise<number> {
  const client = await awaited(options, signal);
  if (!client) return EXIT.done;
  const shift = new Shift(options, client);
  if (process.send) {
    process.on("disconnect", () => shift.end()); // whoever started several is gone
    process.channel?.unref(); // which does not keep this one alive when it has ended
  }
  signal.addEventListener("abort", () => shift.end());
  if (signal.aborted) shift.end();
  return shift.code;
}

/** The server, once it is there; undefined where told to end meanwhile. */
async function awaited({ address, quiet }: WorkOptions, signal: AbortSignal): Promise<Redis | undefined> {
  for (let told = false; !signal.aborted; told = true) {
    try {
      return await openServer(address);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (!told && !quiet) printNote(`the queue's server ${address.shown} is not there: waiting for it`);
      await delay(RETRY, undefined, { signal }).catch(() => {});
    }
  }
  return undefined;
}

class Shift {
  readonly code: Promise<number>;
  private finish: (code: number) => void = () => {};
  private exit: number = EXIT.done;
  private readonly name = `${hostname()}-${process.pid}`;
  private readonly worker: Worker;
  private readonly stop = new AbortController();
  private ending = false;
  private isAway = false;
  private enlarger: { readonly key: string; readonly made: Promise<Enlarger> } | undefined;
  private readonly swept = new Set<string>();
  /** A picture has been read, so the root is there. */
  private hasRead = false;
  /** The picture at hand, by its way, which is never written over. */
  private reading: string | undefined;

  constructor(
    private readonly options: WorkOptions,
    private readonly client: Redis,
  ) {
    const { address, stall, quiet } = options;
    this.code = new Promise((resolve) => {
      this.finish = resolve;
    });
    this.worker = new Worker(QUEUE, (job, token) => this.process(job, token!), {
      connection: { ...address.options, ...STEADY },
      skipVersionCheck: true,
      name: this.name,
      concurrency: 1, // so that it is known which picture a worker died of
      lockDuration: 1000 * stall,
      stalledInterval: 1000 * stall,
      maxStalledCount: 1,
      runRetryDelay: RETRY,
    });
    this.worker.on("error", (error) => this.troubled(error));
    client.on("ready", () => {
      if (this.isAway) printNote(`the queue's server ${address.shown} is there again`);
      this.isAway = false;
    });
    if (!quiet) printNote(`waiting for pictures from ${address.shown}`);
  }

  /** Takes no more jobs; the one at hand ends within the grace period, or goes back. Told once more, it goes back at once. */
  end(): void {
    if (this.ending) {
      this.stop.abort(new Error("told to end"));
      return;
    }
    this.ending = true;
    const closed = this.worker.close();
    const late = setTimeout(() => this.stop.abort(new Error("told to end")), 1000 * this.options.grace);
    const never = delay(1000 * this.options.grace + FAREWELL, undefined, { ref: false });
    void Promise.race([closed, never]).then(async () => {
      clearTimeout(late);
      this.stop.abort(new Error("told to end"));
      await (await this.enlarger?.made.catch(() => undefined))?.close();
      await Promise.race([this.worker.disconnect().catch(() => {}), delay(RETRY, undefined, { ref: false })]);
      this.client.disconnect();
      this.finish(this.exit);
    });
  }

  private async process(job: Job, token: string): Promise<Returned> {
    let data: JobData | undefined;
    try {
      data = checkedJob(job.data);
      const [from, to] = [await this.options.root.inside(data.from), await this.options.root.inside(data.to)];
      this.reading = from;
      return await this.enlarge(job, { from, to }, await this.enlargerFor(data));
    } catch (error) {
      throw await this.verdict(job, token, data, error as Error);
    } finally {
      this.reading = undefined;
    }
  }

  private async enlarge(job: Job, paths: { readonly from: string; readonly to: string }, enlarger: Enlarger): Promise<Returned> {
    const folder = dirname(paths.to);
    if (!this.swept.has(folder)) await removeParts(paths.to);
    this.swept.add(folder);
    const ready = await enlarger.prepare(paths);
    this.hasRead = true;
    let told = performance.now();
    const progress = (fraction: number, stage: string) => {
      if (performance.now() - told < REPORT) return;
      told = performance.now();
      job.updateProgress({ stage, fraction: Math.min(1, fraction), worker: this.name }).catch(() => {}); // the next one may arrive
    };
    const outcome = ready ? await (await enlarger.enlarge(ready, progress))() : ({ kind: "skipped" } as const);
    if (!this.options.quiet)
      print(
        printable(
          `${this.options.root.unrooted(paths.to)}  ${outcome.kind === "done" ? `${(outcome.ms / 1000).toFixed(1)} s` : "already there"}`,
        ),
      );
    return outcome;
  }

  /** The enlarger for a job's recipe and format; for another one than the last job's it is another. */
  private enlargerFor({ recipe, to }: JobData): Promise<Enlarger> {
    const key = `${recipe} ${endingIn(to)}`;
    if (this.enlarger?.key === key) return this.enlarger.made;
    const made = this.made(recipe, to, this.enlarger?.made);
    this.enlarger = { key, made };
    made.catch(() => {
      if (this.enlarger?.made === made) this.enlarger = undefined; // the next job asks again
    });
    return made;
  }

  private async made(hash: string, to: string, old: Promise<Enlarger> | undefined): Promise<Enlarger> {
    await (await old?.catch(() => undefined))?.close();
    const recipe = checkedRecipe(await this.client.get(recipeKey(hash)), hash, RECIPE_OPTIONS);
    const { root, compute } = this.options;
    const overwrite = recipe.overwrite === true;
    if (overwrite && !this.options.overwrite)
      throw new Error(
        "the batch may replace files that this program did not make, and this worker may not: start it with --overwrite",
      );
    const making = await makingIn(recipe, to, root);
    const enlarger = new Enlarger(
      { overwrite, making, compute },
      () => (this.reading === undefined ? [] : [this.reading]),
      this.stop.signal,
    );
    await enlarger.load();
    return enlarger;
  }

  /** What becomes of a job that went wrong: given back, tried again, or failed for good. */
  private async verdict(job: Job, token: string, data: JobData | undefined, error: Error): Promise<Error> {
    const { root } = this.options;
    if (this.stop.signal.aborted) return this.giveBack(job, token);
    const blind = data !== undefined && codeOf(error) === "ENOENT" && !(await this.sees(data.from));
    const enlarger = await this.enlarger?.made.catch(() => undefined);
    if (blind || isOfFullDisk(error) || (error instanceof EngineError && enlarger?.isInVain(error))) {
      printError(
        blind
          ? `the root "${root.path}" shows nothing where "${data.from}" should be: mount it, or give another --root`
          : error.message,
      );
      this.exit = blind ? EXIT.input : exitOf(error);
      this.end();
      return this.giveBack(job, token);
    }
    const { message, exit } = enlarger?.failed(
      { from: data?.from ?? "" },
      new Error(root.unrooted(error.message), { cause: error }),
    ) ?? {
      message: root.unrooted(error.message),
      exit: EXIT.input,
    };
    const isInVain = !isPassing(error) && !enlarger?.isLost;
    const isFinal = isInVain || job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    if (isFinal) await job.updateProgress({ exit }).catch(() => {});
    if (!this.options.quiet) printError(`${message}${isFinal ? "" : ": tried again"}`);
    return isInVain ? new UnrecoverableError(message) : new Error(message);
  }

  /** Whether a picture is missing alone, and not all that lies beside it. Where others were there, the root alone tells. */
  private sees(from: string): Promise<boolean> {
    return this.options.root.sees(this.hasRead ? "." : dirname(from));
  }

  private async giveBack(job: Job, token: string): Promise<Error> {
    await job.moveToWait(token);
    return new WaitingError();
  }

  private troubled(error: Error): void {
    if (isUnreachable(error)) {
      if (!this.isAway && !this.ending) printNote(`the queue's server ${this.options.address.shown} is away: waiting for it`);
      this.isAway = true;
    } else if (/lock|not in the active state/i.test(error.message))
      printNote("another worker has taken over a picture that this one took too long to answer for");
    else if (!this.ending) printError(serverError(error, this.options.address).message);
  }
}

const codeOf = (error: unknown): string | undefined => {
  const { code, cause } = error as NodeJS.ErrnoException;
  return code ?? (cause as NodeJS.ErrnoException | undefined)?.code;
};

/** Whether another try may go better: the file system, the machine or what computes was at fault, and not the picture. */
function isPassing(error: Error): boolean {
  return error instanceof EngineError || /^E[A-Z]+$/.test(codeOf(error) ?? "") || isRuntimeFailure(error.message);
}
