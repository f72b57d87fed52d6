/** `sftgan upscale`: pictures four times as large, one or many. */
import { dirname, join } from "node:path";
import { BatchReport } from "./batch-report";
import { COMPUTE_OPTIONS, computeOf } from "./compute";
import { Enlarger, isOfFullDisk } from "./enlarger";
import { UsageError } from "./failure";
import { GENERATORS } from "./generator-weights";
import { type Plan, planOf } from "./jobs";
import { partOf } from "./part";
import { pipeline } from "./pipeline";
import { type Command, helpText, type Options, parse } from "./usage";
import { removeParts, tryWriting } from "./write";

const OPTIONS = {
  recursive: { short: "r", help: "takes the folders inside folders, too; OUT gets the same folders" },
  model: { value: "NAME|FILE", help: `other weights: ${GENERATORS.join(", ")}, or a .pth or .safetensors file` },
  overwrite: { help: "replaces files in OUT that this program did not make, too" },
  "read-damaged": { help: "reads a PNG or JPEG that ends early as far as it goes, with grey for what is missing" },
  part: {
    value: "N/COUNT",
    help: "does one part of the batch, counted from 1, as another machine does the others; auto: as the array job says (Kubernetes, AWS Batch, Slurm)",
  },
  quiet: { short: "q", help: "says nothing but what went wrong" },
  json: { help: "prints one JSON object a line: one for each picture as it ends, and a summary" },
  ...COMPUTE_OPTIONS,
} as const satisfies Options;

const ABOUT = `Enlarges pictures four times. IN is a picture (PNG, JPEG, WebP, AVIF, TIFF, GIF, BMP), a folder of them, or a pattern such as "photos/**/*.jpg", in which case does not matter. OUT is a picture (.png, .jpg, .webp) for one IN, or a folder, which gets IN's names ending in .png.`;

const NOTES = `Where several would have the same name, or OUT is the folder they are in, they keep their own ending too:
a.jpg.png. What OUT already holds is skipped, so an interrupted command goes on where it was; what was made of
another picture or otherwise is made anew, whatever the dates. A file there that is not of this program's
making stays, and IN is never written over. A picture that cannot be enlarged is named and the rest are done;
the exit code is then 3.`;

export const upscale: Command = {
  help: helpText("sftgan upscale IN... OUT [OPTION]...", ABOUT, OPTIONS, NOTES),

  async run(args, signal) {
    const { values, positionals } = parse("upscale", args, OPTIONS);
    const compute = computeOf(values);
    if (positionals.length < 2) throw new UsageError('IN and OUT are needed: see "sftgan upscale --help"');
    const plan = await planOf(positionals.slice(0, -1), positionals.at(-1)!, {
      recursive: values.recursive ?? false,
      ...(values.part !== undefined && { part: partOf(values.part) }),
    });
    const options = { overwrite: values.overwrite ?? false, readDamaged: values["read-damaged"] ?? false, compute };
    const report = new BatchReport(plan.jobs.length, { json: values.json ?? false, quiet: values.quiet ?? false });
    const stop = stoppable(signal);
    const enlarger = new Enlarger(options, () => plan.inputs, stop.signal);
    await prepareFolders(plan);
    try {
      await enlarger.load(values.model);
      await pipeline(plan.jobs, {
        before: (job) => enlarger.prepare(job),
        during: async (job, ready) => ready && enlarger.enlarge(ready, (part) => report.progress.show(job.from, part)),
        after: async (job, made) => report.ended(job, made ? await made() : { kind: "skipped" }),
        failed: (job, error) => {
          stop.signal.throwIfAborted();
          if (isOfFullDisk(error)) stop.abort(error); // nothing is computed to be thrown away
          stop.signal.throwIfAborted();
          report.ended(job, enlarger.failed(job, error));
        },
      });
    } finally {
      report.progress.clear();
      await enlarger.close();
    }
    return report.summary(plan.left);
  },
};

/** Aborted by whoever cancels, and where going on is of no use. */
function stoppable(signal: AbortSignal): AbortController {
  const stop = new AbortController();
  if (signal.aborted) stop.abort(signal.reason);
  signal.addEventListener("abort", () => stop.abort(signal.reason), { signal: stop.signal });
  return stop;
}

async function prepareFolders({ jobs }: Plan): Promise<void> {
  for (const folder of new Set(jobs.map(({ to }) => dirname(to)))) await removeParts(join(folder, "picture.png"));
  if (jobs.length > 1) await tryWriting(join(dirname(jobs[0]!.to), "picture.png")); // said once, not for each picture
}
