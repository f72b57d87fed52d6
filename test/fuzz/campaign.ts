/** A long run of the fuzzers: inputs are made here and read in another process, which is ended where one takes too much. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { kinds } from ".";
import type { Kind } from "./kind";
import { type Answer, OUT_OF_MEMORY, type Request } from "./protocol";

/** Of one input: milliseconds of the processor, and of the clock where nothing comes back at all. */
const MOST_MILLISECONDS = 2000;
const LONGEST_WAIT = 20_000;
/** By how much one input may make a new process grow, and how large it may be at any time. */
const MOST_BYTES = 2 ** 28;
const LARGEST_PROCESS = 2 ** 30;
/** Milliseconds spent on making a counterexample smaller. */
const LONGEST_SHRINKING = 60_000;

export interface Options {
  readonly runs: number;
  readonly seed: number;
  /** Names of kinds; none: all. */
  readonly only: readonly string[];
  /** The built reader.ts. */
  readonly reader: string;
  /** The folder for inputs that broke something. */
  readonly saveTo: string;
}

/** A process that reads inputs; a new one where the last was ended. */
class Reader {
  #process: ChildProcess | undefined;
  /** What the process held before its first input. */
  #start = 0;

  constructor(private readonly path: string) {}

  /** What the input took; `grown` is by how much the process has grown since its first input. */
  async read(request: Request): Promise<Answer & { readonly grown: number }> {
    const child = await this.#ready();
    child.send(request);
    const answer = await this.#next(child);
    return { ...answer, grown: answer.bytes - this.#start };
  }

  /** The process has ended, or was ended. */
  get ended(): boolean {
    return this.#process === undefined;
  }

  end(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }

  async #ready(): Promise<ChildProcess> {
    if (this.#process) return this.#process;
    const permission = process.allowedNodeEnvironmentFlags.has("--permission") ? "--permission" : "--experimental-permission";
    // no code from text, no file written, no program started: where an input could bring that about, it ends in an error
    const guards = [
      "--disallow-code-generation-from-strings",
      permission,
      "--allow-fs-read=*",
      "--allow-worker",
      "--allow-addons",
    ];
    this.#process = fork(this.path, [String(LARGEST_PROCESS)], {
      execArgv: ["--max-old-space-size=512", "--no-warnings", ...guards],
      serialization: "advanced",
      stdio: ["ignore", "inherit", "ignore", "ipc"], // what Node writes as it dies is long, and says no more than the input
    });
    const child = this.#process;
    const { broken, bytes } = await this.#next(child);
    if (broken !== undefined) throw new Error(`the process that reads inputs does not start: ${broken}`);
    this.#start = bytes;
    return child;
  }

  async #next(child: ChildProcess): Promise<Answer> {
    const stop = new AbortController();
    const { signal } = stop;
    const nothing = { milliseconds: 0, bytes: this.#start };
    const ended = (how: string): Answer => {
      this.end();
      return { ...nothing, broken: how };
    };
    const late = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LONGEST_WAIT);
      signal.addEventListener("abort", () => clearTimeout(timer));
    });
    try {
      return await Promise.race([
        once(child, "message", { signal }).then(([answer]) => answer as Answer),
        once(child, "exit", { signal }).then(([code, by]) =>
          ended(
            by === OUT_OF_MEMORY ? `the process held more than ${LARGEST_PROCESS} bytes` : `the process ended with ${by ?? code}`,
          ),
        ),
        late.then(() => ended(`nothing came back for ${LONGEST_WAIT} ms`)),
      ]);
    } finally {
      stop.abort();
    }
  }
}

/** What one kind's inputs have taken. */
interface Taken {
  inputs: number;
  read: number;
  milliseconds: number;
  grown: number;
}

/** Fuzzes the kinds one after another, prints what each took, and saves what broke. Returns how many kinds broke. */
export async function campaign({ runs, seed, only, reader: path, saveTo }: Options): Promise<number> {
  const unknown = only.find((name) => !kinds.some((kind) => kind.name === name));
  if (unknown) throw new Error(`there is no fuzzer "${unknown}": choose from ${kinds.map(({ name }) => name).join(", ")}`);
  const reader = new Reader(path);
  let broken = 0;
  try {
    for (const kind of kinds) if (only.length === 0 || only.includes(kind.name)) broken += (await fuzz(kind, reader)) ? 0 : 1;
  } finally {
    reader.end();
  }
  return broken;

  async function fuzz(kind: Kind, reader: Reader): Promise<boolean> {
    const taken: Taken = { inputs: 0, read: 0, milliseconds: 0, grown: 0 };
    const began = Date.now();
    let failed = 0;
    const property = fc.asyncProperty(kind.inputs, async (input) => {
      if (failed && Date.now() - failed > LONGEST_SHRINKING) return; // as small as it has become
      const wrong = await problem(kind, input, reader, taken);
      if (!wrong) return;
      failed ||= Date.now();
      throw new Error(wrong);
    });
    const { failed: didFail, counterexample, errorInstance, numShrinks } = await fc.check(property, { seed, numRuns: runs });
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    console.log(
      `${kind.name}: ${taken.inputs} inputs (seed ${seed}), ${taken.read} of them read, ${seconds} s; at most ${taken.milliseconds.toFixed(0)} ms for one, ${(taken.grown / 2 ** 20).toFixed(0)} MiB for all`,
    );
    if (!didFail) return true;
    const [input] = counterexample as [unknown];
    const file = join(saveTo, `${kind.name}-${seed}.${kind.ending}`);
    await mkdir(saveTo, { recursive: true });
    await writeFile(file, input instanceof Uint8Array || typeof input === "string" ? input : JSON.stringify(input, asHex, 2));
    console.log(
      `${kind.name} BROKE; the input, made smaller ${numShrinks} times, is in ${file}:\n${(errorInstance as Error).message}`,
    );
    return false;
  }
}

const asHex = (_: string, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value);

/** What is wrong with an input, if anything: it takes too much only where it does so in a process of its own as well. */
async function problem(kind: Kind, input: unknown, reader: Reader, taken: Taken): Promise<string | undefined> {
  const request = { kind: kind.name, input };
  let answer = await reader.read(request);
  if (tooMuch(answer) || reader.ended) {
    reader.end();
    answer = await reader.read(request);
    if (tooMuch(answer)) reader.end();
  }
  taken.inputs++;
  if (answer.read) taken.read++;
  taken.milliseconds = Math.max(taken.milliseconds, answer.milliseconds);
  taken.grown = Math.max(taken.grown, answer.grown);
  return answer.broken ?? tooMuch(answer);
}

const tooMuch = ({ milliseconds, grown }: { milliseconds: number; grown: number }): string | undefined =>
  milliseconds > MOST_MILLISECONDS
    ? `it took ${milliseconds.toFixed(0)} ms of the processor, more than ${MOST_MILLISECONDS}`
    : grown > MOST_BYTES
      ? `it made the process grow by ${grown} bytes, more than ${MOST_BYTES}`
      : undefined;
