/** `sftgan upscale`: pictures four times as large, one or many. */
import { basename, dirname, join, resolve } from "node:path";
import type { FileRef } from "../graph/node";
import { BatchReport, type Outcome } from "./batch-report";
import { COMPUTE_OPTIONS, type Compute, computeOf } from "./compute";
import { EXIT, exitOf, UsageError } from "./failure";
import { checkedWeights, GENERATORS, weightsFile } from "./generator-weights";
import { workOf } from "./graph-file";
import { type Job, type Plan, planOf } from "./jobs";
import { checkSize, readOut, writeOut } from "./output";
import { recipeHash } from "./own";
import { Guard, Inputs } from "./replace";
import { Report } from "./report";
import { isDone } from "./resume";
import { Session } from "./session";
import { fileRef } from "./settings";
import { modelGraph, upscaleGraph, type Weights } from "./upscale-graph";
import { type Command, helpText, type Options, parse } from "./usage";
import { removeParts, tryWriting } from "./write";

const OPTIONS = {
  recursive: { short: "r", help: "takes the folders inside folders, too; OUT gets the same folders" },
  model: { value: "NAME|FILE", help: `other weights: ${GENERATORS.join(", ")}, or a .pth or .safetensors file` },
  overwrite: { help: "replaces files in OUT that this program did not make, too" },
  "read-damaged": { help: "reads a PNG or JPEG that ends early as far as it goes, with grey for what is missing" },
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
  name: "upscale",
  summary: "enlarge pictures: a file, a folder or a pattern",
  help: helpText("sftgan upscale IN... OUT [OPTION]...", ABOUT, OPTIONS, NOTES),

  async run(args, signal) {
    const { values, positionals } = parse("upscale", args, OPTIONS);
    const compute = computeOf(values);
    if (positionals.length < 2) throw new UsageError('IN and OUT are needed: see "sftgan upscale --help"');
    const plan = await planOf(positionals.slice(0, -1), positionals.at(-1)!, { recursive: values.recursive ?? false });
    const options = { overwrite: values.overwrite ?? false, readDamaged: values["read-damaged"] ?? false, compute };
    const report = new BatchReport(plan.jobs.length, { json: values.json ?? false, quiet: values.quiet ?? false });
    return new Upscaler(plan, options, report, signal).all(values.model);
  },
};

interface UpscaleOptions {
  readonly overwrite: boolean;
  readonly readDamaged: boolean;
  readonly compute: Compute;
}

class Upscaler {
  private readonly paths = new Map<string, string>();
  private readonly jobs: readonly Job[];
  private readonly guard: Guard;
  private model: string | undefined;
  private opened: Session | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly options: UpscaleOptions,
    private readonly report: BatchReport,
    private readonly signal: AbortSignal,
  ) {
    this.jobs = plan.jobs;
    const inputs = () => [...plan.jobs.map(({ from }) => from), ...(this.model === undefined ? [] : [this.model])];
    this.guard = new Guard(new Inputs(inputs), options.overwrite);
  }

  async all(model: string | undefined): Promise<number> {
    const { jobs, plan, report } = this;
    for (const folder of new Set(jobs.map(({ to }) => dirname(to)))) await removeParts(join(folder, "picture.png"));
    if (jobs.length > 1) await tryWriting(join(dirname(jobs[0]!.to), "picture.png")); // said once, not for each picture
    try {
      const weights = model === undefined || model === "sftgan" ? undefined : await this.weights(model);
      for (const job of jobs) {
        this.signal.throwIfAborted();
        try {
          report.ended(job, await this.one(job, weights));
        } catch (error) {
          this.signal.throwIfAborted();
          if (isOfFullDisk(error)) throw error; // nothing is computed to be thrown away
          const exit = this.opened?.isLost ? EXIT.engine : exitOf(error);
          report.ended(job, { kind: "failed", message: said(job.from, (error as Error).message), exit });
        }
      }
    } finally {
      report.progress.clear();
      await this.opened?.close();
    }
    return report.summary(plan.left);
  }

  private async one(job: Job, weights: Weights | undefined): Promise<Outcome> {
    const picture = await fileRef(job.from, this.paths);
    try {
      return await this.enlarge(picture, job, weights);
    } finally {
      await this.opened?.forget();
      if (this.paths.get(picture.sha256!) === resolve(job.from)) this.paths.delete(picture.sha256!);
    }
  }

  private async enlarge(picture: FileRef, job: Job, weights: Weights | undefined): Promise<Outcome> {
    const { stored, save } = upscaleGraph(picture, weights, this.options.readDamaged);
    const recipe = await recipeHash(JSON.stringify(stored));
    if (await isDone(job.to, recipe, this.guard)) return { kind: "skipped" };
    await tryWriting(job.to);
    const work = { ...workOf(stored, { named: this.paths }), recipe };
    const out = readOut(work.graph, `${save}=${job.to}`);
    await checkSize(out, work);
    const start = performance.now();
    const session = await this.session();
    const report = new Report(work.graph);
    let [nodes, total] = [0, 1];
    const { outputs, errors } = await session.run({ ...work, graph: out.graph }, [save], {
      signal: this.signal,
      onEvent: (event) => {
        report.record(event);
        if (event.kind === "overall") [nodes, total] = [event.done, event.total];
        this.report.progress.show(job.from, (nodes + (event.kind === "progress" ? event.fraction : 0)) / total);
      },
    });
    const found = outputs.get(save);
    const [message] = errors.values();
    if (!found) throw new Error(message ?? "it could not be enlarged: try again");
    await writeOut(out, found, session, this.guard);
    const [height, width] = Object.values(report.nodes).findLast(({ sizes }) => sizes)!.sizes!.image as [number, number];
    const warnings = report.warnings.map(([, warning]) => warning);
    return { kind: "done", width, height, ms: performance.now() - start, warnings };
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
