/** Enlarges pictures, each in three steps, so that one may be computed while the next is read and the one before written. */
import { basename } from "node:path";
import type { SaveParams } from "../../nodes/save";
import type { Host } from "../../nodes/sockets";
import { sha256 } from "../graph/file";
import type { FileRef } from "../graph/node";
import { sizeOf } from "../image/raster";
import type { Image } from "../types";
import type { Outcome } from "./batch-report";
import type { Compute } from "./compute";
import { EXIT, exitOf } from "./failure";
import { readBytes } from "./files";
import { checkedWeights, weightsFile } from "./generator-weights";
import { workOf } from "./graph-file";
import type { Job } from "./jobs";
import { checkSize, drawnFrom, type Out, readOut, writeOut } from "./output";
import { recipeHash } from "./own";
import { Guard, Inputs } from "./replace";
import { Report } from "./report";
import { isDone } from "./resume";
import type { Session } from "./session";
import { modelGraph, upscaleGraph, type Weights } from "./upscale-graph";
import type { Work } from "./work";
import { tryWriting } from "./write";

export interface EnlargerOptions {
  /** Files that this program did not make may be replaced, too. */
  readonly overwrite: boolean;
  readonly readDamaged: boolean;
  readonly compute: Compute;
}

/** A picture that is read, and what is to be done with it. */
export interface Ready {
  readonly work: Work;
  readonly out: Out;
}

type Paths = Pick<Job, "from" | "to">;

export class Enlarger {
  private readonly paths = new Map<string, string>();
  private readonly guard: Guard;
  private weights: Weights | undefined;
  private model: string | undefined;
  private opening: Promise<Session> | undefined;
  private opened: Session | undefined;

  /** `inputs` are the paths of what is read, which is never written over. */
  constructor(
    private readonly options: EnlargerOptions,
    inputs: () => Iterable<string>,
    private readonly signal: AbortSignal,
  ) {
    const all = () => [...inputs(), ...(this.model === undefined ? [] : [this.model])];
    this.guard = new Guard(new Inputs(all), options.overwrite);
  }

  /** Takes the weights of a name or a file. Throws an error where it is no generator for the eight classes. */
  async load(name: string | undefined): Promise<void> {
    if (name === undefined || name === "sftgan") return;
    const file = await weightsFile(name, this.paths);
    if (file.sha256 !== undefined) this.model = this.paths.get(file.sha256);
    const places = { named: this.paths };
    this.weights = await checkedWeights(name, workOf(modelGraph(file), places), await this.session(), this.signal);
  }

  /** Reads and decodes a picture, and finds out whether its result can be written. Undefined where the result is there. */
  async prepare({ from, to }: Paths): Promise<Ready | undefined> {
    this.signal.throwIfAborted();
    const bytes = await readBytes(from);
    const picture = { name: basename(from), sha256: await sha256(bytes) };
    const { readDamaged } = this.options;
    const { stored, save } = upscaleGraph(picture, this.weights, readDamaged);
    const recipe = await recipeHash(JSON.stringify(stored));
    if (await isDone(to, recipe, this.guard)) return undefined;
    await tryWriting(to);
    const { graph, file } = workOf(stored, { named: this.paths });
    const own = (ref: FileRef) => ref.sha256 === picture.sha256;
    const work: Work = { stored, graph, recipe, file: async (ref) => (own(ref) ? bytes : file(ref)) };
    const out = readOut(graph, `${save}=${to}`);
    await checkSize(out, work);
    this.session().catch(() => {}); // it starts meanwhile; whoever needs it says why it does not
    const { decode } = await import("./codec"); // where there is something to do only
    const decoded = decode(bytes, picture.name, { partial: readDamaged });
    decoded.catch(() => {}); // Load LR says it
    const known: Host["decode"] = (data, ...rest) => (data === bytes ? decoded : decode(data, ...rest));
    return { work: { ...work, graph: out.graph, decode: known }, out };
  }

  /** Computes a picture; `progress` is told 0 to 1, and the title of the node. What it resolves to encodes and writes it while the next one is computed. */
  async enlarge({ work, out }: Ready, progress: (fraction: number, stage: string) => void): Promise<() => Promise<Outcome>> {
    const start = performance.now();
    const session = await this.session();
    const report = new Report(work.graph);
    const source = drawnFrom(out);
    let [nodes, total, stage] = [0, 1, ""];
    try {
      const { outputs, errors } = await session.run(work, [source.node], {
        signal: this.signal,
        onEvent: (event) => {
          report.record(event);
          if (event.kind === "overall") [nodes, total] = [event.done, event.total];
          if ("node" in event) stage = work.graph.get(event.node)?.title ?? stage;
          progress((nodes + (event.kind === "progress" ? event.fraction : 0)) / total, stage);
        },
      });
      const image = outputs.get(source.node)?.[source.output] as Image | undefined;
      if (!image) throw new Error([...errors.values()][0] ?? "it could not be enlarged: try again");
      const { height, width } = sizeOf(image.rgb);
      const encode = await session.encoder(image, work.graph.get(out.node)!.params as unknown as SaveParams);
      return async () => {
        this.signal.throwIfAborted();
        await writeOut(out, { file: await encode() }, session, this.guard);
        const warnings = report.warnings.map(([, warning]) => warning);
        return { kind: "done", width, height, ms: performance.now() - start, warnings };
      };
    } finally {
      session.forget();
    }
  }

  /** What a step rejected with, as it is said of the picture. */
  failed({ from }: Paths, error: unknown): Outcome & { readonly kind: "failed" } {
    const exit = this.isLost ? EXIT.engine : exitOf(error);
    return { kind: "failed", message: said(from, (error as Error).message), exit };
  }

  /** Whether the process that computes has ended, though nobody asked it to. */
  get isLost(): boolean {
    return this.opened?.isLost ?? false;
  }

  async close(): Promise<void> {
    const session = await this.opening?.catch(() => undefined);
    await session?.close();
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

export const isOfFullDisk = (error: unknown): boolean => {
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  return ["ENOSPC", "EDQUOT"].includes(cause?.code ?? "");
};

/** What went wrong with a picture, by its path: messages about the file itself begin with its bare name. */
function said(from: string, message: string): string {
  const name = basename(from);
  if (message.startsWith(`${name} `)) return from + message.slice(name.length);
  return message.startsWith(`"${from}"`) ? message : `${from}: ${message}`;
}
