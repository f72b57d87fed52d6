/** `sftgan upscale --queue`: plans a batch, puts it into the queue, and follows it. */
import type { BigIntStats } from "node:fs";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { BatchReport } from "../batch-report";
import { computeOf } from "../compute";
import { Enlarger } from "../enlarger";
import { EXIT, OutputError, UsageError } from "../failure";
import type { Plan } from "../jobs";
import type { Making } from "../picture-maker";
import { STANDARD } from "../sources";
import { printNote } from "../terminal";
import type { UpscaleValues } from "../upscale-options";
import { tryWriting } from "../write";
import { Batches, batchId } from "./batches";
import { follow } from "./follow";
import { type JobData, recipeText } from "./job";
import { hasFiles, recipeOf, refuseLocal } from "./recipe";
import { Root } from "./root";
import { addressOf } from "./server";

export interface Submission {
  readonly queue: string;
  /** As on the command line. */
  readonly inputs: readonly string[];
  readonly out: string;
  readonly plan: Plan;
  readonly making: Making;
  /** All options, as on the command line. */
  readonly values: UpscaleValues;
  readonly report: BatchReport;
  readonly signal: AbortSignal;
}

/** Resolves to the exit code, which is that of the same batch on one machine; Ctrl-C leaves the batch to go on. */
export async function submit(submission: Submission): Promise<number> {
  const { queue, inputs, out, plan, making, values, report, signal } = submission;
  refuseLocal(values);
  if ([...inputs, out].includes(STANDARD))
    throw new UsageError('--queue takes files that workers see, and "-" is standard input or output: give paths');
  const address = addressOf(queue);
  const root = await Root.open(values.root ?? ".");
  const options = await recipeOf(values, root);
  if (hasFiles(options)) await checkMaking(making, signal);
  await tryWriting(plan.isFile ? out : join(out, "picture.png"));
  const recipe = recipeText(options);
  const jobs = await jobsOf(plan, recipe.hash, root);
  const ways = await Promise.all([...inputs, out].map((path) => root.way(path).catch(() => path))); // a pattern may begin at the root
  const batch = { id: batchId(ways.slice(0, -1), ways.at(-1)!, recipe.hash), inputs: ways.slice(0, -1), out: ways.at(-1)! };
  const batches = await Batches.open(address);
  try {
    const since = await batches.lastEvent();
    await batches.add(batch, recipe, jobs);
    const paths = new Map(
      jobs.flatMap(({ from, to }, i) => [[from, plan.jobs[i]!.from] as const, [to, plan.jobs[i]!.to] as const]),
    );
    const followed = await follow(batches, batch, { report, since, shown: (way) => paths.get(way) ?? way, signal });
    return ending(followed, batch.id, address.shown) ?? report.summary(plan.left);
  } finally {
    await batches.close();
  }
}

/** What is said where the batch has not ended with its pictures, and the exit code; undefined where it has. */
export function ending(followed: Awaited<ReturnType<typeof follow>>, batch: string, shown: string): number | undefined {
  if (followed === "done") return undefined;
  if (followed === "detached") printNote(`the batch goes on: sftgan queue attach ${batch} --queue ${shown} follows it again`);
  else printNote(`the batch ${batch} was cancelled`);
  return EXIT.cancelled;
}

/** Throws an error that says what is wrong with weights, a prior or a graph, before each picture fails by it. */
async function checkMaking(making: Making, signal: AbortSignal): Promise<void> {
  const enlarger = new Enlarger({ overwrite: false, making, compute: computeOf() }, () => [], signal);
  await enlarger.load().finally(() => enlarger.close());
}

/** Files that are asked about at once. */
const AT_ONCE = 64;

/** Throws OutputError where a result would take the place of a picture of the batch: a worker sees one picture at a time. */
async function jobsOf({ jobs, inputs }: Plan, recipe: string, root: Root): Promise<JobData[]> {
  const there = new Map<string, string>(); // the results that are, so that little is kept of a batch that is new
  await each(jobs, async ({ to }) => {
    const found = await statOf(to);
    if (found) there.set(identity(to, found), to);
  });
  const sizes = new Map<string, number>();
  await each(inputs, async (path) => {
    const found = await statOf(path);
    sizes.set(path, Number(found?.size ?? 0n));
    const to = found && there.get(identity(path, found));
    if (to !== undefined) throw new OutputError(`"${to}" is "${path}", which this command reads: name another file`);
  });
  const planned: JobData[] = [];
  for (const { from, to } of jobs)
    planned.push({ from: await root.way(from), to: await root.way(to), size: sizes.get(from) ?? 0, recipe });
  return planned;
}

const statOf = (path: string) => stat(path, { bigint: true }).catch(() => undefined);
const identity = (path: string, { dev, ino }: BigIntStats) => (ino > 0n ? `${dev}:${ino}` : resolve(path));

async function each<T>(items: readonly T[], task: (item: T, index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async () => {
    for (let i = next++; i < items.length; i = next++) await task(items[i]!, i);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
}
