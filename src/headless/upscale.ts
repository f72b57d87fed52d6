/** `sftgan upscale`: pictures four times as large, one or many. */
import { basename, dirname, join, resolve } from "node:path";
import type { FileRef } from "../graph/node";
import { sizeText } from "../image/raster";
import { COMPUTE_HELP, COMPUTE_OPTIONS, type Compute, computeOf } from "./compute";
import { checkedWeights, GENERATORS, weightsFile } from "./generator-weights";
import { workOf } from "./graph-file";
import { type Job, type Plan, planOf } from "./jobs";
import { readOut, tooLarge, writeOut } from "./output";
import { recipeHash } from "./own";
import { Guard, Inputs } from "./replace";
import { Report } from "./report";
import { isDone } from "./resume";
import { Session } from "./session";
import { fileRef } from "./settings";
import { Progress, print, printable, printError } from "./terminal";
import { modelGraph, upscaleGraph, type Weights } from "./upscale-graph";
import { type Command, EXIT, parse, UsageError } from "./usage";
import { removeParts, tryWriting } from "./write";

const HELP = `Usage: sftgan upscale IN... OUT [--model NAME|FILE] [--overwrite] [--device NAME] ...

Enlarges pictures four times. IN is a picture (PNG, JPEG, WebP, AVIF, TIFF, GIF, BMP), a folder of them, or a pattern such as
"photos/*.jpg". OUT is a picture (.png, .jpg, .webp) for one IN, or a folder, which gets IN's names ending in .png.

Where several would have the same name, or OUT is the folder they are in, they keep their own ending too:
a.jpg.png. What OUT already holds is skipped, so an interrupted command goes on where it was; what was made of
another picture or with other weights is made anew, whatever the dates. A file there that is not of this program's
making stays, and IN is never written over. A picture that cannot be enlarged is reported and the rest are done;
the exit code is then 1.

  --model NAME|FILE  other weights: ${GENERATORS.join(", ")}, or a .pth or .safetensors file
  --overwrite        replaces files in OUT that this program did not make, too
  --read-damaged     reads a PNG or JPEG that ends early as far as it goes, with grey for what is missing
${COMPUTE_HELP}
  -h, --help         prints this
`;

export const upscale: Command = {
  name: "upscale",
  summary: "enlarge pictures: a file, a folder or a pattern",
  help: HELP,

  async run(args, signal) {
    const { values, positionals } = parse("upscale", args, {
      model: { type: "string" },
      overwrite: { type: "boolean" },
      "read-damaged": { type: "boolean" },
      ...COMPUTE_OPTIONS,
    });
    const compute = computeOf(values);
    if (positionals.length < 2) throw new UsageError('IN and OUT are needed: see "sftgan upscale --help"');
    const plan = await planOf(positionals.slice(0, -1), positionals.at(-1)!);
    const options = { overwrite: values.overwrite ?? false, readDamaged: values["read-damaged"] ?? false, compute };
    return new Upscaler(plan, options, signal).all(values.model);
  },
};

interface UpscaleOptions {
  readonly overwrite: boolean;
  readonly readDamaged: boolean;
  readonly compute: Compute;
}

class Upscaler {
  private readonly paths = new Map<string, string>();
  private readonly progress = new Progress();
  private readonly counts = { done: 0, skipped: 0, failed: 0, warned: 0 };
  private readonly jobs: readonly Job[];
  private readonly guard: Guard;
  private model: string | undefined;
  private opened: Session | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly options: UpscaleOptions,
    private readonly signal: AbortSignal,
  ) {
    this.jobs = plan.jobs;
    const inputs = () => [...plan.jobs.map(({ from }) => from), ...(this.model === undefined ? [] : [this.model])];
    this.guard = new Guard(new Inputs(inputs), options.overwrite);
  }

  async all(model: string | undefined): Promise<number> {
    const { counts, jobs, plan } = this;
    const folder = dirname(jobs[0]!.to);
    await removeParts(jobs[0]!.to);
    if (jobs.length > 1) await tryWriting(join(folder, "picture.png")); // said once, not for each picture
    try {
      const weights = model === undefined || model === "sftgan" ? undefined : await this.weights(model);
      for (const [index, job] of jobs.entries()) {
        this.signal.throwIfAborted();
        try {
          counts[await this.one(job, index, weights)]++;
        } catch (error) {
          this.signal.throwIfAborted();
          if (isOfFullDisk(error)) throw error; // nothing is computed to be thrown away
          counts.failed++;
          this.progress.clear();
          printError(said(job.from, (error as Error).message));
        }
      }
    } finally {
      this.progress.clear();
      await this.opened?.close();
    }
    if (plan.results > 0)
      print(`${plan.results} of the pictures in ${printable(folder)} are results themselves, and stay as they are`);
    const warned = counts.warned > 0 ? `, ${counts.warned} with a warning` : "";
    if (jobs.length > 1) print(`${counts.done} enlarged, ${counts.skipped} already there, ${counts.failed} failed${warned}`);
    return counts.failed > 0 ? EXIT.failed : EXIT.done;
  }

  private async one(job: Job, index: number, weights: Weights | undefined): Promise<"done" | "skipped"> {
    const picture = await fileRef(job.from, this.paths);
    try {
      return await this.enlarge(picture, job, index, weights);
    } finally {
      await this.opened?.forget();
      if (this.paths.get(picture.sha256!) === resolve(job.from)) this.paths.delete(picture.sha256!);
    }
  }

  private async enlarge(picture: FileRef, job: Job, index: number, weights: Weights | undefined): Promise<"done" | "skipped"> {
    const { stored, save } = upscaleGraph(picture, weights, this.options.readDamaged);
    const recipe = await recipeHash(JSON.stringify(stored));
    if (await isDone(job.to, recipe, this.guard)) {
      print(printable(`${job.to}  already there`));
      return "skipped";
    }
    await tryWriting(job.to);
    const work = { ...workOf(stored, { named: this.paths }), recipe };
    const out = readOut(work.graph, `${save}=${job.to}`);
    const refusal = await tooLarge(out, work);
    if (refusal) throw new Error(refusal);
    const start = performance.now();
    const session = await this.session();
    const report = new Report(work.graph);
    const [label, count] = [
      this.jobs.length > 1 ? `${index + 1} of ${this.jobs.length}  ${job.from}` : job.from,
      this.jobs.length,
    ];
    let [nodes, total] = [0, 1];
    const { outputs, errors } = await session.run({ ...work, graph: out.graph }, [save], {
      signal: this.signal,
      onEvent: (event) => {
        report.record(event);
        if (event.kind === "overall") [nodes, total] = [event.done, event.total];
        this.progress.show(label, (index + (nodes + (event.kind === "progress" ? event.fraction : 0)) / total) / count);
      },
    });
    const found = outputs.get(save);
    const [message] = errors.values();
    if (!found) throw new Error(message ?? "it could not be enlarged: try again");
    await writeOut(out, found, session, this.guard);
    this.progress.clear();
    for (const [, warning] of report.warnings) printError(`warning: ${job.from}: ${warning}`);
    if (report.warnings.length > 0) this.counts.warned++;
    const [height, width] = Object.values(report.nodes).findLast(({ sizes }) => sizes)!.sizes!.image as [number, number];
    print(printable(`${job.to}  ${sizeText({ height, width })}, ${((performance.now() - start) / 1000).toFixed(1)} s`));
    return "done";
  }

  /** What a name or a file of weights is. Throws an error where it is no generator for the eight classes. */
  private async weights(name: string): Promise<Weights> {
    const file = await weightsFile(name, this.paths);
    if (file.sha256 !== undefined) this.model = this.paths.get(file.sha256);
    const places = { named: this.paths };
    return checkedWeights(name, workOf(modelGraph(file), places), await this.session(), this.signal);
  }

  private async session(): Promise<Session> {
    this.opened ??= await Session.start(this.options.compute);
    return this.opened;
  }
}

const isOfFullDisk = (error: unknown): boolean => {
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  return ["ENOSPC", "EDQUOT"].includes(cause?.code ?? "");
};

/** What went wrong with a picture, by its path: messages about the file itself begin with its bare name. */
function said(from: string, message: string): string {
  const name = basename(from);
  if (message.startsWith(`${name} `)) return from + message.slice(name.length);
  return message.startsWith(`"${from}"`) ? message : `${from}: ${message}`;
}
