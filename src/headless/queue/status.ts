/** `sftgan queue status`. */

import { roughTime } from "../../time-text";
import { EXIT } from "../failure";
import { rateText } from "../progress";
import { print, printable } from "../terminal";
import type { Batch, Batches } from "./batches";
import { reasonText } from "./follow";
import { checkedJob, progressOf } from "./job";

/** Failures of a batch that are named, but for --json. */
const NAMED = 20;
/** Jobs under way that are looked at. */
const UNDER_WAY = 100;

interface BatchStatus extends Batch {
  readonly pictures: number;
  readonly ended: number;
  readonly failed: readonly { readonly from: string; readonly reason: string }[];
}

/** Prints what is in the queue, or of one batch. Returns the exit code. */
export async function status(batches: Batches, id: string | undefined, json: boolean): Promise<number> {
  const chosen = id === undefined ? await batches.list() : [await batches.named(id)];
  const all = await Promise.all(chosen.map((batch) => statusOf(batches, batch)));
  const [active, rate, workers] = await Promise.all([underWay(batches), batches.pace(), batches.workers()]);
  const left = all.reduce((sum, { pictures, ended }) => sum + pictures - ended, 0);
  const secondsLeft = rate === undefined || left === 0 || active.length === 0 ? undefined : (60 * left) / rate;
  if (json) {
    print(
      JSON.stringify({
        workers,
        batches: all,
        active,
        ...(rate !== undefined && { picturesPerMinute: rate }),
        ...(secondsLeft !== undefined && { secondsLeft }),
      }),
    );
    return EXIT.done;
  }
  if (all.length === 0) print("no batch");
  for (const { id, inputs, out, pictures, ended, failed } of all) {
    print(
      printable(`${id}  ${inputs.join(", ")} to ${out}: ${ended} of ${pictures} have ended, ${failed.length} of them failed`),
    );
    for (const { from, reason } of failed.slice(0, NAMED))
      print(printable(`  failed: ${reason.includes(from) ? "" : `${from}: `}${reason}`));
    if (failed.length > NAMED) print(`  failed: ${failed.length - NAMED} more, which --json lists`);
  }
  for (const { from, stage, fraction, worker } of active)
    print(printable(`  under way: ${from}${stage ? `  ${Math.round(100 * fraction)} %, ${stage} on ${worker}` : ""}`));
  const pace = secondsLeft === undefined ? [] : [rateText(rate!), `${roughTime(1000 * secondsLeft)} left`];
  print([...(workers === undefined ? [] : [`${workers} worker${workers === 1 ? "" : "s"}`]), ...pace].join(", "));
  return EXIT.done;
}

async function statusOf(batches: Batches, batch: Batch): Promise<BatchStatus> {
  const [pictures, { completed, failed }] = await Promise.all([batches.count(batch), batches.ended(batch)]);
  const records = await batches.records(failed);
  return {
    ...batch,
    pictures,
    ended: completed.length + failed.length,
    failed: records.map((record) => ({ from: fromOf(record?.data), reason: reasonText(record?.reason ?? "") })),
  };
}

async function underWay(batches: Batches) {
  const jobs = await batches.queue.getActive(0, UNDER_WAY - 1);
  return jobs.filter(Boolean).map((job) => {
    const { stage = "", fraction = 0, worker = "" } = progressOf(job.progress) ?? {};
    return { from: fromOf(job.data), stage, fraction, worker };
  });
}

function fromOf(data: unknown): string {
  try {
    return checkedJob(data).from;
  } catch {
    return "a job of an unknown form";
  }
}
