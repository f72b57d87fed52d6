/** Batches in the queue: which jobs each consists of, beside BullMQ's own keys, and what is done with all of them at once. */
import { createHash } from "node:crypto";
import { type BulkJobOptions, Queue } from "bullmq";
import type { Redis } from "ioredis";
import { isRecord } from "../../graph/json";
import { UsageError } from "../failure";
import { type JobData, jobId } from "./job";
import { type Address, openServer, QUEUE, STEADY } from "./server";

/** Commands on their way at once. */
const SLICE = 1000;
const BATCHES = "sftgan:batches";
const membersKey = (batch: string) => `sftgan:batch:${batch}:jobs`;
export const recipeKey = (hash: string) => `sftgan:recipe:${hash}`;
const bull = (name: string) => `bull:${QUEUE}:${name}`;

/** Each is tried three times, but for what can only fail again. Priorities lie in a sorted set, which can be taken from anywhere. */
const JOB_OPTIONS = {
  attempts: 3,
  backoff: { type: "exponential", delay: 2000 },
  priority: 1,
  stackTraceLimit: 0,
} as const satisfies BulkJobOptions;

/** What a batch is, as it was asked for. */
export interface Batch {
  readonly id: string;
  /** Ways from the root. */
  readonly inputs: readonly string[];
  readonly out: string;
}

export const batchId = (inputs: readonly string[], out: string, recipe: string): string =>
  createHash("sha256")
    .update(JSON.stringify([inputs, out, recipe]))
    .digest("hex")
    .slice(0, 8);

/** The ids of jobs that have ended. */
export interface Ended {
  readonly completed: readonly string[];
  readonly failed: readonly string[];
}

/** What is known of a job that is in the queue. */
export interface JobRecord {
  readonly data: unknown;
  readonly returned: unknown;
  readonly reason: string;
  readonly progress: unknown;
}

export class Batches {
  readonly queue: Queue;

  private constructor(
    readonly address: Address,
    readonly client: Redis,
  ) {
    this.queue = new Queue(QUEUE, { connection: { ...address.options, ...STEADY }, skipVersionCheck: true });
    this.queue.on("error", () => {}); // as for the client
  }

  /** Throws EngineError where the server is not there or not fit. */
  static async open(address: Address): Promise<Batches> {
    return new Batches(address, await openServer(address));
  }

  async close(): Promise<void> {
    this.client.disconnect();
    await this.queue.disconnect();
    await this.queue.close().catch(() => {});
  }

  /**
   * Puts a batch into the queue: what waits or is under way stays as it is, what has ended is asked for again, and what was in
   * it and is no more is taken out.
   */
  async add(batch: Batch, recipe: { readonly text: string; readonly hash: string }, jobs: readonly JobData[]): Promise<void> {
    const planned = `${membersKey(batch.id)}:planned`;
    await this.client.set(recipeKey(recipe.hash), recipe.text);
    await this.client.hset(BATCHES, batch.id, JSON.stringify({ inputs: batch.inputs, out: batch.out }));
    await this.client.del(planned);
    const known = (await this.client.exists(bull("meta"))) === 1;
    for (const part of slices(jobs)) {
      const slice = part.map((data) => ({ id: jobId(data), data }));
      const ids = slice.map(({ id }) => id);
      await this.client.sadd(membersKey(batch.id), ...ids);
      await this.client.sadd(planned, ...ids);
      if (known) await this.removeEnded(ids);
      await this.enqueue(slice);
    }
    await this.remove(await this.client.sdiff(membersKey(batch.id), planned, ...(await this.others(batch))));
    await this.client.rename(planned, membersKey(batch.id));
  }

  private async enqueue(jobs: readonly { readonly id: string; readonly data: unknown }[]): Promise<void> {
    await this.queue.addBulk(jobs.map(({ id, data }) => ({ name: "upscale", data, opts: { ...JOB_OPTIONS, jobId: id } })));
  }

  /** Where the members of all other batches are. */
  private async others(batch: Batch): Promise<string[]> {
    return (await this.list()).filter(({ id }) => id !== batch.id).map(({ id }) => membersKey(id));
  }

  /** Takes jobs out of the queue. Returns those that could not be, for a worker has them in hand. */
  private async remove(ids: readonly string[]): Promise<string[]> {
    const left: string[] = [];
    for (const slice of slices(ids)) {
      const codes = await Promise.all(slice.map((id) => this.queue.remove(id)));
      left.push(...slice.filter((_, i) => codes[i] !== 1));
    }
    return left;
  }

  /** BullMQ takes no job whose id it knows, so what has ended is removed first. */
  private async removeEnded(ids: readonly string[]): Promise<void> {
    const lookups = this.client.pipeline();
    for (const id of ids) lookups.hexists(bull(id), "finishedOn");
    const found = (await lookups.exec()) ?? [];
    await this.remove(ids.filter((_, i) => found[i]?.[1] === 1));
  }

  /** All that are known, by what they were asked for. */
  async list(): Promise<Batch[]> {
    const all = await this.client.hgetall(BATCHES);
    return Object.entries(all).map(([id, text]) => {
      const { inputs, out } = parsed(text);
      const names = Array.isArray(inputs) ? inputs.filter((name) => typeof name === "string") : [];
      return { id, inputs: names, out: typeof out === "string" ? out : "" };
    });
  }

  /** The batch of this id, or the only one. Throws UsageError where there is none, or several. */
  async named(id: string | undefined): Promise<Batch> {
    const all = await this.list();
    const found = id === undefined ? (all.length === 1 ? all[0] : undefined) : all.find((batch) => batch.id === id);
    if (found) return found;
    const ids = all.map((batch) => batch.id).join(", ");
    if (all.length === 0)
      throw new UsageError(`the queue on ${this.address.shown} has no batch: put one in with sftgan upscale --queue`);
    throw new UsageError(
      id === undefined
        ? `the queue has ${all.length} batches: name one of ${ids}`
        : `the queue has no batch "${id}": name one of ${ids}`,
    );
  }

  exists = async ({ id }: Batch): Promise<boolean> => (await this.client.exists(membersKey(id))) === 1;
  count = ({ id }: Batch): Promise<number> => this.client.scard(membersKey(id));
  members = ({ id }: Batch): Promise<string[]> => this.client.smembers(membersKey(id));

  async ended({ id }: Batch): Promise<Ended> {
    const among = (state: string) => this.client.zinter(2, bull(state), membersKey(id));
    const [completed, failed] = await Promise.all([among("completed"), among("failed")]);
    return { completed, failed };
  }

  /** Jobs by id; undefined for one that is not in the queue. */
  async records(ids: readonly string[]): Promise<(JobRecord | undefined)[]> {
    const found: (JobRecord | undefined)[] = [];
    for (const slice of slices(ids)) {
      const lookups = this.client.pipeline();
      for (const id of slice) lookups.hmget(bull(id), "data", "returnvalue", "failedReason", "progress");
      for (const [, values] of (await lookups.exec()) ?? []) {
        const [data, returned, reason, progress] = values as (string | null)[];
        const record = { returned: jsonOf(returned), reason: reason ?? "", progress: jsonOf(progress) };
        found.push(data == null ? undefined : { data: jsonOf(data), ...record });
      }
    }
    return found;
  }

  /** Tries the failed jobs of a batch again. Returns how many. */
  async retry(batch: Batch): Promise<number> {
    const { failed } = await this.ended(batch);
    const records = await this.records(failed);
    await this.remove(failed);
    const jobs = failed.map((id, i) => ({ id, data: records[i]?.data }));
    for (const slice of slices(jobs.filter(({ data }) => data !== undefined))) await this.enqueue(slice);
    return failed.length;
  }

  /**
   * Takes a batch out of the queue, but for what workers have in hand and what another batch asks for too. Returns how many
   * were still to be done, and how many are in hand.
   */
  async cancel(batch: Batch): Promise<{ readonly waiting: number; readonly active: number }> {
    const own = await this.client.sdiff(membersKey(batch.id), ...(await this.others(batch)));
    const { completed, failed } = await this.ended(batch);
    const done = new Set([...completed, ...failed]);
    await this.client.hdel(BATCHES, batch.id);
    await this.client.del(membersKey(batch.id));
    const active = (await this.remove(own)).length;
    return { waiting: own.filter((id) => !done.has(id)).length - active, active };
  }

  /** The id of the queue's latest event: what comes after it is new. */
  async lastEvent(): Promise<string> {
    const [entry] = await this.client.xrevrange(bull("events"), "+", "-", "COUNT", 1);
    return entry?.[0] ?? "0-0";
  }

  /** Pictures a minute, of the latest events and by the server's clock alone; undefined where too little has ended. */
  async pace(): Promise<number | undefined> {
    const entries = await this.client.xrevrange(bull("events"), "+", "-", "COUNT", 3000);
    const times = entries.flatMap(([id, fields]) => (fields[1] === "completed" ? [Number(id.split("-")[0])] : []));
    const oldest = times.at(-1);
    if (times.length < 2 || oldest === undefined) return undefined;
    const now = 1000 * Number((await this.client.time())[0]);
    return now > oldest ? (60_000 * (times.length - 1)) / (now - oldest) : undefined;
  }

  /** How many processes take jobs; undefined where the server does not say. */
  workers = (): Promise<number | undefined> => this.queue.getWorkersCount().catch(() => undefined);
}

function* slices<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += SLICE) yield items.slice(at, at + SLICE);
}

function jsonOf(text: string | null | undefined): unknown {
  try {
    return text == null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const parsed = (text: string): Record<string, unknown> => {
  const found = jsonOf(text);
  return isRecord(found) ? found : {};
};
