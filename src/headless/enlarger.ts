/**
 * Enlarges the pictures of a batch, each from its file to the file of its result in three steps, so that one may be computed
 * while the next is read and the one before written.
 */
import { basename, extname } from "node:path";
import type { Done, Outcome } from "./batch-report";
import type { Compute } from "./compute";
import { EngineError, EXIT, exitOf, UsageError } from "./failure";
import { readBytes } from "./files";
import type { Job } from "./jobs";
import { checkSize, writeOut } from "./output";
import { type Begun, type Making, PictureMaker } from "./picture-maker";
import { Guard, Inputs } from "./replace";
import { isDone } from "./resume";
import type { First, Session } from "./session";
import { STANDARD } from "./sources";
import { readInput, writeOutput } from "./standard";
import { tryWriting } from "./write";

export interface EnlargerOptions {
  /** Files that this program did not make may be replaced, too. */
  readonly overwrite: boolean;
  readonly making: Making;
  readonly compute: Compute;
  /** Of what goes to standard output; files have their own. Default: ".png". */
  readonly ending?: string;
}

type Paths = Pick<Job, "from" | "to">;

export class Enlarger {
  private readonly guard: Guard;
  private maker: PictureMaker | undefined;
  private opening: Promise<Session> | undefined;
  private opened: Session | undefined;

  /** `inputs` are the paths of what is read, which is never written over. */
  constructor(
    private readonly options: EnlargerOptions,
    inputs: () => Iterable<string>,
    private readonly signal: AbortSignal,
  ) {
    this.guard = new Guard(new Inputs(() => [...inputs(), ...(this.maker?.reads ?? [])]), options.overwrite);
  }

  /** Reads the weights, the prior and the graph that are asked for. Throws an error that says what is wrong with one. */
  async load(): Promise<void> {
    this.maker ??= await PictureMaker.prepare(this.options.making, (first) => this.session(first), this.signal);
  }

  /** Reads and decodes a picture, and finds out whether its result can be written. Undefined where the result is there. */
  async prepare({ from, to }: Paths): Promise<Begun | undefined> {
    this.signal.throwIfAborted();
    await this.load();
    const piped = to === STANDARD;
    const bytes = from === STANDARD ? await readInput(this.signal) : await readBytes(from);
    const name = from === STANDARD ? "standard input" : basename(from);
    const ending = piped ? (this.options.ending ?? ".png") : extname(to).toLowerCase();
    const begun = await this.maker!.begin(bytes, name, to, ending);
    if (!piped) {
      if (await isDone(to, begun.recipe, this.guard)) return undefined;
      await tryWriting(to);
    }
    await checkSize(begun.out, begun.work);
    return this.maker!.ahead(begun);
  }

  /**
   * Computes a picture; `progress` is told 0 to 1, and the title of the node. What it resolves to encodes and writes it while
   * the next one is computed.
   */
  async enlarge(begun: Begun, progress: (fraction: number, stage: string) => void): Promise<() => Promise<Done>> {
    const start = performance.now();
    const { encode, width, height, warnings } = await this.maker!.make(begun, { signal: this.signal, onProgress: progress });
    return async () => {
      this.signal.throwIfAborted();
      const content = await encode();
      if (begun.out.file === STANDARD) await writeOutput(content);
      else await writeOut(begun.out, content, this.guard);
      return { kind: "done", width, height, ms: performance.now() - start, warnings };
    };
  }

  /** What a step rejected with, as it is said of the picture. */
  failed({ from }: Pick<Job, "from">, error: unknown): Outcome & { readonly kind: "failed" } {
    const exit = this.isLost ? EXIT.engine : exitOf(error);
    return { kind: "failed", message: said(from, (error as Error).message), exit };
  }

  /** Whether an error is of a kind that every other picture would meet too. */
  isInVain(error: unknown): boolean {
    return isOfFullDisk(error) || error instanceof UsageError || (error instanceof EngineError && !this.opened);
  }

  /** Whether the process that computes has ended, though nobody asked it to. */
  get isLost(): boolean {
    return this.opened?.isLost ?? false;
  }

  async close(): Promise<void> {
    const session = await this.opening?.catch(() => undefined);
    await session?.close();
  }

  private session(first?: First): Promise<Session> {
    const start = async () => (await import("./session")).Session.start(this.options.compute, first); // where there is something to do only
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
  if (from === STANDARD) return message;
  const name = basename(from);
  if (message.startsWith(`${name} `)) return from + message.slice(name.length);
  return message.startsWith(`"${from}"`) ? message : `${from}: ${message}`;
}
