/** `sftgan queue`: what is in the queue, and what is to become of it. */
import { BatchReport } from "../batch-report";
import { EXIT, UsageError } from "../failure";
import { LeftOut } from "../left-out";
import { print, printable, printNote } from "../terminal";
import { type Command, choiceOf, helpText, type Options, parse } from "../usage";
import type { Batches } from "./batches";
import { QUEUE_OPTION, queueOf } from "./options";

const OPTIONS = {
  ...QUEUE_OPTION,
  quiet: { short: "q", help: "attach: says nothing but what went wrong" },
  json: { help: "status: one JSON object; attach: one JSON object a line" },
} as const satisfies Options;

const ABOUT = `status says what each batch has done, what workers are at and how fast, and which pictures failed and why. attach follows a batch as upscale --queue does, with the same exit code; Ctrl+C leaves it to go on. retry tries the failed pictures of a batch again. cancel takes a batch out of the queue; what workers have in hand they finish. BATCH is the id that status lists, and may be left out where there is one batch.`;

const ACTIONS = ["status", "attach", "retry", "cancel"] as const;

export const queue: Command = {
  help: helpText("sftgan queue status|attach|retry|cancel [BATCH] --queue URL [OPTION]...", ABOUT, OPTIONS),

  async run(args, signal) {
    const { values, positionals } = parse("queue", args, OPTIONS);
    const [name, id, ...more] = positionals;
    if (name === undefined || more.length > 0)
      throw new UsageError(`one of ${ACTIONS.join(", ")} is needed, and a batch at most: see "sftgan queue --help"`);
    const action = choiceOf("queue", name, ACTIONS);
    const { addressOf } = await import("./server");
    const { Batches } = await import("./batches");
    const batches = await Batches.open(addressOf(queueOf(values.queue, "queue")));
    try {
      if (action === "status") return await (await import("./status")).status(batches, id, values.json ?? false);
      if (action === "attach")
        return await attach(batches, id, { json: values.json ?? false, quiet: values.quiet ?? false }, signal);
      const batch = await batches.named(id);
      if (action === "retry") print(`${await batches.retry(batch)} of batch ${batch.id} are tried again`);
      else {
        const { waiting, active } = await batches.cancel(batch);
        print(
          `batch ${batch.id} is cancelled: ${waiting} will not be enlarged${active > 0 ? `, ${active} are being finished` : ""}`,
        );
      }
      return EXIT.done;
    } finally {
      await batches.close();
    }
  },
};

async function attach(
  batches: Batches,
  id: string | undefined,
  options: { json: boolean; quiet: boolean },
  signal: AbortSignal,
): Promise<number> {
  const { follow } = await import("./follow");
  const { ending } = await import("./submit");
  const batch = await batches.named(id);
  const report = new BatchReport(await batches.count(batch), options);
  if (!options.quiet && !options.json) printNote(printable(`batch ${batch.id}: ${batch.inputs.join(", ")} to ${batch.out}`));
  const since = await batches.lastEvent();
  const followed = await follow(batches, batch, { report, since, shown: (way) => way, attached: true, signal });
  return ending(followed, batch.id, batches.address.shown) ?? report.summary(new LeftOut());
}
