/** `sftgan upscale`: pictures enlarged, one or many. */
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { BatchReport } from "./batch-report";
import { loadNodes } from "./catalog";
import { computeOf } from "./compute";
import { Enlarger } from "./enlarger";
import { UsageError } from "./failure";
import { type Plan, planOf } from "./jobs";
import { partOf } from "./part";
import { pipeline } from "./pipeline";
import { readyGraphsText } from "./ready-graphs";
import { STANDARD } from "./sources";
import { refuseTerminal } from "./standard";
import { endingIn, endingOf, makingOf, UPSCALE_OPTIONS } from "./upscale-options";
import { type Command, helpText, parse } from "./usage";
import { removeParts, tryWriting } from "./write";

const ABOUT = `Enlarges pictures four times, or to another size. IN is a picture (PNG, JPEG, WebP, AVIF, TIFF, GIF, BMP), a folder of them, a pattern such as "photos/**/*.jpg", in which case does not matter, or "-" for standard input. OUT is a picture (.png, .jpg, .webp, .avif, .tif) for one IN, "-" for standard output, or a folder, which gets IN's names.`;

const NOTES = `Where several would have the same name, or a result that of a picture it lies beside, they keep their own
ending too: a.jpg.png. What OUT already holds is skipped, so an interrupted command goes on where it was;
what was made of another picture or with other options is made anew, whatever the dates. A file there that is
not of this program's making stays, and IN is never written over. A picture that cannot be enlarged is named
and the rest are done; the exit code is then 3.

  sftgan upscale photo.jpg large.png
  sftgan upscale -r photos large --scale 2 --format webp --quality 85
  sftgan upscale - - --format jpg < photo.jpg > large.jpg`;

export const upscale: Command = {
  get help() {
    return helpText("sftgan upscale IN... OUT [OPTION]...", ABOUT, UPSCALE_OPTIONS, readyGraphsText(), NOTES);
  },

  async run(args, signal) {
    const { values, positionals } = parse("upscale", args, UPSCALE_OPTIONS);
    const compute = computeOf(values);
    const [inputs, out] = [positionals.slice(0, -1), positionals.at(-1)!];
    if (inputs.length === 0) throw new UsageError('IN and OUT are needed: see "sftgan upscale --help"');
    const ending = endingOf(values);
    await loadNodes(values.nodes);
    // Planning 100,000 pictures leaves much behind, which else lies about until it is four times what is of use.
    if (values.queue !== undefined) setFlagsFromString("--heap-growing-percent=50");
    const plan = await planOf(inputs, out, {
      recursive: values.recursive ?? false,
      ending,
      ...(values.part !== undefined && { part: partOf(values.part) }),
    });
    const making = makingOf(values, plan.isFile && out !== STANDARD ? endingIn(out) : ending);
    const piped = out === STANDARD;
    if (piped) refuseTerminal();
    if (piped && values.json) throw new UsageError('--json writes to standard output, as does OUT "-": give a file');
    const report = new BatchReport(plan.jobs.length, { json: values.json ?? false, quiet: values.quiet ?? false, piped });
    if (values.queue !== undefined) {
      const { submit } = await import("./queue/submit");
      return submit({ queue: values.queue, inputs, out, plan, making, values, report, signal });
    }
    if (values.root !== undefined) throw new UsageError("--root goes with --queue: give both, or neither");
    const stop = stoppable(signal);
    const options = { overwrite: values.overwrite ?? false, making, compute, ending };
    const enlarger = new Enlarger(options, () => plan.inputs, stop.signal);
    await prepareFolders(plan);
    try {
      await enlarger.load();
      await pipeline(plan.jobs, {
        before: (job) => enlarger.prepare(job),
        during: async (job, ready) => ready && enlarger.enlarge(ready, (part) => report.progress.show(job.from, part)),
        after: async (job, made) => report.ended(job, made ? await made() : { kind: "skipped" }),
        failed: (job, error) => {
          stop.signal.throwIfAborted();
          if (enlarger.isInVain(error)) stop.abort(error); // nothing is computed to be thrown away
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
  const files = jobs.filter(({ to }) => to !== STANDARD);
  for (const folder of new Set(files.map(({ to }) => dirname(to)))) await removeParts(join(folder, "picture.png"));
  if (jobs.length > 1) await tryWriting(join(dirname(jobs[0]!.to), "picture.png")); // said once, not for each picture
}
