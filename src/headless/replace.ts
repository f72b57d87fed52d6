/** What may be written over: what this program made, or what the user gives up; never what the command reads. */
import { type BigIntStats, realpathSync, statSync } from "node:fs";
import { lstat, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { OutputError } from "./failure";
import { fileError, readBytes } from "./files";

/** What a path leads to, the same for every name of it: a link, a hard link, another case. Undefined where nothing is there. */
export function identity(path: string): string | undefined {
  let found: BigIntStats | undefined;
  try {
    found = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (!found) return undefined;
    return found.ino > 0n ? `${found.dev}:${found.ino}` : realpathSync.native(path); // some file systems number nothing
  } catch {
    return undefined;
  }
}

/** The files that a command reads. They are looked at when the first existing file is about to be written over. */
export class Inputs {
  private known: Map<string, string> | undefined;

  constructor(private readonly paths: () => Iterable<string>) {}

  /** The path by which the command reads the file at `path`; undefined where it does not. */
  find(path: string): string | undefined {
    const id = identity(path);
    if (id === undefined) return undefined;
    if (!this.known) {
      this.known = new Map();
      for (const input of this.paths()) {
        const its = identity(input);
        if (its !== undefined && !this.known.has(its)) this.known.set(its, input);
      }
    }
    return this.known.get(id);
  }
}

/** Whether a file's content is of this program's making. */
export type IsOwn = (bytes: Uint8Array) => boolean | Promise<boolean>;

export class Guard {
  constructor(
    private readonly inputs: Inputs,
    /** Files of others may be replaced too: the user says so. */
    private readonly overwrite: boolean,
  ) {}

  /**
   * Whether something is at `path` that may be replaced; false where nothing is there. An empty file holds nothing to lose.
   * Throws an error where what is there must stay.
   */
  async check(path: string, isOwn: IsOwn): Promise<boolean> {
    try {
      await lstat(path);
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
      throw new OutputError(fileError(path, error).message, { cause: error });
    }
    const found = await stat(path).catch(() => undefined);
    if (!found) throw new OutputError(`"${path}" is a link that leads nowhere: name another file, or remove it`);
    const input = this.inputs.find(path);
    if (input !== undefined) {
      const other = resolve(input) === resolve(path) ? "" : ` "${input}" by another name, which`;
      throw new OutputError(`"${path}" is${other}${other ? " this command reads" : " read by this command"}: name another file`);
    }
    if (found.isFile() && found.size === 0) return true;
    const bytes = await readBytes(path).catch((error: Error) => {
      throw new OutputError(error.message, { cause: error }); // such as that it is no regular file
    });
    const own = await isOwn(bytes);
    if (own || this.overwrite) return true;
    throw new OutputError(`"${path}" exists and is not of this program's making: name another file, or give --overwrite`);
  }
}
