/** Files by path: read whole, written whole or not at all. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist: check its name",
  ENOTDIR: "lies in something that is not a folder: check its path",
  EACCES: "may not be opened: check its permissions",
  EPERM: "may not be opened: check its permissions",
  EROFS: "lies on a disk that cannot be written: choose another place",
  ENOSPC: "does not fit on the disk: make room, or choose another place",
  EISDIR: "is a folder: give a file",
  EEXIST: "is a file where a folder is needed: choose another place",
  ENAMETOOLONG: "has a name that is too long: choose a shorter one",
  ERR_FS_FILE_TOO_LARGE: "is larger than 2 GB: give a smaller file",
};

/** A file system error as a sentence that names the file. */
export function fileError(path: string, error: unknown): Error {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return new Error(`"${path}" ${REASONS[code] ?? `cannot be used (${(error as Error).message})`}`, { cause: error });
}

/** The bytes of a regular file: a pipe or a device could go on for ever. Throws a sentence that names it. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    if (!found.isFile()) throw new Error("it is no regular file");
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw fileError(path, error);
  }
}

/** Writes under a temporary name beside `path` and renames: nobody ever finds half a file. Makes the folder it is in. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID().slice(0, 8)}.part`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw fileError(path, error);
  }
}
