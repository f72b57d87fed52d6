/** `sftgan upscale`: pictures four times as large, one or many. */
import { basename, dirname, join } from "node:path";
import type { SaveParams } from "../../nodes/save";
import type { Host } from "../../nodes/sockets";
import { sha256 } from "../graph/file";
import type { FileRef } from "../graph/node";
import { sizeOf } from "../image/raster";
import type { Image } from "../types";
import { BatchReport, type Outcome } from "./batch-report";
import { COMPUTE_OPTIONS, type Compute, computeOf } from "./compute";
import { EXIT, exitOf, UsageError } from "./failure";
import { readBytes } from "./files";
import { checkedWeights, GENERATORS, weightsFile } from "./generator-weights";
import { workOf } from "./graph-file";
import { type Job, type Plan, planOf } from "./jobs";
import { checkSize, drawnFrom, type Out, readOut, writeOut } from "./output";
import { recipeHash } from "./own";
import { partOf } from "./part";
import { pipeline } from "./pipeline";
import { Guard, Inputs } from "./replace";
import { Report } from "./report";
import { isDone } from "./resume";
import type { Session } from "./session";
import { modelGraph, upscaleGraph, type Weights } from "./upscale-graph";
import { type Command, helpText, type Options, parse } from "./usage";
import type { Work } from "./work";
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
    return new UpscaleRun(plan, options, report, signal).all(values.model);
  },
};

/** A picture that is read, and what is to be done with it. */
interface Ready {
  readonly work: Work;
  readonly out: Out;
}

interface UpscaleOptions {
  readonly overwrite: boolean;
  readonly readDamaged: boolean;
  readonly compute: Compute;
}

class UpscaleRun {
  private readonly paths = new Map<string, string>();
  private readonly jobs: readonly Job[];
  private readonly guard: Guard;
  private model: string | undefined;
  private opening: Promise<Session> | undefined;
  private opened: Session | undefined;
  /** Aborted by whoever cancels, and where going on is of no use. */
  private readonly stop = new AbortController();

  constructor(
    private readonly plan: Plan,
    private readonly options: UpscaleOptions,
    private readonly report: BatchReport,
    signal: AbortSignal,
  ) {
    if (signal.aborted) this.stop.abort(signal.reason);
    signal.addEventListener("abort", () => this.stop.abort(signal.reason), { signal: this.stop.signal });
    this.jobs = plan.jobs;
    const inputs = () => [...plan.inputs, ...(this.model === undefined ? [] : [this.model])];
    this.guard = new Guard(new Inputs(inputs), options.overwrite);
  }

  async all(model: string | undefined): Promise<number> {
    const { jobs, plan, report } = this;
    for (const folder of new Set(jobs.map(({ to }) => dirname(to)))) await removeParts(join(folder, "picture.png"));
    if (jobs.length > 1) await tryWriting(join(dirname(jobs[0]!.to), "picture.png")); // said once, not for each picture
    try {
      const weights = model === undefined || model === "sftgan" ? undefined : await this.weights(model);
      await pipeline(jobs, {
        before: (job) => this.prepare(job, weights),
        during: (job, ready) => (ready ? this.enlarge(job, ready) : Promise.resolve(undefined)),
        after: async (job, made) => report.ended(job, made ? await made() : { kind: "skipped" }),
        failed: (job, error) => this.failed(job, error),
      });
    } finally {
      report.progress.clear();
      const session = await this.opening?.catch(() => undefined);
      await session?.close();
    }
    return report.summary(plan.left);
  }

  private failed(job: Job, error: unknown): void {
    this.stop.signal.throwIfAborted();
    if (isOfFullDisk(error)) this.stop.abort(error); // nothing is computed to be thrown away
    this.stop.signal.throwIfAborted();
    const exit = this.opened?.isLost ? EXIT.engine : exitOf(error);
    this.report.ended(job, { kind: "failed", message: said(job.from, (error as Error).message), exit });
  }

  /** Reads and decodes a picture, and finds out whether its result can be written. Undefined where the result is there. */
  private async prepare(job: Job, weights: Weights | undefined): Promise<Ready | undefined> {
    this.stop.signal.throwIfAborted();
    const bytes = await readBytes(job.from);
    const picture = { name: basename(job.from), sha256: await sha256(bytes) };
    const { readDamaged } = this.options;
    const { stored, save } = upscaleGraph(picture, weights, readDamaged);
    const recipe = await recipeHash(JSON.stringify(stored));
    if (await isDone(job.to, recipe, this.guard)) return undefined;
    await tryWriting(job.to);
    const { graph, file } = workOf(stored, { named: this.paths });
    const own = (ref: FileRef) => ref.sha256 === picture.sha256;
    const work: Work = { stored, graph, recipe, file: async (ref) => (own(ref) ? bytes : file(ref)) };
    const out = readOut(graph, `${save}=${job.to}`);
    await checkSize(out, work);
    this.session().catch(() => {}); // it starts meanwhile; whoever needs it says why it does not
    const { decode } = await import("./codec"); // where there is something to do only
    const decoded = decode(bytes, picture.name, { partial: readDamaged });
    decoded.catch(() => {}); // Load LR says it
    const known: Host["decode"] = (data, ...rest) => (data === bytes ? decoded : decode(data, ...rest));
    return { work: { ...work, graph: out.graph, decode: known }, out };
  }

  /** Computes a picture. What it resolves to encodes and writes it while the next one is computed. */
  private async enlarge(job: Job, { work, out }: Ready): Promise<() => Promise<Outcome>> {
    const start = performance.now();
    const session = await this.session();
    const report = new Report(work.graph);
    const source = drawnFrom(out);
    let [nodes, total] = [0, 1];
    try {
      const { outputs, errors } = await session.run(work, [source.node], {
        signal: this.stop.signal,
        onEvent: (event) => {
          report.record(event);
          if (event.kind === "overall") [nodes, total] = [event.done, event.total];
          this.report.progress.show(job.from, (nodes + (event.kind === "progress" ? event.fraction : 0)) / total);
        },
      });
      const image = outputs.get(source.node)?.[source.output] as Image | undefined;
      if (!image) throw new Error([...errors.values()][0] ?? "it could not be enlarged: try again");
      const { height, width } = sizeOf(image.rgb);
      const encode = await session.encoder(image, work.graph.get(out.node)!.params as unknown as SaveParams);
      return async () => {
        this.stop.signal.throwIfAborted();
        await writeOut(out, { file: await encode() }, session, this.guard);
        const warnings = report.warnings.map(([, warning]) => warning);
        return { kind: "done", width, height, ms: performance.now() - start, warnings };
      };
    } finally {
      session.forget();
    }
  }

  /** What a name or a file of weights is. Throws an error where it is no generator for the eight classes. */
  private async weights(name: string): Promise<Weights> {
    const file = await weightsFile(name, this.paths);
    if (file.sha256 !== undefined) this.model = this.paths.get(file.sha256);
    const places = { named: this.paths };
    return checkedWeights(name, workOf(modelGraph(file), places), await this.session(), this.stop.signal);
  }

  private session(): Promise<Session> {
    const start = async () => (await import("./session")).Session.start(this.options.compute);
    this.opening ??= start().then(
      (session) => {
        this.opened = session;
        return session;
      },
      (error) => {
        this.opening = undefined; // the next picture tries again
        throw error;
      },
    );
    return this.opening;
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
